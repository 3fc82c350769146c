import { Terminal } from "@xterm/xterm";

/** Programs are drawn for dark terminals; this one stays dark in both themes. */
const COLOURS = {
  background: "#0b0d11",
  foreground: "#d9dee5",
  cursor: "#5aa9ff",
  cursorAccent: "#0b0d11",
  selectionBackground: "#2b4a6f",
  black: "#1b2028",
  red: "#ef6b6b",
  green: "#5fc088",
  yellow: "#e5b454",
  blue: "#5aa9ff",
  magenta: "#b790f0",
  cyan: "#56c2cf",
  white: "#d9dee5",
  brightBlack: "#6f7a89",
  brightRed: "#ff8a8a",
  brightGreen: "#7ddba4",
  brightYellow: "#f5cb76",
  brightBlue: "#85c1ff",
  brightMagenta: "#cdb0fa",
  brightCyan: "#7fdbe6",
  brightWhite: "#ffffff",
};
const FONT = 'ui-monospace, "SF Mono", "JetBrains Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace';
const LINE = 1.15;
/** Below this nobody reads; the pane is scrolled instead. */
const SMALLEST = 10;
const LARGEST = 17;
/** Height of a line at font size 1. */
const HIGH = LINE * 1.17;

/** Only http(s), after a person saw where it leads (security S31). */
const links = {
  activate: (_: MouseEvent, address: string) => {
    if (!/^https?:\/\//i.test(address)) return;
    if (confirm(`Open this address?\n\n${address}`)) window.open(address, "_blank", "noopener,noreferrer");
  },
};

export const createScreen = (): Terminal =>
  new Terminal({
    fontFamily: FONT,
    fontSize: 12,
    lineHeight: LINE,
    theme: COLOURS,
    scrollback: 5000,
    cursorBlink: false,
    linkHandler: links,
    // The page's own keys are none; everything typed here goes to the program.
    macOptionIsMeta: true,
  });

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
export function fontFor(cols: number, rows: number, width: number, height: number): number {
  const wide = width / (cols * letterWidth());
  const high = height / (rows * HIGH);
  return Math.max(SMALLEST, Math.min(LARGEST, Math.floor(Math.min(wide, high) * 4) / 4));
}

/** Can all of it be seen at once, in letters that can be read? */
export const fitsInto = (cols: number, rows: number, width: number, height: number): boolean =>
  cols * letterWidth() * SMALLEST <= width && rows * HIGH * SMALLEST <= height;

/** Columns and rows that fit at a comfortable size. */
export const sizeFor = (width: number, height: number): { cols: number; rows: number } => ({
  cols: Math.max(20, Math.min(200, Math.floor(width / (12 * letterWidth())))),
  rows: Math.max(8, Math.min(100, Math.floor(height / (12 * HIGH)))),
});
