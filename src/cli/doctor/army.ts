import { readFileSync, statSync } from "node:fs";
import type { Home } from "../../client/home.ts";
import { type AgentId, LEAD } from "../../core/ids.ts";
import type { JobRow } from "../../core/job-row.ts";
import { leadOf, wantedLeads } from "../../core/lead/state.ts";
import { Refusal } from "../../core/refusal.ts";
import type { State } from "../../core/state.ts";
import type { Call } from "../command.ts";
import { hookFinding } from "./hooks.ts";
import { isWell, machine } from "./machine.ts";
import type { Finding } from "./repository.ts";

const MINUTE_MS = 60_000;
/** A running agent that printed nothing for so long may be stuck. */
const STUCK_MINUTES = 10;
const FRESH_MS = 2000;
const PATIENCE_MS = 2000;

const isAtWork = ({ state, pane }: JobRow): boolean => state === "running" && pane !== undefined;

/** When a terminal's record last grew; null = there is no record. */
function lastOutput({ jobs }: Home, agent: string): number | null {
  return statSync(`${jobs}/${agent}.log`, { throwIfNoEntry: false })?.mtimeMs ?? null;
}

function startFinding(call: Call): Finding {
  const missing = machine(call).filter(({ ok }) => ok === false);
  const name = "start";
  if (missing.length === 0)
    return { name, ok: true, detail: "what agents need is there; muster start --dry-run shows one" };
  const causes = missing.map((finding) => `${finding.name}: ${finding.detail}`).join("; ");
  return { name, ok: false, detail: `no agent can start: ${causes}; next: muster health` };
}

async function pageFinding({ home }: Call): Promise<Finding> {
  const name = "dashboard";
  try {
    const { url } = JSON.parse(readFileSync(home.endpoint, "utf8")) as { url: string };
    const { status } = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS), redirect: "manual" });
    const isServed = status < 500;
    return {
      name,
      ok: isServed,
      detail: isServed ? `${url}; next: muster dashboard logs in` : `${url} answers ${status}; next: ${home.daemonLog}`,
    };
  } catch (error) {
    const cause = (error as Error).message;
    return { name, ok: false, detail: `no page is reached: ${cause}; next: muster stop --daemon, then any command` };
  }
}

/** Agents that are said to work and show nothing. */
function stuckFindings({ home }: Call, jobs: JobRow[], now: number): Finding[] {
  const silent = jobs.filter(isAtWork).flatMap((job): Finding[] => {
    const minutes = Math.floor((now - (lastOutput(home, job.agent) ?? job.startedAt)) / MINUTE_MS);
    if (minutes < STUCK_MINUTES) return [];
    const doing = job.tool ? ` in ${job.tool}` : "";
    const next = `muster capture ${job.agent}, muster why ${job.agent}`;
    return [
      {
        name: "stuck",
        ok: false,
        detail: `${job.agent} printed nothing for ${minutes} minutes${doing}; next: ${next}`,
      },
    ];
  });
  const waiting = jobs
    .filter(({ state }) => state === "needs_user")
    .map(({ agent, detail }): Finding => {
      return {
        name: "waiting",
        ok: null,
        detail: `${agent} waits for you: ${detail || "a question"}; next: muster attach ${agent}`,
      };
    });
  const quiet: Finding = {
    name: "stuck",
    ok: true,
    detail: `no running agent was silent for ${STUCK_MINUTES} minutes`,
  };
  return [...(silent.length > 0 ? silent : [quiet]), ...waiting];
}

/** A terminal streams when its record is there: the page and `watch` read it. */
function streamFinding({ home }: Call, jobs: JobRow[], now: number): Finding {
  const living = jobs.filter(({ pane }) => pane !== undefined);
  const lost = living.filter(({ agent, startedAt }) => lastOutput(home, agent) === null && now - startedAt > FRESH_MS);
  const name = "terminals";
  if (lost.length === 0) return { name, ok: true, detail: `${living.length} live, each with its record` };
  const names = lost.map(({ agent }) => agent).join(", ");
  return {
    name,
    ok: false,
    detail: `no record of ${names}: its terminal is not copied; next: muster stop --daemon, then muster jobs`,
  };
}

function queueFinding(state: State): Finding {
  const name = "queue";
  const open = Object.values(state.queue.tasks).filter((task) => task.state === "pending");
  if (open.length === 0) return { name, ok: true, detail: "nothing waits" };
  const forLead = open.filter(({ order }) => !order.isDirect);
  if (forLead.length === 0 || wantedLeads(state).length > 0)
    return { name, ok: true, detail: `${open.length} wait; the work goes on` };
  return {
    name,
    ok: false,
    detail: `${forLead.length} wait for a lead and none is there; next: muster orchestrator start`,
  };
}

/** Does a lead's context get cleared when it is full? */
function clearFindings(state: State, now: number): Finding[] {
  const wanted = wantedLeads(state);
  if (wanted.length === 0) return [{ name: "clearing", ok: true, detail: "no lead, nothing to clear" }];
  return wanted.map((id) => clearFinding(state, id, now));
}

function clearFinding(state: State, id: AgentId, now: number): Finding {
  const name = id === LEAD ? "clearing" : `clearing ${id}`;
  const lead = leadOf(state, id);
  const percent = state.agents[id]?.usage
    ? ""
    : " Its CLI tells no usage: without a status line nobody knows when to clear.";
  if (lead.unclearedAt !== undefined) {
    const minutes = Math.floor((now - lead.unclearedAt) / MINUTE_MS);
    const detail = `the last clear, ${minutes} minutes ago, came to nothing; next: muster attach ${id}, muster why ${id}`;
    return { name, ok: false, detail };
  }
  if (percent !== "")
    return { name, ok: null, detail: `not measured yet.${percent} Next: muster orchestrator status ${id}` };
  return { name, ok: true, detail: "the lead's context is measured" };
}

/** What goes wrong with an army, each with its cause and the next command. */
export async function armyFindings(call: Call, now = Date.now()): Promise<Finding[]> {
  const start = startFinding(call);
  if (!isWell([start])) return [start, hookFinding(call)];
  try {
    const client = await call.daemon();
    const [jobs, { state }] = await Promise.all([
      client.get<JobRow[]>("/api/jobs?limit=0"),
      client.get<{ state: State }>("/api/state"),
    ]);
    return [
      ...[start, await pageFinding(call), ...stuckFindings(call, jobs, now), hookFinding(call)],
      ...[queueFinding(state), streamFinding(call, jobs, now), ...clearFindings(state, now)],
    ];
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const next = error.hint ? `; ${error.hint}` : "";
    return [
      start,
      { name: "daemon", ok: false, detail: `${error.message}${next}; next: tail ${call.home.daemonLog}` },
      hookFinding(call),
    ];
  }
}
