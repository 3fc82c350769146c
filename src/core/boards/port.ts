import type { Millis } from "../ids.ts";
import type { TaskNumber } from "./ids.ts";
import type { StatusChange } from "./moves.ts";

/** A board's file as it stands: path in the repository, text, time of its last change. */
export interface BoardFile {
  path: string;
  text: string;
  updatedAt: Millis;
}

/** A file of one task's folder. */
export interface TaskFile extends BoardFile {
  number: TaskNumber;
}

/** A document of a file. `place` gives `3:5` for a path of keys such as `steps.2.status`, or where the file begins. */
export interface Document {
  value: unknown;
  place(keys: string): string;
}

/** A file that could not be read or parsed: `error` begins with its path and place. */
export interface BrokenFile {
  path: string;
  error: string;
}

/** One look at the boards of a repository. */
export interface BoardLook {
  por: BoardFile | null;
  sheets: TaskFile[];
  plans: (TaskFile & { document: Document })[];
  broken: BrokenFile[];
  /** scope.yaml; null = there is none. */
  scope: { value: unknown } | null;
  /** Every task folder, also one with nothing in it. */
  folders: { number: TaskNumber; name: string }[];
  /** Paths that change just now: what was read before stands for them. */
  unsettled: string[];
  /** The same as long as nothing in it changed. */
  version: string;
  /** Look again after so many milliseconds. */
  again?: number;
}

/** The boards of one repository. Texts of peers are never rewritten: status fields, scope and the portfolio's rows are all. */
export interface BoardFolder {
  look(): Promise<BoardLook>;
  /** Calls `wake` when something changed; stops with the signal. */
  watch(wake: () => void, signal: AbortSignal): void;
  /** Writes status fields of a plan; comments and everything else stay. */
  setStatuses(path: string, changes: StatusChange[]): Promise<void>;
  writeScope(text: string): Promise<void>;
  /** Makes a file that is not there yet; false = it was there, and was kept. */
  create(path: string, text: string): Promise<boolean>;
  /** Replaces a file by another text, if it still is as it was read; false = it changed meanwhile. */
  replace(path: string, before: string, after: string): Promise<boolean>;
}
