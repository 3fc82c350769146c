import { CONSOLE_COMMANDS } from "../core/console-line.ts";

const KEYS: [string, string][] = [
  ["Enter", "send; Alt-Enter or Ctrl-J begins another line"],
  ["Tab Shift-Tab", "complete"],
  ["Up Down", "older and newer lines; Ctrl-R searches them"],
  ["Ctrl-A E W U K Y", "begin, end, cut a word, cut before, cut after, put back"],
  ["PgUp PgDn", "scroll"],
  ["Ctrl-T", "the timeline has the keys: j k move, g g and G jump, Enter opens, / finds, n N go on"],
  ["T", "the plan, where nothing is written: j k move, Enter opens"],
  ["Ctrl-V", "attach the image of the clipboard; a pasted path of one works, too"],
  ["Ctrl-L", "empty the view"],
  ["F1", "this page; Esc closes it"],
];

const WAYS: [string, string][] = [
  ["a: TEXT", "to PeerA"],
  ["b: TEXT", "to PeerB"],
  ["both: TEXT", "to both, as a text without a prefix"],
  ["a! TEXT", "keys into PeerA's own terminal, and Enter; b! for PeerB"],
  ["c: PROMPT", "to the helper"],
];

const table = (rows: [string, string][]): string[] => {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
};

/** The page of F1 and /help, by the one table of commands. */
export function helpLines(): string[] {
  const commands = Object.values(CONSOLE_COMMANDS).map(({ usage, help }): [string, string] => [usage, help]);
  return [
    "Speaking",
    ...table(WAYS),
    "",
    "Commands",
    ...table(commands),
    "",
    "Keys",
    ...table(KEYS),
    "",
    "/quit leaves this console. The team works on; muster run or muster attach comes back.",
  ];
}
