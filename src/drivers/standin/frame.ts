import { cells, wrap } from "./cells.ts";
import { type Composer, layout } from "./composer.ts";

/** A question that takes the keys until it is answered. */
export interface Dialog {
  tool: string;
  input: string;
  selected: 0 | 1;
}

/** All that the screen shows. */
export interface View {
  header: string;
  log: string[];
  /** What it is doing, while it is busy. */
  busy: string | null;
  queued: string[];
  composer: Composer;
  placeholder: string;
  dialog: Dialog | null;
  status: string;
}

export interface Frame {
  lines: string[];
  cursor: { x: number; y: number };
}

const dim = (text: string): string => `\x1b[2m${text}\x1b[0m`;

/** The right border stands at its column even where terminal and program disagree about a letter's width. */
const boxed = (text: string, cols: number): string => `│ ${text}\x1b[${cols}G│`;
const border = (left: string, title: string, right: string, cols: number): string =>
  `${left}${title}${"─".repeat(Math.max(0, cols - 2 - cells(title)))}${right}`;
const cut = (text: string, width: number): string => {
  const [first = "", ...more] = wrap(text.replaceAll("\n", " "), width - 1);
  return more.length === 0 ? first : `${first}…`;
};

/** First letters of a composer row; `read` of the driver knows the text again by them. */
export const ROW = { first: "> ", line: "· ", wrapped: "  ", hidden: "^ " } as const;

function composerLines(view: View, cols: number, most: number): Frame {
  const { rows, cursor } = layout(view.composer, cols - 6);
  const from = Math.max(0, Math.min(cursor.y, rows.length - most));
  const shown = rows.slice(from, from + most).map((row, index) => {
    const prefix = from + index === 0 ? ROW.first : index === 0 ? ROW.hidden : row.isWrapped ? ROW.wrapped : ROW.line;
    return boxed(prefix + row.text, cols);
  });
  if (view.composer.text === "") shown[0] = boxed(ROW.first + dim(cut(view.placeholder, cols - 6)), cols);
  return {
    lines: [border("╭", "", "╮", cols), ...shown, border("╰", "", "╯", cols)],
    cursor: { x: cursor.x + 4, y: cursor.y - from + 1 },
  };
}

function dialogLines(dialog: Dialog, cols: number): Frame {
  const option = (index: 0 | 1, text: string) =>
    boxed(`${dialog.selected === index ? "❯" : " "} ${index + 1}. ${text}`, cols);
  const body = [
    ...dialog.input
      .split("\n")
      .flatMap((line) => wrap(line, cols - 6))
      .slice(0, 6),
    "Do you want to proceed?",
  ];
  return {
    lines: [
      border("╭", `─ Permission: ${cut(dialog.tool, 30)} `, "╮", cols),
      ...body.map((line) => boxed(line, cols)),
      option(0, "Yes"),
      option(1, "No"),
      border("╰", "─ Enter to select · Esc to cancel ", "╯", cols),
    ],
    cursor: { x: 2, y: body.length + 1 + dialog.selected },
  };
}

/** The whole screen: header on top, box and status line fixed at the bottom, the newest lines of the log between. */
export function draw(view: View, cols: number, rows: number): Frame {
  const box = view.dialog ? dialogLines(view.dialog, cols) : composerLines(view, cols, Math.max(1, rows - 6));
  const above = [
    ...view.queued.slice(-2).map((text) => dim(cut(`  ⎿ Queued: ${text}`, cols))),
    ...(view.busy === null ? [] : [cut(`✻ ${view.busy} (esc to interrupt)`, cols)]),
  ];
  const below = [...above, ...box.lines, cut(view.status, cols)];
  const room = Math.max(0, rows - below.length - 1);
  const log =
    room === 0
      ? []
      : view.log
          .slice(-room)
          .flatMap((line) => wrap(line, cols))
          .slice(-room);
  const blank = Array.from({ length: Math.max(0, rows - 1 - log.length - below.length) }, () => "");
  const lines = [cut(view.header, cols), ...log, ...blank, ...below].slice(-rows);
  return { lines, cursor: { x: box.cursor.x, y: lines.length - 1 - box.lines.length + box.cursor.y } };
}

/** Bytes that turn the shown frame into the next one: only lines that changed are written. */
export function changes(shown: Frame | null, next: Frame): string {
  let out = "";
  for (const [y, line] of next.lines.entries()) {
    if (shown?.lines[y] !== line) out += `\x1b[${y + 1};1H\x1b[2K${line}`;
  }
  const isMoved = out !== "" || shown?.cursor.x !== next.cursor.x || shown.cursor.y !== next.cursor.y;
  return isMoved ? `\x1b[?25l${out}\x1b[${next.cursor.y + 1};${next.cursor.x + 1}H\x1b[?25h` : "";
}
