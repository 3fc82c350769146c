import type { Activity, Permission } from "./facts.ts";
import type { AgentId, JobId, Millis, TeamName } from "./ids.ts";
import { agentState, type JobState, type JobStatus, jobState, statusOf } from "./job-state.ts";
import type { Budget } from "./jobs/budget.ts";
import { type Agent, isAlive, type Job, type State, type Usage } from "./state.ts";

/** One job, or a team's member without one, with its agent: as `jobs --json` and the API tell it. */
export interface JobRow {
  id: JobId;
  agent: AgentId;
  status: JobStatus;
  state: JobState;
  /** Start of the prompt; empty for a team's member. */
  prompt: string;
  driver: string;
  model?: string;
  effort?: string;
  permission: Permission;
  cwd: string;
  team?: TeamName;
  seat?: string;
  parent?: AgentId;
  createdAt: Millis;
  /** When its prompt arrived, until then when it was created. */
  startedAt: Millis;
  finishedAt?: Millis;
  reason: string;
  exitCode?: number | null;
  summary: string;
  activity: Activity;
  /** What its CLI does, in words; empty = unknown. */
  detail: string;
  tool?: string;
  question?: Agent["question"];
  usage?: Usage;
  contextPercent: number | null;
  /** A usage limit stops it until then. */
  limitedUntil?: Millis;
  turns: number;
  session?: string;
  /** Only while the program lives. */
  pane?: string;
  /** Since when its terminal is silent, if that is too long. */
  silentSince?: Millis;
  budget?: Budget;
  /** Its terminal record is shown without escape sequences. */
  isPlain?: true;
}

const silentSince = (job?: Job): Millis | undefined => job?.stalled && job.stalled.at - job.stalled.minutes * 60_000;

const percentOf = (usage?: Usage): number | null =>
  usage?.contextSize ? Math.round((100 * usage.contextTokens) / usage.contextSize) : null;

/** A team's member has no job that could end: it ends itself. */
const endOf = (agent: Agent, job?: Job): Millis | undefined =>
  job ? job.finishedAt : agent.dismissed ? agent.since : undefined;

/** `ID` alone means the latest job of an agent. */
const shownId = ({ id, agent, closed }: Job): JobId => (closed && id === agent ? `${id}#1` : id);

/** What only the latest job of an agent has; an earlier one has what stood when it was over. */
function ownOf(agent: Agent, job?: Job): Partial<JobRow> & Pick<JobRow, "activity" | "detail"> {
  if (job?.closed) return { activity: "exited", detail: "", usage: job.closed.usage, session: job.closed.session };
  const { activity, detail, tool, question, usage, session, limit } = agent;
  return {
    limitedUntil: limit?.until,
    activity,
    detail,
    tool,
    question,
    usage,
    session,
    pane: isAlive(agent) ? agent.pane : undefined,
  };
}

function rowOf(agent: Agent, state: JobState, job?: Job): JobRow {
  const { driver, model, effort, permission, cwd, team, seat, parent, isPlain } = agent.hire;
  const own = ownOf(agent, job);
  const createdAt = job?.createdAt ?? agent.hiredAt;
  return {
    ...{ id: job ? shownId(job) : agent.hire.agent, agent: agent.hire.agent, status: statusOf(state, job), state },
    ...{ prompt: job?.prompt ?? "", driver, model, effort, permission, cwd, team, seat, parent, createdAt },
    ...{ startedAt: job?.startedAt ?? createdAt, finishedAt: endOf(agent, job), exitCode: job?.exitCode },
    ...{ reason: job?.reason ?? agent.dismissed?.reason ?? "", summary: job?.summary ?? "", turns: agent.turns },
    ...{ ...own, contextPercent: percentOf(own.usage), silentSince: silentSince(job), isPlain },
    ...(job?.budget ? { budget: job.budget } : {}),
  };
}

/** The row of a job; undefined when its agent is unknown. */
export function jobRow(state: State, job: Job): JobRow | undefined {
  const agent = state.agents[job.agent];
  return agent && !agent.isDiscarded ? rowOf(agent, jobState(job, agent), job) : undefined;
}

/** The row of an agent: its latest job, or itself. */
export function agentRow(state: State, agent: Agent): JobRow {
  return rowOf(agent, agentState(state, agent), agent.job ? state.jobs[agent.job] : undefined);
}

const ORDER: Record<JobStatus, number> = { running: 0, pending: 1, failed: 2, completed: 3 };

/** All jobs, and agents that never had one: running, pending, failed, completed; the newest first. */
export function jobRows(state: State): JobRow[] {
  const jobs = Object.values(state.jobs).flatMap((job) => jobRow(state, job) ?? []);
  const others = Object.values(state.agents).filter((agent) => !agent.job && !agent.isDiscarded);
  return [...jobs, ...others.map((agent) => agentRow(state, agent))].sort(
    (a, b) => ORDER[a.status] - ORDER[b.status] || b.createdAt - a.createdAt,
  );
}
