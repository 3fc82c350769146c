import { folderNumber, taskNumber } from "./ids.ts";
import { fenced, isNamed } from "./markdown.ts";
import { PORTFOLIO_COLUMNS, PORTFOLIO_HEAD, portfolioRow } from "./templates.ts";

/** A sheet as the portfolio lists it. `path` is relative to the board. */
export interface Listed {
  number: number;
  id: string;
  title: string;
  owner: string;
  stage: string;
  latest: string;
  path: string;
  /** Ended sheets need no row. */
  isOpen: boolean;
}

interface Row {
  at: number;
  number: number | null;
  cells: string[];
}

interface Table {
  /** Line of the section's heading. */
  heading: number;
  /** First line behind the section. */
  end: number;
  /** Line of the columns' names; -1 = there is no table yet. */
  head: number;
  rows: Row[];
}

const HEALTH = "Portfolio Health";

const cellsOf = (line: string): string[] =>
  line
    .trim()
    .replace(/^\||\|$/g, "")
    .split("|")
    .map((cell) => cell.trim());

const isRule = (line: string): boolean => /^\s*\|?[\s:|-]+\|?\s*$/.test(line) && line.includes("-");
const isRow = (line: string): boolean => /^\s*\|.*\|\s*$/.test(line);

/** The number that a row is about, by its id or by where it points. */
function numberOf([id = "", ...others]: string[]): number | null {
  const folder = /(T\d{3,6}-[A-Za-z0-9._-]+)/.exec(others.at(-1) ?? "")?.[1];
  return taskNumber(id) ?? (folder === undefined ? null : folderNumber(folder));
}

