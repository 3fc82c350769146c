import type { Millis, TeamName } from "../ids.ts";
import type { Task } from "./boards-state.ts";
import type { PorSeen, SheetSeen } from "./facts.ts";
import type { Scope } from "./scope.ts";

/** A decision or a turn that was taken, with what shows it (P73). */
export interface Turn {
  /** As the board dates it, or the day it happened. */
  date: string;
  text: string;
  refs: string[];
  /** `POR` or `ledger`. */
  source: "POR" | "ledger";
}

/** The boards of a repository, for people and programs. */
export interface BoardsView {
  repo: string;
  /** Relative to the repository. */
  folder: string;
  /** The running team there, else null. */
  team: TeamName | null;
  por: PorSeen | null;
  sheets: SheetSeen[];
  tasks: Task[];
  /** What cannot be understood, each with its place. */
  errors: string[];
  scope: Scope | null;
  turns: Turn[];
  /** When it was looked at. */
  at: Millis;
}

/** A board as it is written, in markdown. */
export interface BoardText {
  /** Relative to the repository. */
  path: string;
  text: string;
  updatedAt: Millis;
}

/** What a board command did with a file. */
export interface BoardWritten {
  path: string;
  /** Lines that were filled or added. */
  changed: string[];
  /** What only a person or a peer may change. */
  todo: string[];
  isNew: boolean;
}

/** A new SUBPOR. */
export interface SheetOrder {
  repo: string;
  title: string;
  owner: string;
  slug?: string;
  timebox?: string;
  id?: string;
}

export interface SheetMade {
  id: string;
  path: string;
}
