import type { Activity } from "./facts.ts";
import type { Principal } from "./ids.ts";
import { type Agent, isAlive, type Job, type State } from "./state.ts";

/** What a job is doing, as people are told. */
export type JobState =
  | "pending"
  | "starting"
  | "running"
  | "needs_user"
  | "limited"
  | "idle"
  | "completed"
  | "failed"
  | "lost";

/** The guide's four values, for programs that know only these. */
export type JobStatus = "pending" | "running" | "completed" | "failed";

const OF_ACTIVITY: Record<Activity, JobState> = {
  starting: "starting",
  idle: "idle",
  busy: "running",
  waiting: "needs_user",
  limited: "limited",
  exited: "lost",
  lost: "lost",
  unknown: "running",
};

/** Why a job has failed that a person ended: no news to that person. */
export const KILLED = "killed by user";

/** Whose word ended a job. */
export const killedBy = (by: Principal): string => (by.kind === "agent" ? `killed by ${by.agent}` : KILLED);

/** A terminal that still stands open after its job was done: what its CLI does now is what counts. */
const afterwards = (agent: Agent): JobState => {
  const now = OF_ACTIVITY[agent.activity];
  return now === "starting" ? "completed" : now;
};

/** The state of a job, from its record and the agent that has it. */
export function jobState(job: Job, agent: Agent | undefined): JobState {
  const isLatest = agent?.job === job.id;
  if (job.outcome === "completed")
    return agent && isLatest && isAlive(agent) && !agent.dismissed ? afterwards(agent) : "completed";
  if (job.outcome) return job.outcome;
  if (!agent || !isLatest) return "lost";
  if (agent.activity === "waiting" || job.stalled) return "needs_user";
  if (agent.incarnation === 0) return "pending";
  if (agent.activity === "idle" && job.startedAt === undefined) return "starting";
  return OF_ACTIVITY[agent.activity];
}

/** The state of an agent, with or without a job. */
export function agentState(state: State, agent: Agent): JobState {
  const job = agent.job ? state.jobs[agent.job] : undefined;
  if (job) return jobState(job, agent);
  if (agent.isAbandoned && !agent.dismissed) return "needs_user";
  if (agent.dismissed) return agent.dismissed.completed ? "completed" : "failed";
  return agent.incarnation === 0 && agent.activity === "starting" ? "pending" : OF_ACTIVITY[agent.activity];
}

/** An idle terminal counts as completed once its job's turn ended normally, and as running before that. */
export function statusOf(state: JobState, job?: Job): JobStatus {
  if (state === "idle") return job?.outcome === "completed" ? "completed" : "running";
  if (state === "lost") return "failed";
  if (state === "pending" || state === "completed" || state === "failed") return state;
  return "running";
}
