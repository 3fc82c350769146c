import { visible } from "../core/text.ts";

/** What a piece of a line means; the theme gives it a look. */
export type Style = "plain" | "dim" | "bold" | "good" | "bad" | "warn" | "peer-a" | "peer-b" | "accent" | "chosen";

export interface Span {
  text: string;
  style?: Style;
}

/** One row of the screen, not wider than it; spans hold no control characters. */
export type Line = readonly Span[];

/** The terminal's own palette: whoever chose a light or a dark one gets readable colours. */
const CODES: Record<Style, string> = {
  plain: "",
  dim: "2",
  bold: "1",
  good: "32",
  bad: "31",
  warn: "33",
  "peer-a": "36",
  "peer-b": "35",
  accent: "34",
  chosen: "7",
};
const COLOURLESS = new Set<Style>(["dim", "bold", "chosen"]);

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const isPlain = (text: string): boolean => /^[\x20-\x7e]*$/.test(text);

/** What a reader takes for one character, each as one string. */
export function clusters(text: string): string[] {
  return isPlain(text) ? [...text] : Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/** Columns of a text: the sum of its clusters', so that parts and whole never differ. */
export function widthOf(text: string): number {
  if (isPlain(text)) return text.length;
  let width = 0;
  for (const cluster of clusters(text)) width += Bun.stringWidth(cluster);
  return width;
}

export const lineWidth = (line: Line): number => line.reduce((sum, { text }) => sum + widthOf(text), 0);

/** Foreign text for one row: safe, with line ends and tabs as blanks. */
export const oneLine = (text: string): string => visible(text).replace(/[\n\t]+/g, " ");

/** The longest beginning of a text that fits, and its columns. */
function head(text: string, width: number): { text: string; width: number } {
  if (isPlain(text)) return { text: text.slice(0, width), width: Math.min(text.length, width) };
  let used = 0;
  let taken = "";
  for (const cluster of clusters(text)) {
    const more = Bun.stringWidth(cluster);
    if (used + more > width) break;
    used += more;
    taken += cluster;
  }
  return { text: taken, width: used };
}

/** Cuts a line to a width; what was cut is shown by `…`. */
export function fit(line: Line, width: number): Line {
  if (lineWidth(line) <= width) return line;
  if (width <= 0) return [];
  const kept: Span[] = [];
  let room = width - 1;
  for (const { text, style } of line) {
    const part = head(text, room);
    if (part.text !== "") kept.push({ text: part.text, style });
    room -= part.width;
    if (part.text !== text) break;
  }
  return [...kept, { text: "…", style: "dim" }];
}

export const pad = (text: string, width: number): string => text + " ".repeat(Math.max(0, width - widthOf(text)));

/** Rows as they fill up. */
class Rows {
  readonly done: string[] = [];
  private row = "";
  private used = 0;

  constructor(
    private room: number,
    private readonly others: number,
  ) {}

  add(word: string): void {
    const width = widthOf(word.trimEnd());
    // A word that no row can hold is broken where it stands.
    if (width > this.others && width > this.room - this.used) {
      this.break(word);
      return;
    }
    if (this.used > 0 && this.used + width > this.room) this.end();
    if (width > this.room) {
      this.break(word);
      return;
    }
    this.row += word;
    this.used += widthOf(word);
  }

  end(): void {
    this.done.push(this.row.trimEnd());
    this.room = this.others;
    this.row = "";
    this.used = 0;
  }

  private break(word: string): void {
    const parts = clusters(word);
    // A wide letter in one column fits nowhere.
    for (const part of parts.length > 1 ? parts : []) this.add(part);
  }
}

/** A text in rows: broken at blanks where there are some, else anywhere; never wider than its room. */
export function rowsOf(text: string, first: number, others = first): string[] {
  const rows = new Rows(Math.max(1, first), Math.max(1, others));
  for (const word of text.split(/(?<= )(?! )/)) rows.add(word);
  rows.end();
  return rows.done;
}

/** Terminals count these as we do; after any other the column is said anew. */
const AGREED =
  /^[\x20-\x7e\u00a0-\u02ff\u0370-\u03ff\u0400-\u04ff\u2010-\u2027\u203a\u2190-\u2193\u2500-\u257f\u258c\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3]*$/;

/** The text of a span with the column named after each cluster of which terminals think differently. */
function placed(text: string, column: number): string {
  if (AGREED.test(text)) return text;
  let at = column;
  let written = "";
  for (const cluster of clusters(text)) {
    at += Bun.stringWidth(cluster);
    written += AGREED.test(cluster) ? cluster : `${cluster}\x1b[${at + 1}G`;
  }
  return written;
}

/** What a terminal must get for a line that begins in its first column. */
export function ansi(line: Line, isColoured: boolean): string {
  let written = "";
  let column = 0;
  for (const { text, style = "plain" } of line) {
    const code = isColoured || COLOURLESS.has(style) ? CODES[style] : "";
    const body = placed(text, column);
    written += code === "" ? body : `\x1b[${code}m${body}\x1b[0m`;
    column += widthOf(text);
  }
  return written;
}

/** A line's text alone. */
export const textOf = (line: Line): string => line.map(({ text }) => text).join("");
