import { visible } from "../core/text.ts";

const CODES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, blue: 34, magenta: 35, cyan: 36 } as const;
export type Colour = keyof typeof CODES;

/** Only devices are asked: process.stdout takes 11 ms to load and node:fs 2 (Bun 1.4.4), and agents read through pipes. */
export const isTerminal = (await Bun.file(1).stat()).isCharacterDevice() && process.stdout.isTTY === true;

const isColoured = isTerminal && !process.env.NO_COLOR;

/** Coloured on a terminal, plain elsewhere. */
export const paint = (colour: Colour, text: string): string =>
  isColoured ? `\x1b[${CODES[colour]}m${text}\x1b[0m` : text;

/** Foreign text on one line, safe for a terminal. */
export const line = (text: string): string => visible(text).replace(/\n/g, " ⏎ ");

const widthOf = (text: string): number => Bun.stringWidth(text);

/** Cuts to a width in columns; wide letters count two. */
function fit(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let cut = "";
  for (const letter of text) {
    if (widthOf(cut + letter) > width - 1) break;
    cut += letter;
  }
  return `${cut}…`;
}

/** Columns as wide as their longest cell; the last one takes what is left of the terminal. */
export function table(rows: string[][], total = isTerminal ? process.stdout.columns : 100): string {
  const columns = rows[0]?.length ?? 0;
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => widthOf(row[column] ?? ""))),
  );
  const used = widths.slice(0, -1).reduce((sum, width) => sum + width + 2, 0);
  const last = Math.max(10, total - used);
  const pad = (cell: string, width: number) => cell + " ".repeat(Math.max(0, width - widthOf(cell)));
  const rendered = rows.map((row) =>
    row
      .map((cell, column) => (column === columns - 1 ? fit(cell, last) : pad(cell, widths[column] ?? 0)))
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
