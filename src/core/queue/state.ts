import type { AgentId, Millis, Seq } from "../ids.ts";
import type { QueueLimits, TaskNumber, TaskOrder } from "./facts.ts";

/** `pending`: as soon as somebody is free; what it waits for besides is computed. */
export type QueuedState = "pending" | "processing" | "completed" | "failed" | "cancelled";

/** One task of the queue. Its prompt is the body of the fact `seq`. */
export interface QueuedTask {
  task: TaskNumber;
  seq: Seq;
  order: Omit<TaskOrder, "prompt">;
  preview: string;
  state: QueuedState;
  addedAt: Millis;
  /** Who works on it, or did last. */
  agent?: AgentId;
  attempts: number;
  /** Attempts whose agent was lost. */
  interruptions: number;
  startedAt?: Millis;
  finishedAt?: Millis;
  /** The lead was asked whether it is done. */
  askedAt?: Millis;
  /** Where it came from, if a trigger added it. */
  origin?: string;
  /** What came out, or why it failed or waits again. */
  result: string;
}

export interface Queue {
  tasks: Record<TaskNumber, QueuedTask>;
  /** Tasks that are not over, oldest first. */
  open: TaskNumber[];
  /** Tasks that are over, in that order: the oldest leave in time. */
  over: TaskNumber[];
  /** The highest number given so far. */
  last: TaskNumber;
  limits: QueueLimits;
}

/** Tasks that are over and kept in memory; older ones are in the ledger. */
export const OVER_KEPT = 1000;

const DEFAULT_LIMITS: QueueLimits = { parallel: 3, maxRunning: 15, timeoutMinutes: 240 };

export const noQueue = (): Queue => ({ tasks: {}, open: [], over: [], last: 0, limits: DEFAULT_LIMITS });

/** The task that this lead works on. */
export const leadTask = (queue: Queue, lead: AgentId): QueuedTask | undefined =>
  openTasks(queue).find((task) => task.state === "processing" && task.agent === lead);

/** The tasks that are not over, oldest first. */
export const openTasks = ({ tasks, open }: Queue): QueuedTask[] => open.flatMap((task) => tasks[task] ?? []);
