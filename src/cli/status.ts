import { LEAD } from "../core/ids.ts";
import type { JobRow } from "../core/job-row.ts";
import type { JobState } from "../core/job-state.ts";
import { amountOf, type Budget, spentOf } from "../core/jobs/budget.ts";
import { wantedLeads } from "../core/lead/state.ts";
import { leadView } from "../core/lead/view.ts";
import { openTasks } from "../core/queue/state.ts";
import type { Patch, State, Team } from "../core/state.ts";
import { visible } from "../core/text.ts";
import { toolInput } from "../core/tool-input.ts";
import type { CommandSpec } from "./command.ts";
import { answerTo, callsForYou, jobTable, paintLevel, paintState } from "./jobs.ts";
import { dot, duration, line, paint, table, wrapped } from "./style.ts";

const NAME = 9;

/** What a person can do next about a job. */
function nextFor(row: JobRow): string {
  const { agent, state, status, question, pane } = row;
  if (question || state === "needs_user") return answerTo(row);
  if (state === "failed" || state === "lost") return `muster why ${agent}; muster output ${agent}`;
  if (pane === undefined) return `muster output ${agent}`;
  return status === "completed" ? `muster send ${agent} "what next"` : `muster watch ${agent}`;
}

const driverWords = ({ driver, model, effort, permission }: JobRow): string =>
  [`${driver}${model ? ` ${model}` : ""}`, ...(effort ? [`effort ${effort}`] : []), paintLevel(permission)].join(", ");

const moment = (at: number): string =>
  new Date(at)
    .toISOString()
    .replace("T", " ")
    .replace(/\.\d+Z/, " UTC");

function timesOf({ createdAt, startedAt, finishedAt }: JobRow): string {
  const parts = [`created ${moment(createdAt)}`];
  if (startedAt > createdAt) parts.push(`started ${moment(startedAt)}`);
  if (finishedAt !== undefined) parts.push(`ended ${moment(finishedAt)}`);
  return parts.join(", ");
}

const budgetWords = (budget: Budget, { usage }: JobRow): string =>
  budget.unit === "usd" && usage?.cost !== undefined
    ? spentOf(budget, usage.cost)
    : `${amountOf(budget.unit, budget.limit)}; muster usage tells what is used`;

function describe(row: JobRow & { lastLines?: string }): string {
  const question = row.question && `asks to use ${row.question.tool}: ${toolInput(row.question.input)}`;
  const silent = row.silentSince !== undefined && `silent for ${duration(Date.now() - row.silentSince)}`;
  const why = row.reason || question || silent || (row.status === "completed" ? "" : row.detail);
  const rows: [string, string][] = [
    ["state", `${paintState(row.state)}${why ? `: ${line(why)}` : ""}`],
    ["prompt", line(row.prompt)],
    ["outcome", line(row.summary) || (row.status === "failed" ? "none" : "none yet")],
    ["elapsed", duration((row.finishedAt ?? Date.now()) - row.startedAt)],
    ["driver", driverWords(row)],
    ["times", timesOf(row)],
    ["folder", row.cwd],
    ["context", row.contextPercent === null ? "unknown" : `${row.contextPercent} %`],
    ["budget", row.budget ? budgetWords(row.budget, row) : ""],
    ["session", row.session ?? "none yet"],
    ["terminal", row.pane === undefined ? "" : `muster-${row.agent}`],
    ["next", nextFor(row)],
  ];
  const shown = rows
    .filter(([, value]) => value !== "")
    .map(([name, value]) => `  ${paint("dim", name.padEnd(NAME))}${wrapped(value, NAME + 2)}`);
  const last = row.lastLines ? `\n${visible(row.lastLines)}` : "";
  return `${paint("bold", row.id)}${row.seat ? `  ${row.team} ${row.seat}` : ""}\n${shown.join("\n")}${last}`;
}

const patchWords = (patches: Patch[]): string => {
  const of = (state: Patch["state"], word: string, colour: "green" | "red" | "blue") => {
    const count = patches.filter((patch) => patch.state === state).length;
    return count === 0 ? [] : [paint(colour, `${count} ${word}`)];
  };
  return [
    ...of("committed", "committed", "green"),
    ...of("refused", "refused", "red"),
    ...of("queued", "being proven", "blue"),
  ].join(", ");
};

