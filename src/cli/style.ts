import { visible } from "../core/text.ts";

const CODES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, blue: 34, magenta: 35, cyan: 36 } as const;
export type Colour = keyof typeof CODES;

/** Only devices are asked: process.stdout takes 11 ms to load and node:fs 2 (Bun 1.4.4), and agents read through pipes. */
export const isTerminal = (await Bun.file(1).stat()).isCharacterDevice() && process.stdout.isTTY === true;

const isColoured = isTerminal && !process.env.NO_COLOR;

/** Coloured on a terminal, plain elsewhere. */
export const paint = (colour: Colour, text: string): string =>
  isColoured ? `\x1b[${CODES[colour]}m${text}\x1b[0m` : text;

const locale = process.env.LC_ALL || process.env.LC_CTYPE || process.env.LANG || "";

/** Signs of our own: letters of ASCII where nobody looks, or where the terminal has no others. */
const SIGNS =
  isTerminal && /utf-?8/i.test(locale)
    ? { arrow: "→", cut: "…", newline: " ⏎ ", dot: "·" }
    : { arrow: "->", cut: "~", newline: " \\n ", dot: "-" };
export const { arrow, dot } = SIGNS;

/** Foreign text on one line, safe for a terminal. */
export const line = (text: string): string => visible(text).replace(/\n/g, SIGNS.newline);

const widthOf = (text: string): number => Bun.stringWidth(text);

export const padded = (text: string, width: number): string => text + " ".repeat(Math.max(0, width - widthOf(text)));

/** Cuts to a width in columns; wide letters count two. */
export function fit(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let cut = "";
  for (const letter of text) {
    if (widthOf(cut + letter) > width - 1) break;
    cut += letter;
  }
  return `${cut}${SIGNS.cut}`;
}

/** Columns of the terminal; a pipe has no width, and nothing is wrapped for it. */
export const columns = (): number => (isTerminal ? process.stdout.columns || 80 : Number.POSITIVE_INFINITY);

/** How many of these letters make a line of at most `width` columns: up to a space when there is one, else as many as fit. */
function lineOf(letters: string[], width: number): number {
  let used = 0;
  let space = 0;
  for (const [at, letter] of letters.entries()) {
    used += widthOf(letter);
    if (used > width && letter !== " ") return space || Math.max(1, at);
    if (letter === " ") space = at + 1;
  }
  return letters.length;
}

/**
 * A text in lines of the terminal's width. Its first line begins in column `before`, further ones in column `hanging`: under
 * the text, not under what stands before it.
 */
export function wrapped(text: string, before = 0, hanging = before, total = columns()): string {
  const lines: string[] = [];
  for (let rest = [...text]; rest.length > 0; ) {
    const width = Math.max(16, total - (lines.length === 0 ? before : hanging));
    const end = widthOf(rest.join("")) <= width ? rest.length : lineOf(rest, width);
    lines.push(rest.slice(0, end).join("").trimEnd());
    rest = rest.slice(end);
  }
  return lines.join(`\n${" ".repeat(hanging)}`);
}

/** Columns as wide as their longest cell; the last one takes what is left of the terminal. */
export function table(rows: string[][], total = columns()): string {
  const columns = rows[0]?.length ?? 0;
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => widthOf(row[column] ?? ""))),
  );
  const used = widths.slice(0, -1).reduce((sum, width) => sum + width + 2, 0);
  const last = Math.max(10, total - used);
  const rendered = rows.map((row) =>
    row
      .map((cell, column) => (column === columns - 1 ? fit(cell, last) : padded(cell, widths[column] ?? 0)))
      .join("  ")
      .trimEnd(),
  );
  return rendered.join("\n");
}

/** `3s`, `4m 10s`, `2h 5m`. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m ${seconds % 60}s`;
  return `${Math.floor(seconds / 3600)}h ${Math.floor((seconds % 3600) / 60)}m`;
}

/** `15:04`, in the zone of the machine. */
export const clockTime = (at: number): string => new Date(at).toTimeString().slice(0, 5);
