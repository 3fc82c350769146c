import { missingSignatures } from "./decide-team.ts";
import { isSaidByScreen } from "./dialog.ts";
import { isLead, LEAD, type Millis, USER } from "./ids.ts";
import { agentState, KILLED } from "./job-state.ts";
import { leadName, wantedLeads } from "./lead/state.ts";
import type { PageAddress } from "./page-address.ts";
import { openTasks } from "./queue/state.ts";
import { type Agent, isAlive, type State } from "./state.ts";
import { preview } from "./text.ts";
import { toolInput } from "./tool-input.ts";
import { actionWords } from "./triggers/actions.ts";
import type { Approval } from "./triggers/state.ts";

type Address = PageAddress<"agents" | "teams" | "orchestrator">;

/** Something that waits for a person, or went wrong without one. */
export interface Need {
  /** The same as long as it is the same thing. */
  key: string;
  /** `asks`: nothing goes on without a person. `wrong`: something ended that should not have. */
  kind: "asks" | "wrong";
  since: Millis;
  who: string;
  what: string;
  /** Where `what` is no sentence with `who`, or somebody wrote it: what may stand on a locked screen. */
  brief?: string;
  /** The order in the course of which it came up, or what would be done; empty = it is about none. */
  task: string;
  /** It ends by itself. */
  isPassing?: true;
  /** When it does, if that is known; of an approval when it expires. */
  until?: Millis;
  /** Its cause, or what was asked in full. */
  why: string;
  /** What would settle it, when a person cannot at once. */
  next: string;
  at: Address & { rfd?: string };
  /** What can be answered where it is shown. */
  question?: { agent: string; id: string };
  approval?: string;
  /** The agent on whose screen a dialog stands. */
  dialog?: string;
}

/** Does it wait for a key into the dialog on its screen? */
export const asksByScreen = ({ question, activity, dismissed, isAbandoned }: Agent): boolean =>
  activity === "waiting" && !dismissed && !isAbandoned && isSaidByScreen(question);

/** Failures stay on the first page so long. */
const RECENT_MS = 12 * 3_600_000;
/** A queue without a lead is told after this. */
export const PATIENCE_MS = 60_000;

const nameOf = ({ hire }: Agent): string => (hire.seat ? `${hire.seat} of ${hire.team}` : hire.agent);
/** What an agent was to do. */
const taskOf = (state: State, { job }: Agent): string => preview(job ? (state.jobs[job]?.prompt ?? "") : "", 160);
const toAgent = (agent: Agent): Address => ({ place: "agents", id: agent.hire.agent });

function ofAgent(state: State, agent: Agent): Need[] {
  if (agent.dismissed) return [];
  const now = agentState(state, agent);
  const task = taskOf(state, agent);
  const common = { who: nameOf(agent), task, since: agent.since, at: toAgent(agent), next: "" };
  const { question, hire, limit } = agent;
  if (asksByScreen(agent)) {
    const next = "look at its terminal";
    const key = `dialog ${hire.agent} ${agent.since}`;
    return [
      {
        ...common,
        key,
        kind: "asks",
        what: "asks",
        brief: "asks on its screen",
        why: agent.detail,
        next,
        dialog: hire.agent,
      },
    ];
  }
  if (question) {
    const key = `question ${question.id}`;
    const what = `asks to use ${question.tool}`;
    return [
      {
        ...common,
        key,
        kind: "asks",
        what,
        why: toolInput(question.input),
        question: { agent: hire.agent, id: question.id },
      },
    ];
  }
  if (now === "needs_user") {
    const why = agent.isAbandoned ? "it crashed too often and is not started again by itself" : agent.detail;
    const next = agent.isAbandoned ? "start it again, or end it" : "look at its terminal";
    return [{ ...common, key: `agent ${hire.agent}`, kind: "asks", what: "needs you", why, next }];
  }
  if (limit) {
    const next = "it goes on by itself when the limit ends";
    const [why, until] = limit.isKnown ? ["", limit.until] : ["its CLI names no time; it is tried again by itself"];
    const passing = { what: "has reached a usage limit", why, next, isPassing: true as const, until };
    return [{ ...common, ...passing, key: `limit ${hire.agent}`, kind: "wrong" }];
  }
  return [];
}

