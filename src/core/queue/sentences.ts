import { nameOf, plain, quiet, type Sayings } from "../saying.ts";
import type { QueueFact } from "./facts.ts";

const who = (task: number): string => `#${task}`;
const because = (text: string): string => (text ? `: ${text}` : "");

export const QUEUE_SAYINGS: Sayings<QueueFact["type"]> = {
  "queue.added": ({ task, preview }) => ({ ...plain(`waits in the queue: ${preview}`), who: who(task) }),
  "queue.started": ({ task, agent, attempt }, state) => {
    const again = attempt > 1 ? ` (attempt ${attempt})` : "";
    return { ...plain(`begins with ${nameOf(state, agent)}${again}`), who: who(task) };
  },
  "queue.asked": ({ task }) => ({ ...quiet("the lead is asked whether it is done"), who: who(task) }),
  "queue.returned": ({ task, reason, isInterrupted }) => ({
    ...{ tone: "warn", who: who(task) },
    text: `waits again${isInterrupted ? ", interrupted" : ""}: ${reason}`,
  }),
  "queue.finished": ({ task, outcome, result }) => ({
    ...{ tone: outcome === "completed" ? "good" : "bad", who: who(task) },
    text: `${outcome}${because(result)}`,
  }),
  "queue.cancelled": ({ task, reason }) => ({ ...plain(`removed: ${reason}`), who: who(task) }),
  "queue.retried": ({ task }) => ({ ...plain("is to be tried again"), who: who(task) }),
  "queue.edited": ({ task }) => ({ ...quiet("has another place in the queue"), who: who(task) }),
  "queue.tuned": ({ limits }) => ({ ...plain(`limits: ${JSON.stringify(limits)}`), who: "queue" }),
};
