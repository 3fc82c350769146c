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

interface Column {
  title: string;
  cell(row: JobRow, now: number): string;
  /** Left out on terminals with fewer columns. */
  least?: number;
}

const COLUMNS: Column[] = [
  { title: "ID", cell: ({ id }) => id },
  { title: "STATE", cell: ({ state }) => paintState(state) },
  { title: "ELAPSED", cell: (row, now) => duration((row.finishedAt ?? now) - row.startedAt) },
  { title: "DRIVER", cell: driverCell, least: 80 },
  { title: "WHO", cell: ({ seat, team }) => (seat ? `${team} ${seat}` : "") },
  { title: "WHAT", cell: (row) => line(whatOf(row)) },
];

export function jobTable(rows: JobRow[], now: number): string {
  const shown = COLUMNS.filter(
    ({ cell, least = 0 }) => columns() >= least && rows.some((row) => cell(row, now) !== ""),
  );
  return table([
    shown.map(({ title }) => paint("dim", title)),
    ...rows.map((row) => shown.map(({ cell }) => cell(row, now))),
  ]);
}

/** How a person answers each row that waits for one; empty when none does. */
export function callsForYou(rows: JobRow[]): string {
  const calls = rows
    .filter(({ state }) => state === "needs_user")
    .map(({ agent, question }) => {
      const next = question ? `muster answer ${agent} allow|deny` : `muster attach ${agent}`;
      return `${paint("yellow", `${agent} needs you`)}: ${next}`;
    });
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
