import type { Millis, Seq } from "../ids.ts";
import type { TaskNumber, TaskOrder } from "./facts.ts";

export type QueuedState = "pending" | "waiting" | "processing" | "completed" | "failed" | "interrupted" | "cancelled";

/** One task of the queue. Its prompt is the body of the fact `seq`. */
export interface QueuedTask {
  task: TaskNumber;
  seq: Seq;
  order: Omit<TaskOrder, "prompt">;
  preview: string;
  state: QueuedState;
  addedAt: Millis;
}

export interface Queue {
  tasks: Record<TaskNumber, QueuedTask>;
  /** The highest number given so far. */
  last: TaskNumber;
}
