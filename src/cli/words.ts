import { Refusal } from "../core/refusal.ts";
import type { CommandSpec, Flag } from "./command.ts";

/** Flags of every command. */
export const COMMON: Record<string, Flag> = {
  json: { type: "boolean", help: "output for machines" },
  help: { type: "boolean", short: "h", help: "this text" },
};

/** Was this flag typed? What stands behind `--` is text. */
export const isGiven = (argv: string[], flag: string): boolean => {
  const end = argv.indexOf("--");
  return (end < 0 ? argv : argv.slice(0, end)).includes(flag);
};

const counted = (count: number): string => (count === 0 ? "no words" : count === 1 ? "1 word" : `${count} words`);

/** Refuses too few and too many words; a text of several words that is not in quotes is the usual reason. */
export function requireWords(command: CommandSpec, words: string[]): void {
  const [least, most] = command.takes ?? [0, 0];
  if (words.length >= least && words.length <= most) return;
  const takes = least === most ? counted(least) : `${least} to ${counted(most)}`;
  const quoting = words.length > most && most > 0 ? "a text of several words goes in quotes: " : "";
  throw new Refusal(
    "usage",
    `${command.name} takes ${takes}, not ${words.length}`,
    `${quoting}muster ${command.usage}`,
  );
}
