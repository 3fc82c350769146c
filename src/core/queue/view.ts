import type { Millis } from "../ids.ts";
import type { State } from "../state.ts";
import type { QueuedState, QueuedTask } from "./state.ts";
import { type Turns, turnsOf, waitsFor } from "./turns.ts";

/** What is told of a task; `waiting` and `interrupted` are pending tasks of which more is known. */
export type TaskStatus = QueuedState | "waiting" | "interrupted";

export interface TaskRow {
  task: number;
  status: TaskStatus;
  priority: number;
  after: number[];
  direct: boolean;
  retries: number;
  prompt: string;
  agent?: string;
  attempts: number;
  interruptions: number;
  addedAt: Millis;
  startedAt?: Millis;
  finishedAt?: Millis;
  result: string;
  /** What it waits for, and what would change it. */
  waits?: { reason: string; hint: string };
  driver?: string;
  /** What it is about: a lead that is for this gets it. */
  tags: string[];
  cwd: string;
}

function statusOf(task: QueuedTask, isWaiting: boolean): TaskStatus {
  if (task.state !== "pending") return task.state;
  return task.interruptions > 0 ? "interrupted" : isWaiting ? "waiting" : "pending";
}

export function taskRow(state: State, task: QueuedTask, turns?: Turns): TaskRow {
  const waits = task.state === "pending" ? waitsFor(state, task, turns) : null;
  const { order, preview, agent, attempts, interruptions, addedAt, startedAt, finishedAt, result } = task;
  const { priority, after, isDirect: direct, retries, driver, cwd, tags = [] } = order;
  return {
    ...{ task: task.task, status: statusOf(task, waits !== null), priority, after, direct, retries, prompt: preview },
    ...{ agent, attempts, interruptions, addedAt, startedAt, finishedAt, result, driver, tags, cwd },
    waits: waits ?? undefined,
  };
}

const ORDER: Record<QueuedState, number> = { processing: 0, pending: 1, failed: 2, cancelled: 3, completed: 4 };

/** At work first, then what waits in its turn, then what is over, the newest first. */
export function taskRows(state: State): TaskRow[] {
  const turns = turnsOf(state);
  return Object.values(state.queue.tasks)
    .sort((left, right) => ORDER[left.state] - ORDER[right.state] || within(left, right))
    .map((task) => taskRow(state, task, turns));
}

const within = (left: QueuedTask, right: QueuedTask): number =>
  left.state === "pending"
    ? right.order.priority - left.order.priority || left.task - right.task
    : (right.finishedAt ?? 0) - (left.finishedAt ?? 0) || left.task - right.task;