function tableIn(lines: string[]): Table | null {
  const inside = fenced(lines);
  const isHeading = (at: number) => !inside[at] && /^#{1,6}\s/.test(lines[at] ?? "");
  const heading = lines.findIndex((line, at) => isHeading(at) && isNamed(line.replace(/^#+\s+/, ""), HEALTH));
  if (heading < 0) return null;
  const next = lines.findIndex((_, at) => at > heading && isHeading(at));
  const end = next < 0 ? lines.length : next;
  const rows: Row[] = [];
  for (let at = heading + 1; at < end; at += 1) {
    const line = lines[at] ?? "";
    if (inside[at] || !isRow(line) || isRule(line)) continue;
    const cells = cellsOf(line);
    rows.push({ at, number: numberOf(cells), cells });
  }
  const [first, ...others] = rows;
  return first && /^id$/i.test(first.cells[0] ?? "")
    ? { heading, end, head: first.at, rows: others }
    : { heading, end, head: -1, rows };
}

/** What is wrong between the board's portfolio and the sheets: dead links, rows that miss or are not needed any more. */
export function linkProblems(board: string, sheets: Listed[]): string[] {
  const table = tableIn(board.split(/\r?\n/));
  if (!table) return [];
  const sheetOf = (number: number | null) => sheets.find((sheet) => sheet.number === number);
  const listed = new Set(table.rows.map(({ number }) => number));
  return [
    ...table.rows
      .filter(({ number }) => !sheetOf(number))
      .map(({ cells }) => `portfolio: ${cells[0] || "a row without id"} has no SUBPOR (dead link)`),
    ...table.rows.flatMap(({ number }) => {
      const sheet = sheetOf(number);
      return sheet && !sheet.isOpen ? [`portfolio: ${sheet.id} is ${sheet.stage}; its row can go`] : [];
    }),
    ...sheets
      .filter((sheet) => sheet.isOpen && !listed.has(sheet.number))
      .map((sheet) => `portfolio: no row for ${sheet.id} ${sheet.title}`),
  ];
}

/** A cell of a table cannot hold its own separator. */
const cell = (text: string): string => text.replace(/\s+/g, " ").replaceAll("|", "/").trim();

const cellsFor = ({ id, title, owner, stage, latest, path }: Listed): string[] =>
  [id, title, owner, stage, latest, path].map(cell);

/** Columns that follow from the sheet's own first line; the others are a peer's words and are filled only when empty. */
const DERIVED = ["Owner", "Stage", "SUBPOR"];

function updated(row: Row, sheet: Listed): string[] {
  const wanted = cellsFor(sheet);
  return row.cells.map((given, index) => {
    const isOurs = DERIVED.includes(PORTFOLIO_COLUMNS[index] ?? "");
    return given === "" || isOurs ? (wanted[index] ?? given) : given;
  });
}

/** What `sync` made of a board: its text, and what only a peer may change. */
export interface Synced {
  text: string;
  /** Lines that were filled or added, as they stand now. */
  changed: string[];
  /** What to change by hand; nobody's words are rewritten. */
  todo: string[];
}

/** Why the table cannot be written without touching somebody's words; null = it can. */
function obstacle(table: Table): string | null {
  const { rows, head } = table;
  if (head < 0 && rows.length > 0) return `its table has no head; begin it with ${PORTFOLIO_HEAD[0]}`;
  const odd = rows.find(({ cells }) => cells.length !== PORTFOLIO_COLUMNS.length);
  if (odd) return `line ${odd.at + 1} has ${odd.cells.length} cells; ${PORTFOLIO_COLUMNS.length} are needed`;
  const [twice] = rows.filter(({ number }, at) => rows.findIndex((row) => row.number === number) !== at && number);
  return twice ? `line ${twice.at + 1}: ${twice.cells[0]} has a row already` : null;
}

const sameHead = (line: string): boolean => {
  const names = cellsOf(line).map((name) => name.toLowerCase());
  return PORTFOLIO_COLUMNS.every((name, index) => names[index] === name.toLowerCase());
};

/** The board with its portfolio filled in from the sheets; every other line stays byte for byte. */
export function syncPortfolio(board: string, sheets: Listed[]): Synced {
  const lines = board.split("\n");
  const isCrlf = lines[0]?.endsWith("\r") === true;
  const table = tableIn(lines.map((line) => line.replace(/\r$/, "")));
  const nothing = (todo: string[]): Synced => ({ text: board, changed: [], todo });
  if (!table) return nothing([`add the heading ## ${HEALTH} (in-progress / at-risk only)`]);
  const isKnown = table.head < 0 || sameHead(lines[table.head] ?? "");
  const why = isKnown ? obstacle(table) : `its columns are not ${PORTFOLIO_COLUMNS.join(", ")}`;
  if (why) return nothing([`${HEALTH}: ${why}`]);
  const changed: string[] = [];
  const write = (cells: string[]): string => {
    changed.push(portfolioRow(cells));
    return `${portfolioRow(cells)}${isCrlf ? "\r" : ""}`;
  };
  for (const row of table.rows) {
    const sheet = sheets.find(({ number }) => number === row.number);
    const cells = sheet?.isOpen ? updated(row, sheet) : row.cells;
    if (cells.some((text, index) => text !== row.cells[index])) lines[row.at] = write(cells);
  }
  const missing = sheets.filter(({ isOpen, number }) => isOpen && !table.rows.some((row) => row.number === number));
  const added = missing.map((sheet) => write(cellsFor(sheet)));
  if (added.length > 0) insert(lines, table, added, isCrlf ? "\r" : "");
  const text = lines.join("\n");
  return { text, changed, todo: linkProblems(text, sheets) };
}

/** New rows go behind the last one; a section without a table gets one behind its last line. */
function insert(lines: string[], table: Table, added: string[], ending: string): void {
  const last = table.rows.at(-1)?.at ?? ruleBehind(lines, table.head);
  if (last >= 0) {
    lines.splice(last + 1, 0, ...added);
    return;
  }
  let at = table.end;
  while (lines[at - 1]?.trim() === "") at -= 1;
  const head = PORTFOLIO_HEAD.map((line) => line + ending);
  lines.splice(at, 0, ...head, ...added);
  if (at === lines.length - head.length - added.length) lines.push("");
}

const ruleBehind = (lines: string[], head: number): number =>
  head >= 0 && isRule(lines[head + 1] ?? "") ? head + 1 : head;
