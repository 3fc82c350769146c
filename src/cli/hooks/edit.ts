import type { Child, Node } from "./scan.ts";

/** Text put in at a place; taking it out again gives the text before. */
export type Insertion = [at: number, text: string];

const BLANK_OR_COMMENT = /(?:[ \t]|\/\*[^\n]*?\*\/)*(?:\/\/[^\r\n]*)?/y;

const newlineOf = (text: string): string => (text.includes("\r\n") ? "\r\n" : "\n");

/** White space between the begin of a line and `at`; null = something else stands there. */
function indentAt(text: string, at: number): string | null {
  const line = text.slice(text.lastIndexOf("\n", at - 1) + 1, at);
  return /^[ \t]*$/.test(line) ? line : null;
}

const lineIndent = (text: string, at: number): string =>
  /^[ \t]*/.exec(text.slice(text.lastIndexOf("\n", at - 1) + 1))?.[0] ?? "";

/** One step of indentation as the file does it. */
function unitOf(text: string, root: Node): string {
  const [first] = root.children;
  const indent = first && text.slice(root.start, first.start).includes("\n") ? indentAt(text, first.start) : null;
  return indent || "  ";
}

/** Behind what is said about a child on its own line, so that a remark stays with what it is about. */
function lineEnd(text: string, from: number, limit: number): number {
  BLANK_OR_COMMENT.lastIndex = from;
  const length = BLANK_OR_COMMENT.exec(text)?.[0].length ?? 0;
  const end = from + text.slice(from, from + length).trimEnd().length;
  const next = text[from + length];
  return end < limit && (next === "\n" || next === "\r") ? end : from;
}

const named = (key: string | null, value: string, gap: string): string =>
  key === null ? value : `${JSON.stringify(key)}:${gap}${value}`;

function inline(text: string, container: Node, last: Child, key: string | null, value: unknown): Insertion[] {
  const gap = /[,:] /.test(text.slice(container.start, container.end)) ? " " : "";
  const item = named(key, JSON.stringify(value), gap);
  return last.comma === null ? [[last.end, `,${gap}${item}`]] : [[last.comma + 1, `${gap}${item},`]];
}

/** What puts a value at the end of an object or list, in the file's own manner. Later places come first. */
export function append(text: string, root: Node, container: Node, key: string | null, value: unknown): Insertion[] {
  const last = container.children.at(-1);
  const isOneLine = !text.slice(container.start, container.end).includes("\n");
  if (last && isOneLine) return inline(text, container, last, key, value);
  const newline = newlineOf(text);
  const unit = unitOf(text, root);
  const outer = lineIndent(text, container.start);
  const indent = (last && indentAt(text, last.start)) ?? outer + unit;
  const pretty = JSON.stringify(value, null, unit).replaceAll("\n", newline + indent);
  const item = newline + indent + named(key, pretty, " ");
  if (!last) return [[container.start + 1, isOneLine ? item + newline + outer : item]];
  const place = lineEnd(text, (last.comma ?? last.end - 1) + 1, container.end - 1);
  if (last.comma !== null) return [[place, `${item},`]];
  return place === last.end
    ? [[place, `,${item}`]]
    : [
        [place, item],
        [last.end, ","],
      ];
}

export function insert(text: string, insertions: readonly Insertion[]): string {
  return insertions.reduce((whole, [at, piece]) => whole.slice(0, at) + piece + whole.slice(at), text);
}

/** The text before these insertions; null = they are not all in it as they were made. */
export function takeOut(text: string, insertions: readonly Insertion[]): string | null {
  let whole = text;
  for (const [at, piece] of insertions.toReversed()) {
    if (whole.slice(at, at + piece.length) !== piece) return null;
    whole = whole.slice(0, at) + whole.slice(at + piece.length);
  }
  return whole;
}

/** The text without one child, the comma that belonged to it, and the white space before it. */
export function remove(text: string, container: Node, child: Child): string {
  const before = container.children[container.children.indexOf(child) - 1];
  const start = text.slice(0, child.start).trimEnd().length;
  const lead = text.slice(start, child.start);
  const end = child.comma === null ? child.end : child.comma + 1;
  // Between the child and its comma a remark may stand: it stays.
  const tail = child.comma === null ? "" : text.slice(child.end, child.comma).trim();
  const rest = text.slice(end);
  // Something follows on this line: it may not move into a remark at the end of the line before.
  const keeps = lead.includes("\n") && /^[ \t]*[^ \t\r\n]/.test(rest) ? lead : "";
  const cut = child.comma === null ? before?.comma : null;
  const head = typeof cut === "number" ? text.slice(0, cut) + text.slice(cut + 1, start) : text.slice(0, start);
  return head + keeps + tail + rest;
}
