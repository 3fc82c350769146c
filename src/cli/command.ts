import type { Client } from "../client/client.ts";
import type { Home } from "../client/home.ts";
import { Refusal } from "../core/refusal.ts";

/** One flag of a command, in the form of node's parseArgs plus what help says about it. */
export interface Flag {
  type: "string" | "boolean";
  short?: string;
  multiple?: boolean;
  default?: string | boolean;
  /** Placeholder of the value, in help. */
  value?: string;
  help: string;
}

export interface CommandSpec {
  name: string;
  /** After `muster `, e.g. `send ID TEXT`. */
  usage: string;
  summary: string;
  examples: string[];
  flags: Record<string, Flag>;
  /** Least and most positional arguments; absent = none. */
  takes?: [least: number, most: number];
  run(call: Call): Promise<number>;
}

/** Every command, loaded only when it is called. */
export type CommandTable = Record<string, { summary: string; load: () => Promise<{ command: CommandSpec }> }>;

export type Values = Record<string, string | boolean | (string | boolean)[] | undefined>;

/** One call of a command: what was typed, and the ways to the world. */
export interface Call {
  words: string[];
  flags: Values;
  /** `--json`: machine-readable output. */
  isJson: boolean;
  home: Home;
  cwd: string;
  env: Record<string, string | undefined>;
  /** The daemon, started when it does not run. */
  daemon(): Promise<Client>;
  print(text: string): void;
  /** Bytes as they are. */
  write(bytes: Uint8Array): void;
  /** When the reader has taken all of it; whoever writes without end waits for it. Throws why it has not. */
  written(): Promise<void>;
  isTty: boolean;
  /** All there are, for a command that tells of the others. */
  commands: CommandTable;
}

export const text = (flags: Values, name: string): string | undefined => {
  const value = flags[name];
  return typeof value === "string" ? value : undefined;
};

/** The values of a flag that may be given several times. */
export function texts(flags: Values, name: string): string[] {
  const given = flags[name];
  return Array.isArray(given) ? given.map(String) : [];
}

export const isSet = (flags: Values, name: string): boolean => flags[name] === true;

/** A flag's whole number from 0 to `most`. */
export function count(flags: Values, name: string, most: number): number {
  const given = text(flags, name) ?? "";
  if (/^\d{1,15}$/.test(given) && Number(given) <= most) return Number(given);
  throw new Refusal("usage", `--${name} ${given} is not a count`, `a whole number from 0 to ${most}`);
}
