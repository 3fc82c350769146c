import { CONSOLE_COMMANDS, type ConsoleArgument, type ConsoleCommand } from "./console-line.ts";
import { isOpen, type State } from "./state.ts";

/** Ids that a command may take, by kind. */
export type Known = Record<Extract<ConsoleArgument, string>, string[]>;

const PREFIXES = ["a: ", "b: ", "both: ", "c: "];
const WORDS = [...Object.keys(CONSOLE_COMMANDS), "a", "b", "both"].map((name) => `/${name} `);

const startingWith = (words: readonly string[], start: string): string[] =>
  words.filter((word) => word.toLowerCase().startsWith(start.toLowerCase()) && word.trimEnd() !== start);

function argumentsOf(name: string, at: number, known: Known): readonly string[] {
  const command = Object.hasOwn(CONSOLE_COMMANDS, name)
    ? (CONSOLE_COMMANDS as Record<string, ConsoleCommand>)[name]
    : undefined;
  const taken = command?.takes[at];
  if (taken === undefined) return [];
  return typeof taken === "string" ? known[taken] : taken;
}

/** What may stand in the place of the last word before the cursor; `length` code units of it are replaced. */
export function completions(before: string, known: Known): { length: number; words: string[] } {
  const at = before.search(/\S*$/);
  const word = before.slice(at);
  const parts = before.slice(0, at).split(/\s/).filter(Boolean);
  const [first] = parts;
  if (first === undefined) {
    const words = startingWith(word.startsWith("/") ? WORDS : PREFIXES, word);
    return { length: word.length, words };
  }
  if (!first.startsWith("/")) return { length: 0, words: [] };
  const choices = argumentsOf(first.slice(1).toLowerCase(), parts.length - 1, known);
  return { length: word.length, words: startingWith(choices, word).map((choice) => `${choice} `) };
}

/** Ids of a team that are worth offering. */
export function knownOf(state: State | null, team: string, refs: string[]): Known {
  const members = state?.teams[team]?.seats ?? [];
  const asking = members.filter(({ agent }) => state?.agents[agent]?.question !== undefined);
  const messages = Object.values(state?.messages ?? {}).filter((message) => message.team === team && isOpen(message));
  const rfds = Object.values(state?.rfds ?? {}).filter((rfd) => rfd.team === team && !rfd.decided);
  const seats = members.map(({ seat }) => seat);
  return {
    asker: asking.map(({ seat }) => seat),
    message: messages.map(({ mid }) => mid).reverse(),
    any: [...seats, ...refs],
    task: Object.keys(state?.boards[team]?.tasks ?? {}),
    rfd: rfds.map(({ id }) => id),
  };
}
