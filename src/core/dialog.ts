import type { AgentId, Millis } from "./ids.ts";

/** Keys that a person may press into a dialog without a terminal of their own. */
export const DIALOG_KEYS = [
  ...(["1", "2", "3", "4", "5", "6", "7", "8", "9"] as const),
  ...(["up", "down", "enter", "escape"] as const),
] as const;
export type DialogKey = (typeof DIALOG_KEYS)[number];

/** Has what an agent asks more answers than yes and no, or no hook that would carry one? Then only its screen says it. */
export const isSaidByScreen = (question: { tool: string } | undefined): boolean =>
  question === undefined || question.tool === "AskUserQuestion";

/** How a person answers what an agent asks: yes or no by its hook, one of several by a key into its dialog. */
export const answerWay = (agent: AgentId, question: { tool: string } | undefined): string =>
  isSaidByScreen(question)
    ? `muster answer ${agent} shows the choices, each with the command that presses its key`
    : `muster answer ${agent} allow, or deny`;

/** What a key does, as the dialog itself says it. */
export interface Choice {
  key: DialogKey;
  label: string;
}

/** A dialog of a CLI as it stands on its screen. */
export interface Dialog {
  agent: AgentId;
  /** Names this state of the screen: a key is pressed only while it still looks like this. */
  screen: string;
  lines: string[];
  choices: Choice[];
  /** Until when a key is taken for it. */
  until: Millis;
}

/** What became of a key. `isTaken`: the screen is another one since. */
export interface Pressed {
  agent: AgentId;
  label: string;
  isTaken: boolean;
}

/** Rows from the end of a screen that belong to what is looked at. */
const ROWS = 24;
const NUMBERED = /^[\s│┃|]*[❯›>●]?\s*([1-9])[.)]\s+(\S.*?)[\s│┃|]*$/u;
const POINTED = /^[\s│┃|]*[❯›]/u;
const EDGE = /^\s*[╭┌]?[─━]{10,}/u;
const STEERING: Choice[] = [
  { key: "up", label: "Up" },
  { key: "down", label: "Down" },
  { key: "enter", label: "Enter" },
  { key: "escape", label: "Escape" },
];

/** The last list of a screen that counts from one; a list further up belongs to what the agent said before. */
function numbered(lines: string[]): Choice[] {
  let choices: Choice[] = [];
  for (const line of lines) {
    const [, key, label = ""] = NUMBERED.exec(line) ?? [];
    if (key === "1") choices = [];
    if (key !== undefined && Number(key) === choices.length + 1) choices.push({ key: key as DialogKey, label });
  }
  return choices;
}

/** Rows below the line over the last choice: what is above may move while the dialog stands (Claude Code's logo does). */
function dialogRows(rows: string[]): string[] {
  const chosen = rows.findLastIndex((row) => NUMBERED.exec(row)?.[1] === "1" || POINTED.test(row));
  const top = rows.slice(0, Math.max(0, chosen)).findLastIndex((row) => EDGE.test(row));
  return rows.slice(top + 1);
}

/** What stands on the screen of a CLI whose dialog is open; a digit chooses its line at once (Claude Code 2.1.328). */
export function readDialog(plain: string[]): Pick<Dialog, "lines" | "choices"> {
  const lines = dialogRows(plain.filter((line) => line.trim() !== "").slice(-ROWS));
  return { lines, choices: [...numbered(lines), ...STEERING] };
}
