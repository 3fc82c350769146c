import { ansi, fit, type Line, textOf } from "./cells.ts";

/** A whole screen. `cursor`: where the next letter goes, counted from 0; null = hidden. */
export interface Frame {
  rows: Line[];
  cursor: { row: number; column: number } | null;
}

export interface Size {
  columns: number;
  rows: number;
}

const HIDE = "\x1b[?25l";
const SHOW = "\x1b[?25h";

/** Turns frames into what the terminal must get: only the rows that changed. */
export class Painter {
  private shown: string[] = [];
  private cursor = "";

  constructor(private readonly isColoured: boolean) {}

  /** The terminal shows something else now: the next frame is drawn whole. */
  forget(): void {
    this.shown = [];
    this.cursor = "";
  }

  paint({ rows, cursor }: Frame, size: Size): string {
    let written = this.shown.length === 0 ? "\x1b[2J" : "";
    const next: string[] = [];
    for (let row = 0; row < size.rows; row += 1) {
      const line = ansi(fit(rows[row] ?? [], size.columns), this.isColoured);
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
