import type { Activity, Permission } from "./facts.ts";
import type { AgentId, JobId, Mid, Millis, Seq, TeamName } from "./ids.ts";
import { type JobState, type JobStatus, jobState, jobStatus } from "./job-state.ts";
import type { Agent, Job, Message, State, Usage } from "./state.ts";

/** One job with the agent that has it, as `jobs --json` and the API tell it. */
export interface JobRow {
  id: JobId;
  agent: AgentId;
  status: JobStatus;
  state: JobState;
  prompt: string;
  driver: string;
  model?: string;
  effort?: string;
  permission?: Permission;
  cwd?: string;
  team?: TeamName;
  seat?: string;
  parent?: AgentId;
  createdAt: Millis;
  startedAt?: Millis;
  finishedAt?: Millis;
  reason: string;
  exitCode?: number | null;
  summary: string;
  activity?: Activity;
  detail?: string;
  tool?: string;
  question?: Agent["question"];
  usage?: Usage;
  turns: number;
  session?: string;
  pane?: string;
}

export interface Health {
  version: string;
  pid: number;
  home: string;
  seq: Seq;
  startedAt: Millis;
  agents: number;
}

/** A hook event as it came in; `payload` is its JSON. */
export interface HookEvent {
  id: number;
  at: Millis;
  agent: AgentId;
  event: string;
  tool: string | null;
  payload: string;
}

export interface WholeMessage extends Message {
  body: string;
}

/** First SSE event: everything up to `seq`. `gap`: facts before it were asked for and are not sent one by one. */
export interface Snapshot {
  seq: Seq;
  state: State;
  gap?: boolean;
}

export interface Started {
  agent: AgentId;
  job: JobId;
  mid: Mid;
}

export interface LoginCode {
  code: string;
  expiresAt: Millis;
}

/** What an error says: `code` of a Refusal, or of the guard (`token`, `host`, `origin`, `site`, `type`, `size`, `rate`). */
export interface ApiError {
  error: { code: string; message: string; hint: string };
}

/** A state without what only the daemon's own decisions need: the browser folds on from it. */
export const publicState = (state: State): State => ({ ...state, accepted: {} });

export function jobRow(state: State, job: Job): JobRow {
  const agent = state.agents[job.agent];
  const now = jobState(job, agent);
  const { id, prompt, createdAt, startedAt, finishedAt, reason, exitCode, summary } = job;
  const { driver = "unknown", model, effort, permission, cwd, team, seat, parent } = agent?.hire ?? {};
  const { activity, detail, tool, question, usage, turns = 0, session, pane } = agent ?? {};
  return {
    ...{
      id,
      agent: job.agent,
      status: jobStatus(job, now),
      state: now,
      prompt,
      driver,
      model,
      effort,
      permission,
      cwd,
    },
    ...{ team, seat, parent, createdAt, startedAt, finishedAt, reason, exitCode, summary, activity, detail, tool },
    ...{ question, usage, turns, session, pane },
  };
}

const ORDER: Record<JobStatus, number> = { running: 0, pending: 1, failed: 2, completed: 3 };

/** Running, pending, failed, completed; the newest first. */
export const jobRows = (state: State): JobRow[] =>
  Object.values(state.jobs)
    .map((job) => jobRow(state, job))
    .sort((a, b) => ORDER[a.status] - ORDER[b.status] || b.createdAt - a.createdAt);
