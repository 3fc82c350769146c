import type { State } from "../state.ts";
import type { QueueFact } from "./facts.ts";

const isAtWork = ({ queue }: State, { task }: { task: number }): boolean => queue.tasks[task]?.state === "processing";

/** Reports about tasks that nobody works on any more say nothing new. */
export const QUEUE_CHECKS: {
  [T in QueueFact["type"]]?: (state: State, fact: Extract<QueueFact, { type: T }>) => boolean;
} = {
  "queue.asked": (state, fact) => isAtWork(state, fact) && state.queue.tasks[fact.task]?.askedAt === undefined,
  "queue.returned": isAtWork,
  "queue.finished": ({ queue }, { task }) =>
    queue.tasks[task] !== undefined && queue.tasks[task]?.finishedAt === undefined,
};
