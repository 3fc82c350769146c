import type { State } from "../state.ts";
import type { TaskNumber } from "./facts.ts";
import { openTasks, type Queue, type QueuedTask } from "./state.ts";

export const blockedBy = (task: TaskNumber): string => `blocked: #${task} was not completed`;

/** By each task, those that name it as what they come after. */
function childrenOf(tasks: QueuedTask[]): Map<TaskNumber, QueuedTask[]> {
  const children = new Map<TaskNumber, QueuedTask[]>();
  for (const task of tasks) {
    for (const parent of task.order.after) {
      const known = children.get(parent);
      if (known) known.push(task);
      else children.set(parent, [task]);
    }
  }
  return children;
}

/** The open tasks that can never begin when this one is not completed, the nearest first, each with what blocks it. */
export function behind({ queue }: State, task: TaskNumber): { task: TaskNumber; blocker: TaskNumber }[] {
  const found = new Map<TaskNumber, TaskNumber>([[task, task]]);
  // Most tasks have nothing behind them, and no table is needed to see that.
  const open = openTasks(queue);
  if (!open.some(({ order }) => order.after.includes(task))) return [];
  const children = childrenOf(open);
  for (const [blocker] of found) {
    for (const child of children.get(blocker) ?? []) if (!found.has(child.task)) found.set(child.task, blocker);
  }
  found.delete(task);
  return [...found].map(([one, blocker]) => ({ task: one, blocker }));
}

/** What came after it and failed for no other reason. */
const isBlocked = (task: QueuedTask): boolean =>
  task.state === "failed" && task.order.after.some((parent) => task.result === blockedBy(parent));

/** What a task comes after, and that will not be completed unless it is tried again. */
export const brokenParents = ({ tasks }: Queue, { order }: QueuedTask): QueuedTask[] =>
  order.after.flatMap((parent) => {
    const known = tasks[parent];
    return known?.state === "failed" || known?.state === "cancelled" ? [known] : [];
  });

/** The task and all that was blocked behind it, as far as nothing else blocks them still. */
export function withBlocked({ queue }: State, task: TaskNumber): TaskNumber[] {
  const again = new Set<TaskNumber>([task]);
  const children = childrenOf(Object.values(queue.tasks).filter(isBlocked));
  for (const parent of again) {
    for (const child of children.get(parent) ?? [])
      if (brokenParents(queue, child).every((one) => again.has(one.task))) again.add(child.task);
  }
  return [...again];
}

/** Numbers of a circle that are named. */
const NAMED = 8;

/** The way from a task back to itself over what comes before it, as `#1 → #2 → #1`; null = there is none. */
export function cycleOf({ queue }: State, task: TaskNumber, after: TaskNumber[]): string | null {
  /** Each task on the way, and whose parent it is: looked at once, however many ways lead there. */
  const from = new Map<TaskNumber, TaskNumber>();
  const next = after.map((parent) => [parent, task] as const);
  for (let step = next.pop(); step; step = next.pop()) {
    const [at, child] = step;
    if (at === task) return named(wayBack(from, task, child));
    if (from.has(at)) continue;
    from.set(at, child);
    for (const parent of queue.tasks[at]?.order.after ?? []) next.push([parent, at]);
  }
  return null;
}

function wayBack(from: ReadonlyMap<TaskNumber, TaskNumber>, task: TaskNumber, last: TaskNumber): TaskNumber[] {
  const way = [task];
  for (let at = last; at !== task; at = from.get(at) ?? task) way.unshift(at);
  return [task, ...way];
}

function named(circle: TaskNumber[]): string {
  const numbers = circle.map((task) => `#${task}`);
  const shown = numbers.length <= NAMED ? numbers : [...numbers.slice(0, 4), "…", ...numbers.slice(-3)];
  return shown.join(" → ");
}
