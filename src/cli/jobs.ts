import { isSaidByScreen } from "../core/dialog.ts";
import type { Permission } from "../core/facts.ts";
import type { JobRow } from "../core/job-row.ts";
import type { JobState } from "../core/job-state.ts";
import { toolInput } from "../core/tool-input.ts";
import { type CommandSpec, count, isSet } from "./command.ts";
import { type Colour, clockTime, columns, duration, line, paint, table } from "./style.ts";

const COLOURS: Record<JobState, Colour> = {
  running: "blue",
  starting: "cyan",
  pending: "yellow",
  needs_user: "yellow",
  limited: "yellow",
  idle: "green",
  completed: "green",
  failed: "red",
  lost: "red",
};

/** A state in people's words, the same as on the page. */
const WORDS: Partial<Record<JobState, string>> = { needs_user: "needs you", completed: "done" };

export const stateWord = (state: JobState): string => WORDS[state] ?? state;

export const paintState = (state: JobState): string => paint(COLOURS[state], stateWord(state));

/** A permission level; full access is red wherever it is shown (P18). */
export const paintLevel = (level: Permission): string => (level === "danger-full-access" ? paint("red", level) : level);

/** A driver, and what must not be overlooked about it. */
const driverCell = ({ driver, permission }: JobRow): string =>
  permission === "danger-full-access" ? `${driver} ${paint("red", "full access")}` : driver;

/** What a row is about: why it ended, what it asks, or what it does. */
function whatOf(row: JobRow): string {
  if (row.reason) return row.prompt ? `${row.reason}: ${row.prompt}` : row.reason;
  if (row.limitedUntil) return `until ${clockTime(row.limitedUntil)}: ${row.prompt}`;
  if (row.question) return `asks to use ${row.question.tool}: ${toolInput(row.question.input)}`;
  return (row.tool ? `${row.tool}: ${row.prompt}` : row.prompt) || row.detail || row.activity;
}

/** A row, and how far below the agent it belongs to. */
interface Placed extends JobRow {
  depth?: number;
}

interface Column {
  title: string;
  cell(row: Placed, now: number): string;
  /** Left out on terminals with fewer columns. */
  least?: number;
}

const COLUMNS: Column[] = [
  { title: "ID", cell: ({ id, depth = 0 }) => (depth > 0 ? `${"  ".repeat(depth - 1)}└ ${id}` : id) },
  { title: "STATE", cell: ({ state }) => paintState(state) },
  { title: "ELAPSED", cell: (row, now) => duration((row.finishedAt ?? now) - row.startedAt) },
  { title: "DRIVER", cell: driverCell, least: 80 },
  { title: "EFFORT", cell: ({ effort }) => effort ?? "", least: 100 },
  { title: "WHO", cell: ({ seat, team }) => (seat ? `${team} ${seat}` : "") },
  { title: "WHAT", cell: (row) => line(whatOf(row)) },
];

/** Each row after the one that it belongs to (`--parent`), where that is shown; else in the given order (A7). */
function asTree(rows: JobRow[]): Placed[] {
  const latest = new Map<string, JobRow>();
  for (const row of rows) if (!row.id.includes("#") || !latest.has(row.agent)) latest.set(row.agent, row);
  const parentOf = (row: JobRow) => {
    const parent = row.parent === undefined || row.parent === row.agent ? undefined : latest.get(row.parent);
    return parent === row ? undefined : parent;
  };
  const children = Map.groupBy(rows, parentOf);
  const below = (parent: JobRow | undefined, depth: number): Placed[] =>
    (children.get(parent) ?? []).flatMap((row) => [{ ...row, depth }, ...below(row, depth + 1)]);
  return below(undefined, 0);
}

export function jobTable(given: JobRow[], now: number): string {
  const rows = asTree(given);
  const shown = COLUMNS.filter(
    ({ cell, least = 0 }) => columns() >= least && rows.some((row) => cell(row, now) !== ""),
  );
  return table([
    shown.map(({ title }) => paint("dim", title)),
    ...rows.map((row) => shown.map(({ cell }) => cell(row, now))),
  ]);
}

/** How a person settles what an agent waits for. */
export function answerTo({ agent, question, activity }: JobRow): string {
  if (!isSaidByScreen(question)) return `muster answer ${agent} allow|deny`;
  return activity === "waiting" ? `muster answer ${agent}` : `muster attach ${agent}`;
}

/** How a person answers each row that waits for one; empty when none does. */
export function callsForYou(rows: JobRow[]): string {
  const calls = rows
    .filter(({ state }) => state === "needs_user")
    .map((row) => `${paint("yellow", `${row.agent} needs you`)}: ${answerTo(row)}`);
  return calls.length > 0 ? `\n\n${calls.join("\n")}` : "";
}

const EMPTY = 'No agents yet. muster start "what to do" starts one; muster run starts a team.';

export const command: CommandSpec = {
  name: "jobs",
  usage: "jobs [--limit N] [--all] [--json]",
  summary: "Lists agents and their jobs: running first, then pending, failed, completed; newest first.",
  examples: ["muster jobs", "muster jobs --json | jq '.[].id'"],
  flags: {
    limit: { type: "string", value: "N", default: "20", help: "how many rows (20); 0 = all" },
    all: { type: "boolean", help: "all of them" },
  },
  async run({ daemon, flags, isJson, print }) {
    const limit = isSet(flags, "all") ? 0 : count(flags, "limit", 100_000);
    const client = await daemon();
    // One more than is shown tells whether there are more.
    const found = await client.get<JobRow[]>(`/api/jobs?limit=${limit === 0 ? 0 : limit + 1}`);
    const rows = limit === 0 ? found : found.slice(0, limit);
    if (isJson) print(JSON.stringify(rows, null, 1));
    else if (rows.length === 0) print(EMPTY);
    else {
      const more = found.length > rows.length ? `\n${paint("dim", "more: --all")}` : "";
      print(`${jobTable(rows, Date.now())}${more}${callsForYou(rows)}`);
    }
    return 0;
  },
};
