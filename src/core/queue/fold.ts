import type { Event } from "../facts.ts";
import type { State } from "../state.ts";
import type { QueueFact } from "./facts.ts";
import { OVER_KEPT, type Queue, type QueuedTask } from "./state.ts";

type Step<T extends QueueFact["type"]> = (task: QueuedTask, event: Event<T>, queue: Queue) => void;

function end(task: QueuedTask, queue: Queue, state: "completed" | "failed" | "cancelled", at: number): void {
  task.state = state;
  task.finishedAt = at;
  queue.open = queue.open.filter((one) => one !== task.task);
  queue.over.push(task.task);
  while (queue.over.length > OVER_KEPT) delete queue.tasks[queue.over.shift() ?? 0];
}

function reopen(task: QueuedTask, queue: Queue): void {
  task.state = "pending";
  task.finishedAt = undefined;
  task.askedAt = undefined;
  queue.over = queue.over.filter((one) => one !== task.task);
  if (!queue.open.includes(task.task)) queue.open = [...queue.open, task.task].sort((left, right) => left - right);
}

type Known = Exclude<QueueFact["type"], "queue.added" | "queue.tuned">;

const STEPS: { [T in Known]: Step<T> } = {
  "queue.started": (task, { attempt, agent, at }) => {
    task.state = "processing";
    task.attempts = attempt;
    task.agent = agent;
    task.startedAt = at;
    task.askedAt = undefined;
  },
  "queue.asked": (task, { at }) => {
    task.askedAt = at;
  },
  "queue.returned": (task, { reason, isInterrupted }, queue) => {
    reopen(task, queue);
    task.result = reason;
    if (isInterrupted) task.interruptions += 1;
  },
  "queue.finished": (task, { outcome, result, at }, queue) => {
    task.result = result;
    end(task, queue, outcome, at);
  },
  "queue.cancelled": (task, { reason, at }, queue) => {
    task.result = reason;
    end(task, queue, "cancelled", at);
  },
  "queue.retried": (task, _, queue) => {
    reopen(task, queue);
    task.attempts = 0;
    task.interruptions = 0;
    task.result = "";
  },
  "queue.edited": (task, { priority, after, tags }) => {
    const { order } = task;
    const changed = { priority: priority ?? order.priority, after: after ?? order.after, tags: tags ?? order.tags };
    task.order = { ...order, ...changed };
  },
};

export function foldQueue(state: State, event: Event): void {
  const { queue } = state;
  if (event.type === "queue.tuned") queue.limits = { ...queue.limits, ...event.limits };
  else if (event.type === "queue.added") {
    const { task, order, preview, seq, at, origin } = event;
    const fresh = { state: "pending", attempts: 0, interruptions: 0, result: "" } as const;
    queue.tasks[task] = { task, seq, order, preview, addedAt: at, origin, ...fresh };
    queue.open.push(task);
    queue.last = Math.max(queue.last, task);
    if (origin) state.accepted[origin] = true;
  } else {
    const known = event as Event<Known>;
    const task = queue.tasks[known.task];
    if (task) (STEPS[known.type] as Step<Known>)(task, known, queue);
  }
}
