/** Drawn in; monospaced, so that its columns can be counted. */
export const FONT = 'ui-monospace, "SF Mono", "JetBrains Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace';
/** Height of a line as a share of the font. */
export const LINE = 1.15;
/** Below this nobody reads; the pane is scrolled instead. Where several stand side by side, seeing all of each counts more. */
export const SMALLEST = { alone: 10, beside: 6 };
const LARGEST = 17;
/** Height of a line at font size 1. */
const HIGH = LINE * 1.17;

let share = 0;

/** Width of a letter as a share of the font's size. */
function letterWidth(): number {
  const brush = share > 0 ? null : document.createElement("canvas").getContext("2d");
  if (brush) {
    brush.font = `100px ${FONT}`;
    share = brush.measureText("M").width / 100;
  }
  return share || 0.6;
}

/** The largest font in which a pane of this size fits, within what can be read. */
export function fontFor(cols: number, rows: number, width: number, height: number, smallest = SMALLEST.alone): number {
  const wide = width / (cols * letterWidth());
  const high = height / (rows * HIGH);
  return Math.max(smallest, Math.min(LARGEST, Math.floor(Math.min(wide, high) * 4) / 4));
}

/** Can all of it be seen at once, in letters that can be read? */
export const fitsInto = (
  cols: number,
  rows: number,
  width: number,
  height: number,
  smallest = SMALLEST.alone,
): boolean => cols * letterWidth() * smallest <= width && rows * HIGH * smallest <= height;

/** Columns and rows that fit at a comfortable size. */
export const sizeFor = (width: number, height: number): { cols: number; rows: number } => ({
  cols: Math.max(20, Math.min(200, Math.floor(width / (12 * letterWidth())))),
  rows: Math.max(8, Math.min(100, Math.floor(height / (12 * HIGH)))),
});
