import { cells, letters, wrap } from "./cells.ts";

/** The input box: its text, the place of the cursor (in code units), and what long pastes stand for. */
export interface Composer {
  text: string;
  cursor: number;
  pastes: Record<string, string>;
}

export const EMPTY: Composer = { text: "", cursor: 0, pastes: {} };

/** Claude Code 2.1.328: more than this is not typed into the box but shown as one token. */
const PLAIN_LINES = 3;
const PLAIN_LETTERS = 800;

export function insert(box: Composer, text: string): Composer {
  return {
    ...box,
    text: box.text.slice(0, box.cursor) + text + box.text.slice(box.cursor),
    cursor: box.cursor + text.length,
  };
}

/** A bracketed paste: line ends become LF, a TAB four blanks, and a long one becomes a token. */
export function paste(box: Composer, raw: string): Composer {
  const text = raw
    .replace(/\r\n?/g, "\n")
    .replaceAll("\t", "    ")
    .replace(/[\x00-\x09\x0b-\x1f\x7f]/g, "");
  const lines = text.split("\n").length;
  if (lines <= PLAIN_LINES && text.length <= PLAIN_LETTERS) return insert(box, text);
  const token = `[Pasted text #${Object.keys(box.pastes).length + 1} +${lines - 1} lines]`;
  return insert({ ...box, pastes: { ...box.pastes, [token]: text } }, token);
}

/** What is sent: tokens become their text, marked as foreign the way Claude Code does it; blanks around are trimmed. */
export function submission(box: Composer): string {
  let text = box.text.trim();
  for (const [index, [token, pasted]] of Object.entries(box.pastes).entries()) {
    const id = String(index + 1).padStart(4, "0");
    text = text.replace(token, () => `\n\n<pasted_content id="${id}">\n${pasted}\n</pasted_content id="${id}">\n`);
  }
  return text;
}

export function backspace(box: Composer): Composer {
  const last = letters(box.text.slice(0, box.cursor)).at(-1) ?? "";
  const start = box.cursor - last.length;
  return { ...box, text: box.text.slice(0, start) + box.text.slice(box.cursor), cursor: start };
}

export function move(box: Composer, to: "left" | "right" | "home" | "end"): Composer {
  const before = box.text.slice(0, box.cursor);
  const after = box.text.slice(box.cursor);
  const cursors = {
    left: box.cursor - (letters(before).at(-1) ?? "").length,
    right: box.cursor + (letters(after)[0] ?? "").length,
    home: before.lastIndexOf("\n") + 1,
    end: after.includes("\n") ? box.cursor + after.indexOf("\n") : box.text.length,
  };
  return { ...box, cursor: cursors[to] };
}

export interface Row {
  text: string;
  /** Continues the row above without a line end between them. */
  isWrapped: boolean;
}

/** The text as rows of `width` cells, and where the cursor stands among them. */
export function layout(box: Composer, width: number): { rows: Row[]; cursor: { x: number; y: number } } {
  const rows: Row[] = [];
  let cursor = { x: 0, y: 0 };
  let start = 0;
  for (const line of box.text.split("\n")) {
    const end = start + line.length;
    if (box.cursor >= start && box.cursor <= end) {
      const before = wrap(line.slice(0, box.cursor - start), width);
      cursor = { x: Math.min(cells(before.at(-1) ?? ""), width), y: rows.length + before.length - 1 };
    }
    rows.push(...wrap(line, width).map((text, index) => ({ text, isWrapped: index > 0 })));
    start = end + 1;
  }
  return { rows, cursor };
}
