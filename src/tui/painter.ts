import { ansi, fit, type Line, oneLine, textOf } from "./cells.ts";

/** A whole screen. `cursor`: where the next letter goes, counted from 0; null = hidden. */
export interface Frame {
  rows: Line[];
  cursor: { row: number; column: number } | null;
}

export interface Size {
  columns: number;
  rows: number;
}

/** Signs of our own as letters of ASCII, for a terminal that has no others. */
const ASCII: Record<string, string> = {
  ...{ "─": "-", "│": "|", "…": "~", "›": ">", "→": ">", "▌": "|", "·": "-" },
};

const CONTROLS = /[\u0000-\u001f\u007f-\u009f]/;

/** The last barrier: whatever stands in a frame, no control character leaves from here but our own. */
const safe = (line: Line): Line =>
  line.some(({ text }) => CONTROLS.test(text)) ? line.map((span) => ({ ...span, text: oneLine(span.text) })) : line;

const HIDE = "\x1b[?25l";
const SHOW = "\x1b[?25h";

/** Turns frames into what the terminal must get: only the rows that changed. */
export class Painter {
  private shown: string[] = [];
  private cursor = "";

  constructor(
    private readonly isColoured: boolean,
    private readonly isUnicode = true,
  ) {}

  /** The terminal shows something else now: the next frame is drawn whole. */
  forget(): void {
    this.shown = [];
    this.cursor = "";
  }

  paint({ rows, cursor }: Frame, size: Size): string {
    let written = this.shown.length === 0 ? "\x1b[2J" : "";
    const next: string[] = [];
    for (let row = 0; row < size.rows; row += 1) {
      const drawn = ansi(fit(safe(rows[row] ?? []), size.columns), this.isColoured);
      const line = this.isUnicode ? drawn : drawn.replace(/[─│…›→▌·]/g, (sign) => ASCII[sign] ?? sign);
      next.push(line);
      if (this.shown[row] !== line) written += `\x1b[${row + 1};1H\x1b[2K${line}`;
    }
    this.shown = next;
    const place = cursor ? `\x1b[${cursor.row + 1};${Math.min(cursor.column, size.columns - 1) + 1}H${SHOW}` : HIDE;
    if (written === "" && place === this.cursor) return "";
    this.cursor = place;
    // Hidden while it jumps about.
    return written === "" ? place : HIDE + written + place;
  }
}

/** A frame's text, row by row. */
export const frameText = ({ rows }: Frame): string => rows.map((row) => textOf(row).trimEnd()).join("\n");
