import { type Health, publicState, type Snapshot } from "../core/api.ts";
import { agentRow, jobRow, jobRows } from "../core/job-row.ts";
import { jobMeant, numberOfJob } from "../core/jobs/numbering.ts";
import { livingAgents } from "../core/living.ts";
import { taskIn } from "../core/queue/why.ts";
import { Refusal } from "../core/refusal.ts";
import { type Agent, isAlive, type Job, type State } from "../core/state.ts";
import { why, whyAspect } from "../core/why.ts";
import { agentNamed } from "../engine/agent-named.ts";
import { Denied } from "./answer.ts";
import { longJson } from "./packed.ts";
import type { Call, Route } from "./route.ts";
import { get, numberOf } from "./route.ts";

const MOST = 1_000_000;
const LEDGER_LIMIT = 1000;
/** Bytes of one answer of a terminal's record; the client asks on. */
const RANGE = 1024 * 1024;

const stateOf = ({ parts }: Call): State => parts.engine.state;

/** The agent that `:id` means: an id, a unique prefix, a job, a seat. */
export const agentIn = (call: Call): Agent => agentNamed(stateOf(call), call.params.id ?? "");

function jobIn(call: Call): { agent: Agent; job: Job | undefined } {
  const state = stateOf(call);
  const given = call.params.id ?? "";
  const agent = agentNamed(state, given);
  const job = jobMeant(state, agent.hire.agent, given);
  if (!job && given.includes("#")) throw new Refusal("missing", `no job ${given}`, "muster jobs lists them");
  return { agent, job };
}

function health({ parts }: Call): Health {
  const { state } = parts.engine;
  const { seq } = state;
  const alive = livingAgents(state).filter(isAlive).length;
  return {
    version: parts.version,
    pid: process.pid,
    home: parts.home,
    seq,
    agents: alive,
    doing: parts.reactors.doing(),
  };
}

const snapshot = (call: Call): Snapshot => ({ seq: stateOf(call).seq, state: publicState(stateOf(call)) });

function jobs(call: Call): unknown {
  const limit = numberOf(call.query, "limit", 100, MOST);
  const rows = jobRows(stateOf(call));
  return limit === 0 ? rows : rows.slice(0, limit);
}

function oneJob(call: Call): unknown {
  const { agent, job } = jobIn(call);
  const row = (job && jobRow(stateOf(call), job)) ?? agentRow(stateOf(call), agent);
  const lastLines = job?.stalled && call.parts.log.body(job.stalled.seq);
  return lastLines === undefined ? row : { ...row, lastLines };
}

/** What a program that ended by itself showed before. */
function lastScreen({ parts }: Call, { hire, lastScreen: kept }: Agent, lines: number): unknown {
  const text = kept && parts.log.body(kept.seq);
  if (text === undefined)
    throw new Refusal("state", `agent ${hire.agent} has no terminal any more`, "muster output has its record");
  return { agent: hire.agent, text: text.split("\n").slice(-lines).join("\n") };
}

async function capture(call: Call): Promise<unknown> {
  const { agent, job } = jobIn(call);
  if (job?.closed) {
    const id = `${agent.hire.agent}#${numberOfJob(job.id)}`;
    throw new Refusal("state", `job ${id} is over; its terminal shows another one`, `muster output '${id}'`);
  }
  const lines = numberOf(call.query, "lines", 50, 100_000);
  if (!isAlive(agent) || agent.pane === undefined) return lastScreen(call, agent, lines);
  const history = await call.parts.terminals.history(agent.pane, lines);
  return { agent: agent.hire.agent, text: history.slice(-lines).join("\n") };
}

/**
 * Bytes of the record from an offset on, with where they lie in its headers. `ID#n` has a part of it, which counts from 0.
 */
function output(call: Call): Response {
  const { output: logs } = call.parts;
  const { agent, job } = jobIn(call);
  const path = logs.pathOf(agent);
  const isPart = job !== undefined && (call.params.id ?? "").includes("#");
  const start = isPart ? (job.logFrom ?? 0) : 0;
  const size = Math.max(0, Math.min(logs.size(path), (isPart && job.closed?.logTo) || Infinity) - start);
  const from = Math.min(numberOf(call.query, "from", 0, Number.MAX_SAFE_INTEGER), size);
  const to = Math.min(size, from + RANGE);
  const bytes = size > from ? logs.read(path, start + from, start + to) : new Uint8Array();
  const headers = {
    "content-type": "application/octet-stream",
    "x-muster-size": String(size),
    "x-muster-from": String(from),
  };
  return new Response(bytes as Uint8Array<ArrayBuffer>, { headers });
}

const attach = async (call: Call): Promise<unknown> => ({ argv: await call.parts.attachArgv(call.params.name ?? "") });