function ofDecisions(state: State): Need[] {
  return Object.values(state.rfds)
    .filter((rfd) => !rfd.decided && state.teams[rfd.team]?.stopped === undefined)
    .filter((rfd) => missingSignatures(state, rfd).includes(USER))
    .map(({ id, at, team, title, tasks }) => ({
      ...{ key: `decision ${id}`, kind: "asks" as const, since: at, who: team, what: "asks for your decision" },
      ...{ task: preview(title, 160), why: preview(tasks.join("; "), 300), next: "" },
      at: { place: "teams" as const, id: team, rfd: id },
    }));
}

function ofApproval({ id, name, why, action, at, until }: Approval): Need {
  const isRule = action.do === "answer_permission";
  return {
    ...{ key: `approval ${id}`, kind: "asks", since: at, until, who: isRule ? name : `trigger ${name}` },
    ...{ what: "asks for your approval", task: actionWords(action), why: isRule ? why : `on ${why}`, next: "" },
    ...{ at: { place: "orchestrator", id: "" }, approval: id },
  };
}

function ofFailures(state: State, now: Millis): Need[] {
  return Object.values(state.jobs)
    .filter(({ outcome, finishedAt }) => outcome && outcome !== "completed" && (finishedAt ?? 0) > now - RECENT_MS)
    .filter(({ reason }) => reason !== KILLED)
    .filter(({ id, agent }) => state.agents[agent]?.job === id && !isLead(state.agents[agent]?.hire.agent ?? ""))
    .map(({ id, agent, reason, outcome, finishedAt, prompt }) => ({
      ...{ key: `job ${id}`, kind: "wrong" as const, since: finishedAt ?? now, who: agent },
      ...{ what: outcome === "lost" ? "was lost" : "failed", task: preview(prompt, 160), why: reason, next: "" },
      at: { place: "agents" as const, id: agent },
    }));
}

const AT_LEADS: Address = { place: "orchestrator", id: "" };

/** A lead that is not there though it is wanted. */
function ofLead({ agents }: State, id: string, now: Millis): Need[] {
  const agent = agents[id];
  if (!agent || isAlive(agent) || now - agent.since <= PATIENCE_MS) return [];
  const why = agent.detail || "it ended too often and is not started again by itself";
  const key = id === LEAD ? "lead" : `lead ${id}`;
  const asks = {
    key,
    kind: "asks" as const,
    since: agent.since,
    who: leadName(id),
    what: "is not running",
    task: "",
    why,
  };
  return [{ ...asks, next: "start it again", at: AT_LEADS }];
}

/** A queue that nobody works off, and leads that are not there though they are wanted. */
function ofQueue(state: State, now: Millis): Need[] {
  const { queue } = state;
  const wanted = wantedLeads(state);
  if (wanted.length > 0) return wanted.flatMap((lead) => ofLead(state, lead, now));
  const waiting = openTasks(queue).filter(({ state: is, order }) => is === "pending" && !order.isDirect);
  const [first] = waiting;
  if (!first || now - first.addedAt < PATIENCE_MS) return [];
  const what = waiting.length === 1 ? "1 task waits for a lead" : `${waiting.length} tasks wait for a lead`;
  const brief = waiting.length === 1 ? "has 1 task without a lead" : `has ${waiting.length} tasks without a lead`;
  return [
    {
      key: "queue",
      kind: "asks",
      since: first.addedAt,
      who: "the queue",
      ...{ what, brief, task: "" },
      why: "there is none",
      next: "start the lead",
      at: AT_LEADS,
    },
  ];
}

/** All of it: what asks first, and of each kind what waits longest. */
export function needs(state: State, now: Millis): Need[] {
  const approvals = Object.values(state.triggers.approvals).filter(({ decided, until }) => !decided && until > now);
  const all = [
    ...Object.values(state.agents).flatMap((agent) => ofAgent(state, agent)),
    ...ofDecisions(state),
    ...approvals.map(ofApproval),
    ...ofFailures(state, now),
    ...ofQueue(state, now),
  ];
  return all.sort((a, b) => a.kind.localeCompare(b.kind) || a.since - b.since);
}
