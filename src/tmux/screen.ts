import type { Screen } from "../core/ports.ts";
import { preview } from "../core/text.ts";
import type { ForeignLines } from "./control-client.ts";
import type { Command } from "./octal.ts";
import { unread } from "./unread.ts";

/** Title last: it is the agent's text and may hold spaces. */
const FORMAT = "#{pane_height} #{pane_width} #{cursor_x} #{cursor_y} #{pane_dead} #{pane_tty} #{pane_title}";

export const screenCommands = (pane: string): Command[] => [
  ["display-message", "-p", "-t", pane, FORMAT],
  ["capture-pane", "-p", "-e", "-t", pane],
];

/** capture-pane answers exactly as many lines as the pane is high; the agent wrote every one of them. */
export const screenLines: ForeignLines = ([first]) => Number(first?.[0]?.split(" ", 1)[0] ?? 0) || 0;

/** The last lines of a pane with its scrollback: how many there are, then as many. */
export const historyCommands = (pane: string, lines: number): Command[] => [
  ["display-message", "-p", "-t", pane, "#{pane_height} #{history_size}"],
  ["capture-pane", "-p", "-S", `-${lines}`, "-t", pane],
];

/** As `screenLines`, with the part of the scrollback that was asked for. */
export const historyLines =
  (lines: number): ForeignLines =>
  ([first]) => {
    const [rows = 0, past = 0] = (first?.[0] ?? "").split(" ").map(Number);
    return rows + Math.min(past, lines) || 0;
  };

/** CSI, OSC and charset sequences as capture-pane writes them. */
const ESCAPES = /\u001b(?:\[[0-9;:?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[()][0-9A-Za-z])/g;
/** Between SO and SI letters are DEC line drawing (seen with `-e` in 3.3a). */
const DRAWN = /\u000e([^\u000f]*)\u000f?/g;
const LETTERS = "`afgijklmnopqrstuvwxyz{|}~";
const SHAPES = "◆▒°±␤┘┐┌└┼⎺⎻─⎼⎽├┤┴┬│≤≥π≠£·";

/** A captured line without escape sequences. */
export const plainLine = (line: string): string =>
  line
    .replace(ESCAPES, "")
    .replace(DRAWN, (_, drawn: string) =>
      drawn.replace(/[`a-~]/g, (letter) => SHAPES[LETTERS.indexOf(letter)] ?? letter),
    )
    .replace(/[\u0000-\u001f\u007f]/g, "")
    .trimEnd();

/** Puts the answers of `screenCommands` together. */
export function readScreen(answers: string[][]): Screen {
  const words = (answers[0]?.[0] ?? "").split(" ");
  const [rows, cols, x, y, dead, tty, ...title] = words;
  const ansi = (answers[1] ?? []).map((line) => line.trimEnd());
  return {
    ansi,
    plain: ansi.map(plainLine),
    cursor: { x: Number(x), y: Number(y) },
    title: preview(title.join(" "), 200),
    cols: Number(cols),
    rows: Number(rows),
    // The tty of a dead pane may already belong to another one (seen in 3.3a).
    unread: dead === "0" ? unread(tty ?? "") : null,
  };
}
