import type { AgentId, Millis } from "../ids.ts";
import { limitOf } from "../limits/accounts.ts";
import type { State } from "../state.ts";
import type { TaskNumber } from "./facts.ts";
import { freeLead, hasFreeLead, leadBusy, leadName, leadsFor } from "./routing.ts";
import { openTasks, type QueuedTask } from "./state.ts";

/** Which CLI a task gets unless it names one. */
export const TASK_DRIVER = "claude";

/** The first of its parents that is not completed; undefined = none. One that was forgotten ended long ago. */
function unfinished({ queue }: State, { order }: QueuedTask): QueuedTask | undefined {
  return order.after.map((task) => queue.tasks[task]).find((parent) => parent && parent.state !== "completed");
}

const isReady = (state: State, task: QueuedTask): boolean =>
  task.state === "pending" && unfinished(state, task) === undefined;

const byTurn = (left: QueuedTask, right: QueuedTask): number =>
  right.order.priority - left.order.priority || left.task - right.task;

const directAtWork = ({ queue }: State): number =>
  openTasks(queue).filter((task) => task.state === "processing" && task.order.isDirect).length;

/** Tasks of the same kind that come before this one. */
const aheadOf = (state: State, task: QueuedTask): number =>
  openTasks(state.queue)
    .filter((one) => one.order.isDirect === task.order.isDirect && isReady(state, one))
    .sort(byTurn)
    .findIndex((one) => one.task === task.task);

/** Why a task that is not over does not begin; null = it does now. `hint`: what would change it. */
export function waitsFor(state: State, task: QueuedTask): { reason: string; hint: string } | null {
  const parent = unfinished(state, task);
  if (parent) return { reason: `it waits for #${parent.task}, which is ${parent.state}`, hint: `#${parent.task} ends` };
  return task.order.isDirect ? directWaits(state, task) : leadWaits(state, task);
}

function leadWaits(state: State, task: QueuedTask): { reason: string; hint: string } | null {
  const isFree = freeLead(state, task) !== undefined;
  if (isFree && nextForLead(state)?.task === task) return null;
  const ahead = aheadOf(state, task);
  const before = ahead > 0 ? `; ${ahead} before it` : "";
  const leads = leadsFor(state, task);
  if (leads.length === 0)
    return { reason: `there is no lead${before}`, hint: "muster orchestrator start, or add it with --direct" };
  const hint = leads.length > 1 ? "one of them is idle" : `${leadName(leads[0])} is idle`;
  const reason = isFree ? "others come first" : leads.map((lead) => leadBusy(state, lead)).join(", ");
  return { reason: `${reason}${before}`, hint };
}

function directWaits(state: State, task: QueuedTask): { reason: string; hint: string } | null {
  const ahead = aheadOf(state, task);
  const limited = limitOf(state, { driver: task.order.driver ?? TASK_DRIVER });
  if (limited !== undefined) {
    const reason = `the account of ${task.order.driver ?? TASK_DRIVER} has reached its usage limit`;
    return { reason, hint: `it ends at ${new Date(limited).toISOString()}` };
  }
  const { parallel } = state.queue.limits;
  if (directAtWork(state) + Math.max(0, ahead) < parallel) return null;
  const before = ahead > 0 ? `; ${ahead} before it` : "";
  return { reason: `${parallel} direct tasks are at work${before}`, hint: "one of them ends, or muster queue limits" };
}

/** The direct tasks that begin now, in order. */
export function nextDirect(state: State): QueuedTask[] {
  const free = state.queue.limits.parallel - directAtWork(state);
  if (free <= 0) return [];
  return openTasks(state.queue)
    .filter((task) => task.order.isDirect && isReady(state, task))
    .filter(({ order }) => limitOf(state, { driver: order.driver ?? TASK_DRIVER }) === undefined)
    .sort(byTurn)
    .slice(0, free);
}

/** The task that a lead gets now, and which lead. */
export function nextForLead(state: State): { task: QueuedTask; lead: AgentId } | undefined {
  if (!hasFreeLead(state)) return undefined;
  const ready = openTasks(state.queue).filter((task) => !task.order.isDirect && isReady(state, task));
  for (const task of ready.sort(byTurn)) {
    const lead = freeLead(state, task);
    if (lead !== undefined) return { task, lead };
  }
  return undefined;
}

/** When a task that is at work has taken too long. */
export const deadlineOf = ({ queue }: State, { startedAt = 0 }: QueuedTask): Millis =>
  startedAt + queue.limits.timeoutMinutes * 60_000;

/** The way from a task back to itself over what comes before it, as `#1 → #2 → #1`; null = there is none. */
export function cycleOf({ queue }: State, task: TaskNumber, after: TaskNumber[]): string | null {
  const search = (at: TaskNumber, path: TaskNumber[]): TaskNumber[] | null => {
    if (at === task) return path;
    if (path.length > 100) return null;
    for (const next of queue.tasks[at]?.order.after ?? []) {
      const found = search(next, [...path, next]);
      if (found) return found;
    }
    return null;
  };
  for (const first of after) {
    const found = search(first, [task, first]);
    if (found) return found.map((one) => `#${one}`).join(" → ");
  }
  return null;
}
