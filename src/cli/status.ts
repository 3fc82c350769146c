import type { JobRow } from "../core/job-row.ts";
import type { State } from "../core/state.ts";
import type { CommandSpec } from "./command.ts";
import { jobTable, paintState } from "./jobs.ts";
import { duration, line, paint } from "./style.ts";

function describe(row: JobRow): string {
  const rows: [string, string][] = [
    ["state", `${paintState(row.state)}${row.reason ? `: ${line(row.reason)}` : ""}`],
    ["driver", `${row.driver}${row.model ? ` ${row.model}` : ""}, ${row.permission}`],
    ["folder", row.cwd],
    ["elapsed", duration((row.finishedAt ?? Date.now()) - row.startedAt)],
    ["context", row.contextPercent === null ? "unknown" : `${row.contextPercent} %`],
    ["session", row.session ?? "none yet"],
    ["prompt", line(row.prompt)],
    ["outcome", line(row.summary) || "none yet"],
  ];
  return `${paint("bold", row.id)}${row.seat ? `  ${row.team} ${row.seat}` : ""}\n${rows.map(([name, value]) => `  ${paint("dim", name.padEnd(8))} ${value}`).join("\n")}`;
}

async function overview(state: State, rows: JobRow[]): Promise<string> {
  const teams = Object.values(state.teams).map((team) => {
    const patches = Object.values(state.patches).filter((patch) => patch.team === team.name);
    const committed = patches.filter((patch) => patch.state === "committed").length;
    const refused = patches.filter((patch) => patch.state === "refused").length;
    const end = team.stopped ? paint("dim", `ended: ${team.stopped}`) : paint("green", "running");
    return `${paint("bold", team.name)}  ${team.topology}  ${end}  ${team.repo}\n  patches: ${committed} committed, ${refused} refused`;
  });
  const parts = [...teams, rows.length > 0 ? jobTable(rows, Date.now()) : ""].filter(Boolean);
  return parts.join("\n\n") || "Nothing is running. muster run starts a team here; muster start starts one agent.";
}

export const command: CommandSpec = {
  name: "status",
  usage: "status [ID]",
  summary: "One agent or job; without an id, all teams and what runs.",
  examples: ["muster status", "muster status a1b2c3d4 --json"],
  flags: {},
  takes: [0, 1],
  async run({ words, daemon, isJson, print }) {
    const client = await daemon();
    if (words[0]) {
      const row = await client.get<JobRow>(`/api/jobs/${encodeURIComponent(words[0])}`);
      print(isJson ? JSON.stringify(row, null, 1) : describe(row));
      return 0;
    }
    const { state } = await client.get<{ state: State }>("/api/state");
    const rows = await client.get<JobRow[]>("/api/jobs?limit=0");
    if (isJson) print(JSON.stringify({ teams: Object.values(state.teams), jobs: rows }, null, 1));
    else print(await overview(state, rows));
    return 0;
  },
};