function teamTable(state: State, teams: Team[]): string {
  const rows = teams.map((team) => [
    paint("bold", team.name),
    team.topology,
    patchWords(Object.values(state.patches).filter((patch) => patch.team === team.name)) || "none",
    team.repo,
  ]);
  return table([["TEAM", "KIND", "PATCHES", "FOLDER"].map((title) => paint("dim", title)), ...rows]);
}

const ORDER: JobState[] = [
  ...(["needs_user", "limited", "running", "starting", "pending", "idle", "failed", "lost", "completed"] as const),
];

const byUrgency = (a: JobRow, b: JobRow): number =>
  ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || b.createdAt - a.createdAt;

/** `1 needs you, 2 running, 3 done`: the first thing that somebody wants to know. */
function totals(rows: JobRow[]): string {
  const counts = ORDER.map((state) => ({ state, count: rows.filter((row) => row.state === state).length }));
  const known = counts.filter(({ count }) => count > 0);
  return known.map(({ state, count }) => `${count} ${paintState(state)}`).join(` ${dot} `);
}

const EMPTY = 'Nothing is running. muster run starts a team here; muster start "what to do" starts one agent.';

/** Has its program, or will have it. */
const isLiving = ({ pane, status }: JobRow): boolean =>
  pane !== undefined || status === "running" || status === "pending";

/** `queue: 1 at work, 3 waiting · lead idle · mode sprint`: what works by itself; empty when nothing does. */
export function armyLine(state: State): string {
  const open = openTasks(state.queue);
  const atWork = open.filter((task) => task.state === "processing").length;
  const asked = Object.values(state.triggers.approvals).filter(({ decided }) => !decided).length;
  const { active } = state.triggers;
  const words = [
    open.length > 0 ? `queue: ${atWork} at work, ${open.length - atWork} waiting` : "",
    ...wantedLeads(state).map((lead) => `${lead === LEAD ? "lead" : lead} ${leadView(state, lead).status}`),
    active === undefined ? "" : `mode ${paint("bold", active)}`,
    asked > 0 ? paint("yellow", `${asked} to approve: muster approvals`) : "",
  ];
  return words.filter(Boolean).join(` ${dot} `);
}

function overview(state: State, rows: JobRow[]): string {
  const army = armyLine(state);
  if (rows.length === 0) return army || EMPTY;
  const teams = Object.values(state.teams).filter((team) => team.stopped === undefined);
  const living = rows.filter(isLiving).sort(byUrgency);
  const ended = rows.length - living.length;
  const parts = [
    totals(rows),
    army,
    teams.length > 0 ? teamTable(state, teams) : "",
    living.length > 0 ? jobTable(living, Date.now()) : "Nobody works now.",
    ended > 0 ? paint("dim", `${ended} ended: muster jobs --all lists them, muster ledger tells what happened`) : "",
  ];
  return `${parts.filter(Boolean).join("\n\n")}${callsForYou(living)}`;
}

export const command: CommandSpec = {
  name: "status",
  usage: "status [ID]",
  summary: "Teams and agents that live, and what they do; with an id, one agent or job and what to do next.",
  examples: ["muster status", "muster status a1b2c3d4 --json", "muster status PeerA"],
  flags: {},
  takes: [0, 1],
  async run({ words, daemon, isJson, print }) {
    const client = await daemon();
    if (words[0]) {
      const row = await client.get<JobRow & { lastLines?: string }>(`/api/jobs/${encodeURIComponent(words[0])}`);
      print(isJson ? JSON.stringify(row, null, 1) : describe(row));
      return 0;
    }
    const { state } = await client.get<{ state: State }>("/api/state");
    const rows = await client.get<JobRow[]>("/api/jobs?limit=0");
    if (isJson) print(JSON.stringify({ teams: Object.values(state.teams), jobs: rows }, null, 1));
    else print(overview(state, rows));
    return 0;
  },
};
