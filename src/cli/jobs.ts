import type { JobRow } from "../core/job-row.ts";
import { type CommandSpec, isSet, text } from "./command.ts";
import { type Colour, duration, line, paint, table } from "./style.ts";

const COLOURS: Record<string, Colour> = {
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

export const paintState = (state: string): string => paint(COLOURS[state] ?? "dim", state);

const header = ["ID", "STATE", "ELAPSED", "DRIVER", "WHO", "WHAT"].map((title) => paint("dim", title));

export function jobTable(rows: JobRow[], now: number): string {
  const cells = rows.map((row) => [
    row.id,
    paintState(row.state),
    duration((row.finishedAt ?? now) - row.startedAt),
    row.driver,
    row.seat ? `${row.team} ${row.seat}` : "",
    line(row.reason || (row.tool ? `${row.tool}: ${row.prompt}` : row.prompt) || row.activity),
  ]);
  return table([header, ...cells]);
}

export const command: CommandSpec = {
  name: "jobs",
  usage: "jobs [--limit N] [--all] [--json]",
  summary: "Lists agents and their jobs: running first, then pending, failed, completed; newest first.",
  examples: ["muster jobs", "muster jobs --json | jq '.[].id'"],
  flags: {
    limit: { type: "string", value: "N", default: "20", help: "how many rows (20)" },
    all: { type: "boolean", help: "all of them" },
  },
  async run({ daemon, flags, isJson, print }) {
    const limit = isSet(flags, "all") ? "0" : (text(flags, "limit") ?? "20");
    const client = await daemon();
    const rows = await client.get<JobRow[]>(`/api/jobs?limit=${encodeURIComponent(limit)}`);
    if (isJson) print(JSON.stringify(rows, null, 1));
    else
      print(
        rows.length > 0
          ? jobTable(rows, Date.now())
          : 'No agents yet. muster start "what to do" starts one; muster run starts a team.',
      );
    return 0;
  },
};
