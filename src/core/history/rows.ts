import type { Event, FactType } from "../facts.ts";
import { jobState, statusOf } from "../job-state.ts";
import { jobsOf, numberOfJob } from "../jobs/numbering.ts";
import { toldCost } from "../jobs/prices.ts";
import type { Notice } from "../notices.ts";
import type { QueuedTask } from "../queue/state.ts";
import { taskRow } from "../queue/view.ts";
import { sentence } from "../sentence.ts";
import { type Agent, isAlive, type Job, type State, type Team } from "../state.ts";
import { preview } from "../text.ts";
import type { Approval } from "../triggers/state.ts";
import { modeRows } from "../triggers/view.ts";
import type { Entry, Row } from "./book.ts";

const SUMMARY = 500;

function usageOf(agent: Agent, job: Job): Row {
  const usage = job.closed ? job.closed.usage : agent.job === job.id ? agent.usage : undefined;
  if (!usage) return {};
  return {
    ...{ told_context: usage.contextTokens, context_size: usage.contextSize ?? null, told_cost: toldCost(usage.cost) },
  };
}

function sessionOf(agent: Agent, job: Job): Row {
  const session = job.closed ? job.closed.session : job.awaits === undefined ? agent.session : undefined;
  return session === undefined ? {} : { session };
}

const hireRow = ({ hire }: Agent): Row => ({
  ...{ agent: hire.agent, driver: hire.driver, hired_model: hire.model ?? null, reasoning: hire.effort ?? null },
  ...{ sandbox: hire.permission, parent: hire.parent ?? null, team: hire.team ?? null, cwd: hire.cwd },
  ...(hire.worktree === undefined ? {} : { worktree: JSON.stringify(hire.worktree) }),
  ...{ tmux_session: `muster-${hire.agent}`, depends_on: JSON.stringify(hire.after ?? []) },
});

/** A job's row, without what its conversation tells. `prompt`: the whole one. */
export function jobEntry(state: State, agent: Agent, job: Job, prompt: string | null): Entry {
  const { hire } = agent;
  const now = jobState(job, agent);
  const isOpen = agent.job === job.id && isAlive(agent);
  const original = jobsOf(state, hire.agent)[0]?.prompt ?? job.prompt;
  return {
    keep: "job_history",
    row: {
      ...hireRow(agent),
      ...{ id: job.id, run: numberOfJob(job.id), status: statusOf(now, job), state: now, outcome: job.outcome ?? null },
      ...{ prompt: job.prompt, original_prompt: original, ...(prompt === null ? {} : { whole_prompt: prompt }) },
      ...{ created_at: job.createdAt, started_at: job.startedAt ?? null, finished_at: job.finishedAt ?? null },
      ...{ pid: isOpen ? (agent.pid ?? null) : null, exit_code: job.exitCode ?? null, error: job.reason || null },
      ...{ reuse_count: numberOfJob(job.id) - 1, result_summary: preview(job.summary, SUMMARY) || null },
      ...usageOf(agent, job),
      ...sessionOf(agent, job),
    },
  };
}

export function taskEntry(state: State, task: QueuedTask, prompt: string | null): Entry {
  const { task: id, attempts, interruptions, result, agent, startedAt, finishedAt, addedAt, order } = task;
  return {
    keep: "orchestrator_queue",
    row: {
      ...{ id, status: taskRow(state, task).status, priority: order.priority, prompt: prompt ?? task.preview },
      ...{ agent: agent ?? null, attempts, interruptions, result, added_at: addedAt },
      ...{ started_at: startedAt ?? null, finished_at: finishedAt ?? null },
      metadata: JSON.stringify({ ...order, origin: task.origin }),
    },
  };
}

export function approvalEntry({ id, name, why, action, at, until, decided }: Approval): Entry {
  return {
    keep: "approvals",
    row: {
      ...{ id, trigger: name, why, action: JSON.stringify(action), asked_at: at, until },
      ...{ decision: decided?.decision ?? null, decided_by: decided?.by ?? null },
      ...{ decided_at: decided?.at ?? null, comment: decided?.comment ?? null },
    },
  };
}

export function teamEntry({ name, topology, repo, seats, formedAt, stopped }: Team, stoppedAt: number | null): Entry {
  return {
    keep: "teams",
    row: {
      ...{ name, topology, repo, formed_at: formedAt, members: JSON.stringify(seats) },
      ...{ reason: stopped ?? null, ...(stopped === undefined ? { stopped_at: null } : {}) },
      ...(stoppedAt === null ? {} : { stopped_at: stoppedAt }),
    },
  };
}

/** All triggers and modes as they are now. */
export function triggerEntries(state: State): Entry[] {
  const triggers = Object.values(state.triggers.all).map((trigger): Row => {
    const { name, type, condition, action, autonomy, cooldown, isOn, fired, firedAt, addedAt } = trigger;
    return {
      ...{ name, type, condition, action: JSON.stringify(action), autonomy, cooldown, enabled: isOn ? 1 : 0, fired },
      ...{ fired_at: firedAt ?? null, added_at: addedAt },
    };
  });
  const modes = modeRows(state).map(
    ({ name, description, triggers: names, isPreset, isActive }): Row => ({
      ...{ name, description, triggers: JSON.stringify(names), preset: isPreset ? 1 : 0, active: isActive ? 1 : 0 },
    }),
  );
  return [
    { replace: "orchestrator_triggers", rows: triggers },
    { replace: "orchestrator_modes", rows: modes },
  ];
}

/** Facts of automatic acts: what triggers, the queue and the lead did by themselves. */
export const AUTOMATIC =
  /^(?:trigger\.(?:fired|skipped)|approval\.|queue\.(?:started|returned|finished)|lead\.|limit\.|mode\.)/;

function activityEntry(event: Event, state: State): Entry[] {
  if (!AUTOMATIC.test(event.type)) return [];
  const { who, text } = sentence(event, state);
  const given = event as { why?: string; reason?: string; cause?: number };
  const why = given.why ?? given.reason ?? (given.cause === undefined ? "" : `fact ${given.cause}`);
  const { seq, at, by, type } = event;
  return [{ add: "orchestrator_activity", row: { seq, at, who: by, why, what: `${type} ${who}`, result: text } }];
}

type Told = [kind: string, level: Notice["level"], text: string, about?: string];

const NOTICES: { [T in FactType]?: (event: Event<T>) => Told } = {
  "notice.raised": ({ level, text, about }) => ["notice", level, text, about],
  "job.finished": ({ job, outcome, reason }) =>
    outcome === "completed"
      ? ["job_completed", "info", `job ${job} is completed`, job]
      : ["job_failed", "error", `job ${job} ${outcome}${reason ? `: ${reason}` : ""}`, job],
  "approval.asked": ({ name, why }) => ["approval", "warning", `trigger ${name} asks: ${why}`, name],
  "lead.warned": ({ percent }) => ["context", "warning", `the lead's context is ${percent} % full`, "orch"],
};

function noticeEntry(event: Event): Entry[] {
  if (event.type === "notice.read") return [{ read: { upTo: event.upTo, ids: event.ids }, at: event.at }];
  const tell = NOTICES[event.type] as ((event: Event) => Told) | undefined;
  if (!tell) return [];
  const [kind, level, text, about = null] = tell(event);
  return [{ add: "notifications", row: { id: event.seq, at: event.at, kind, level, text, about } }];
}

/** What a fact adds for ever: an automatic act, a notification. */
export const addedBy = (event: Event, state: State): Entry[] => [...activityEntry(event, state), ...noticeEntry(event)];
