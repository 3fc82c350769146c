import { meaningOf } from "../core/console-meaning.ts";
import type { Millis } from "../core/ids.ts";
import { cardLines, cardsOf } from "./cards.ts";
import { clusters, fit, type Line, rowsOf, type Span, widthOf } from "./cells.ts";
import type { Editor } from "./editor.ts";
import { clockTime } from "./entry.ts";
import type { Frame, Size } from "./painter.ts";
import { planLines } from "./plan.ts";
import { ruleLine, statusLines } from "./status-block.ts";
import type { View } from "./view.ts";

const PROMPT = "› ";
/** With fewer columns there is no room for a prompt. */
const TINY = 16;
/** Rows that the line being written may take, and a hint. */
const INPUT_MOST = 6;
const HINT_MOST = 3;

/** Rows of the status lines, by the rows of the screen. */
const statusRows = (rows: number): number => (rows >= 30 ? 5 : rows >= 15 ? 4 : rows >= 12 ? 3 : 1);

interface Input {
  lines: Line[];
  cursor: { row: number; column: number };
}

/** The written text in rows as wide as there is room, and where the cursor is in them. */
function inputOf(editor: Editor, prompt: string, { columns, rows }: Size): Input {
  const room = Math.max(2, columns - widthOf(prompt));
  const most = Math.max(1, Math.min(INPUT_MOST, Math.floor(rows / 3)));
  const shown: string[] = [""];
  let used = 0;
  let cursor = { row: 0, column: 0 };
  const end = () => {
    shown.push("");
    used = 0;
  };
  const cells = clusters(editor.text);
  const before = clusters(editor.before).length;
  for (const [index, cell] of [...cells, ""].entries()) {
    const width = widthOf(cell);
    // The cursor needs a place of its own behind the last letter.
    if (used + Math.max(width, 1) > room) end();
    if (index === before) cursor = { row: shown.length - 1, column: used };
    if (cell === "\n") end();
    else shown[shown.length - 1] += cell;
    used += cell === "\n" ? 0 : width;
  }
  const top = Math.max(0, Math.min(cursor.row - most + 1, shown.length - most), cursor.row - most + 1);
  const indent = " ".repeat(widthOf(prompt));
  const lines = shown.slice(top, top + most).map((text, index): Line => {
    const isFirst = top + index === 0;
    return [{ text: isFirst ? prompt : indent, style: "accent" }, { text }];
  });
  return { lines, cursor: { row: cursor.row - top, column: widthOf(prompt) + cursor.column } };
}

const KEYS: Record<View["mode"]["kind"], string> = {
  input: "Tab completes · Ctrl-T timeline · T plan · F1 help",
  timeline: "j k move · g g G jump · Enter opens · / finds · n N go on · Esc back",
  find: "Enter finds older · Esc back",
  recall: "Ctrl-R older · Enter takes it · Esc back",
  page: "j k PgUp PgDn scroll · Esc closes",
  plan: "j k move · Enter opens · T or Esc closes",
};

/** What is said above the input: all of it, where there is room; the keys on one row. */
function hintLines({ hint, mode, editor, setting }: View, { columns, rows }: Size): Line[] {
  const meaning = mode.kind === "input" ? meaningOf(editor.text, setting) : null;
  const said = hint ?? meaning;
  if (!said) return [fit([{ text: KEYS[mode.kind], style: "dim" }], columns)];
  const lines = rowsOf(said.text, columns).map((text): Line => [{ text, style: said.style }]);
  return lines.slice(0, rows >= 12 ? HINT_MOST : 1);
}

/** What has the keys at the bottom: the line itself, a search, or nothing to write. */
function writtenIn({ mode, editor }: View, { columns }: Size): { editor: Editor; prompt: string; isWriting: boolean } {
  const isSearch = mode.kind === "find" || mode.kind === "recall";
  if (isSearch) return { editor: mode.words, prompt: columns < TINY ? "" : `${mode.kind}: `, isWriting: true };
  return { editor, prompt: columns < TINY ? "" : PROMPT, isWriting: mode.kind === "input" || mode.kind === "plan" };
}

function ruleOf({ name, staleSince, state, timeline, team }: View, width: number): Line {
  const kind = team ? (team.topology === "solo" ? " solo" : " pair") : "";
  const words: Span[] = [
    { text: name, style: "bold" },
    { text: kind, style: "dim" },
  ];
  const where = timeline.isAtEnd ? "" : "older; Esc shows the newest";
  const end: Span =
    staleSince !== null
      ? { text: `stale since ${clockTime(staleSince)}`, style: "warn" }
      : state
        ? { text: where || "live", style: where ? "warn" : "dim" }
        : { text: "connecting", style: "dim" };
  return ruleLine(words, [end], width);
}

const filled = (lines: Line[], rows: number): Line[] => [
  ...lines,
  ...Array.from({ length: Math.max(0, rows - lines.length) }, (): Line => []),
];

/** The upper part: a page, or the timeline with what waits for a person below it. */
function upper(view: View, width: number, rows: number): Line[] {
  const { mode, state, team, timeline } = view;
  if (mode.kind === "page") {
    const title: Line = [{ text: mode.page.title, style: "accent" }];
    return filled([fit(title, width), ...mode.page.rows(width, Math.max(0, rows - 1))], rows);
  }
  if (mode.kind === "plan") return filled(planLines(state?.boards[view.name], width, rows, mode), rows);
  const cards = state && team ? cardLines(cardsOf(state, team, width), width, Math.floor(rows * 0.6)) : [];
  const room = rows - cards.length;
  const lines = timeline.rows(width, room);
  return [...Array.from({ length: room - lines.length }, (): Line => []), ...lines, ...cards];
}

/** The whole screen. */
export function frameOf(view: View, size: Size, now: Millis): Frame {
  const { columns: width, rows } = size;
  const { editor, prompt, isWriting } = writtenIn(view, size);
  const input = inputOf(editor, prompt, size);
  const status = view.state ? statusLines(view.state, view.name, now, width, statusRows(rows)) : [];
  const below: Line[] = [ruleOf(view, width), ...status, ...hintLines(view, size), ...input.lines];
  const room = Math.max(0, rows - below.length);
  const all = [...upper(view, width, room), ...below].slice(-rows);
  const cursor = isWriting
    ? { row: Math.max(0, all.length - input.lines.length + input.cursor.row), column: input.cursor.column }
    : null;
  return { rows: all.map((line) => fit(line, width)), cursor };
}
