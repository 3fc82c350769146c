import type { Event } from "../facts.ts";
import type { Agent, Job, State } from "../state.ts";
import type { JobFact } from "./facts.ts";
import { jobsOf } from "./numbering.ts";

/** What an assignment leaves when its agent gets another one: the next begins with a conversation and counts of its own. */
function close(job: Job, agent: Agent, logTo: number | undefined): void {
  const { usage, session, transcript } = agent;
  job.closed = { usage, session, transcript, logTo };
  agent.usage = undefined;
}

/** A job, new in the state and the latest of its agent. */
export function foldCreated(state: State, event: Event<"job.created">): void {
  const { job, agent: id, mid, prompt, at, timeoutMinutes, budget, clear, logFrom } = event;
  const agent = state.agents[id];
  const before = state.jobs[agent?.job ?? ""];
  if (agent && before && before.id !== job) close(before, agent, logFrom);
  state.jobs[job] = {
    ...{ id: job, agent: id, mid, prompt, createdAt: at, reason: "", summary: "" },
    ...(timeoutMinutes === undefined ? {} : { timeoutMinutes }),
    ...(budget === undefined ? {} : { budget }),
    ...(clear === undefined ? {} : { awaits: clear }),
    ...(logFrom === undefined ? {} : { logFrom }),
  };
  if (agent) agent.job = job;
}

export function foldFinished(state: State, event: Event<"job.finished">): void {
  const job = state.jobs[event.job];
  if (!job) return;
  job.outcome = event.outcome;
  job.reason = event.reason;
  job.exitCode = event.exitCode;
  job.finishedAt = event.at;
  delete job.stalled;
  delete job.awaits;
}

/** The conversation before a job was cleared: its prompt may be typed. */
export function foldCleared(state: State, { agent, control, ok }: Event<"control.finished">): void {
  const job = state.jobs[state.agents[agent]?.job ?? ""];
  if (ok && job?.awaits === control) delete job.awaits;
}

type Fold<T extends Event["type"]> = (state: State, event: Event<T>) => void;

/** Folds of what stands in `JobFact`. */
export const JOB_FOLDS: { [T in JobFact["type"]]: Fold<T> } = {
  "job.stalled": ({ jobs }, { job, seq, at, minutes }) => {
    const known = jobs[job];
    if (known) known.stalled = { seq, at, minutes };
  },
  "job.stirred": ({ jobs }, { job }) => {
    delete jobs[job]?.stalled;
  },
  "job.warned": ({ jobs }, { job, spent }) => {
    const known = jobs[job];
    if (known) known.warned = spent;
  },
  "job.overspent": ({ jobs }, { job, at, spent }) => {
    const known = jobs[job];
    if (known) known.overspent = { at, spent };
  },
  "agent.discarded": ({ agents }, { agent }) => {
    const known = agents[agent];
    if (known) known.isDiscarded = true;
  },
  "worktree.closed": ({ agents }, { agent }) => {
    const known = agents[agent];
    if (known) known.hire = { ...known.hire, worktree: undefined };
  },
  "worktree.merged": () => {},
  "agent.removed": (state, { agent }) => {
    for (const { id } of jobsOf(state, agent)) delete state.jobs[id];
    delete state.agents[agent];
  },
};