function ledger(call: Call): unknown {
  const { log } = call.parts;
  const limit = numberOf(call.query, "limit", 200, LEDGER_LIMIT);
  const about = call.query.get("about");
  const after = numberOf(call.query, "after", 0, Number.MAX_SAFE_INTEGER);
  const isTail = call.query.has("tail");
  const facts = about ? log.about(about, limit) : isTail ? log.tail(limit) : log.read(after, limit);
  return { seq: stateOf(call).seq, facts: facts.filter((fact) => fact.seq > after) };
}

function message(call: Call): unknown {
  const found = stateOf(call).messages[call.params.mid ?? ""];
  const { by } = call;
  const isForeign = by.kind === "agent" && found !== undefined && found.to !== by.agent && found.from !== by.agent;
  if (isForeign) throw new Denied(403, "right", "this is another agent's mail");
  if (!found) throw new Refusal("missing", `no message ${call.params.mid} in memory`, "muster ledger has older ones");
  return { ...found, body: call.parts.log.body(found.seq) ?? "" };
}

function reason(call: Call): unknown {
  const state = stateOf(call);
  const given = call.params.id ?? "";
  const word = call.query.get("aspect");
  const isExact = [state.messages, state.patches, state.jobs, state.teams].some((table) => Object.hasOwn(table, given));
  const isTask =
    (given.startsWith("#") && taskIn(state, given) !== undefined) || Object.hasOwn(state.triggers.all, given);
  // An agent and its first job have one name; its beats are the agent's.
  const isPlain = isTask || (isExact && !(word !== null && state.agents[given]));
  const id = isPlain ? given : agentNamed(state, given).hire.agent;
  const moment = { now: call.parts.clock.now(), zone: Intl.DateTimeFormat().resolvedOptions().timeZone };
  if (word !== null) return whyAspect(state, id, word, moment);
  const latest = isPlain && state.agents[id]?.job !== undefined ? (jobMeant(state, id, given)?.id ?? id) : id;
  const found = why(state, latest, call.parts.log.about(id, 50), moment);
  if (!found) throw new Refusal("missing", `nothing is called ${given}`, "an agent, job, message, patch or team");
  return found;
}

function team(call: Call): unknown {
  const state = stateOf(call);
  const name = call.params.name ?? "";
  const found = state.teams[name];
  if (!found)
    throw new Refusal("missing", `no team ${name}`, `teams: ${Object.keys(state.teams).join(", ") || "none"}`);
  const members = found.seats.flatMap(({ agent }) => state.agents[agent] ?? []);
  const patches = Object.values(state.patches).filter((patch) => patch.team === name);
  return { ...found, members: members.map((agent) => agentRow(state, agent)), patches };
}

function hookEvents(call: Call): unknown {
  const limit = numberOf(call.query, "limit", 100, LEDGER_LIMIT);
  const since = numberOf(call.query, "since", 0, Number.MAX_SAFE_INTEGER);
  const given = call.query.get("job_id");
  const agent = given ? agentNamed(stateOf(call), given).hire.agent : undefined;
  // `ID#n` is one job; `ID` alone stands for all that its agent did.
  const job = given?.includes("#") ? jobIn({ ...call, params: { id: given } }).job?.id : undefined;
  return call.parts.hooks({ agent, job, limit }).filter((hook) => hook.at >= since);
}

/** Whoever knows the person's token proves it for a fresh nonce and this very address, without telling it. */
function identity(call: Call): unknown {
  const nonce = call.query.get("nonce") ?? "";
  if (!/^[A-Za-z0-9_-]{16,128}$/.test(nonce)) throw new Refusal("usage", "nonce: 16 to 128 letters and digits");
  return { proof: call.parts.tokens.proof(nonce, call.request.headers.get("host") ?? "") };
}

/** All questions that change nothing. */
export const READ_ROUTES: Route[] = [
  get("/healthz", "open", () => ({ ok: true })),
  get("/api/identity", "open", identity),
  get("/api/health", "agent", health),
  get("/api/state", "lead", (call) => longJson(snapshot(call), call.door, call.request)),
  get("/api/jobs", "lead", jobs),
  get("/api/jobs/:id", "own", oneJob),
  get("/api/jobs/:id/capture", "own", capture),
  get("/api/jobs/:id/dialog", "person", ({ parts, params }) => parts.dialogs.look(params.id ?? "")),
  get("/api/jobs/:id/output", "own", output),
  get("/api/attach/:name", "person", attach),
  get("/api/ledger", "lead", ledger),
  get("/api/messages/:mid", "agent", message),
  get("/api/why/:id", "lead", reason),
  get("/api/teams", "lead", (call) => Object.values(stateOf(call).teams)),
  get("/api/teams/:name", "lead", team),
  get("/api/hook-events", "person", hookEvents),
];
