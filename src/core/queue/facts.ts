import type { Permission } from "../facts.ts";
import type { AgentId } from "../ids.ts";

/** A task's number, shown as `#n`. */
export type TaskNumber = number;

/** What a task of the queue wants, and of whom. */
export interface TaskOrder {
  prompt: string;
  /** Higher first; among equals the oldest. */
  priority: number;
  /** Tasks that must be completed before. */
  after: TaskNumber[];
  cwd: string;
  /** Started as a job of its own, without a lead. */
  isDirect: boolean;
  /** How often it is tried again after a failure. */
  retries: number;
  /** What it is about: of several leads, the one that is for this gets it. */
  tags?: string[];
  driver?: string;
  /** Of a direct one: whose login its agent will use. */
  account?: string;
  model?: string;
  effort?: string;
  permission?: Permission;
}

/** What holds for all tasks and jobs of a home. */
export interface QueueLimits {
  /** Direct tasks at work at the same time. */
  parallel: number;
  /** Jobs at work at the same time; more wait. */
  maxRunning: number;
  /** A task that takes longer has failed. */
  timeoutMinutes: number;
}

/** What becomes of work that waits for an agent. */
export type QueueFact =
  /** `origin`: the same wish comes once. `body`: the whole prompt. */
  | {
      type: "queue.added";
      task: TaskNumber;
      order: Omit<TaskOrder, "prompt">;
      preview: string;
      origin?: string;
      body: string;
    }
  /** Given to this agent: the lead, or one hired for it. */
  | { type: "queue.started"; task: TaskNumber; attempt: number; agent: AgentId }
  /** The lead fell silent over it and was asked whether it is done. */
  | { type: "queue.asked"; task: TaskNumber }
  /** It waits again. `isInterrupted`: its agent was lost; nobody knows how far it came. */
  | { type: "queue.returned"; task: TaskNumber; reason: string; isInterrupted: boolean }
  | { type: "queue.finished"; task: TaskNumber; outcome: "completed" | "failed"; result: string }
  | { type: "queue.cancelled"; task: TaskNumber; reason: string }
  /** A person or the lead wants it tried again. */
  | { type: "queue.retried"; task: TaskNumber }
  | { type: "queue.edited"; task: TaskNumber; priority?: number; after?: TaskNumber[]; tags?: string[] }
  | { type: "queue.tuned"; limits: Partial<QueueLimits> };

/** Only the daemon sees these. */
export const QUEUE_OBSERVED = [
  "queue.asked",
  "queue.returned",
  "queue.finished",
] as const satisfies readonly QueueFact["type"][];
