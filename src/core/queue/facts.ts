import type { Permission } from "../facts.ts";

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
  driver?: string;
  model?: string;
  effort?: string;
  permission?: Permission;
}

/** What becomes of work that waits for an agent. */
export type QueueFact =
  /** `origin`: the same wish comes once. `body`: the whole prompt. */
  {
    type: "queue.added";
    task: TaskNumber;
    order: Omit<TaskOrder, "prompt">;
    preview: string;
    origin?: string;
    body: string;
  };
