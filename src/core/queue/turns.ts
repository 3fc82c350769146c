import { configOf } from "../config/state.ts";
import { LEAD, type Millis } from "../ids.ts";
import { leadPercent } from "../lead/lifecycle.ts";
import { limitOf } from "../limits/accounts.ts";
import { isAlive, type State } from "../state.ts";
import type { TaskNumber } from "./facts.ts";
import { leadTask, openTasks, type QueuedTask } from "./state.ts";

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

/** Why the lead takes no task now; null = it does. */
function leadBusy(state: State): string | null {
  const { lead, agents, queue } = state;
  const agent = agents[LEAD];
  if (!lead.isWanted || !agent || agent.dismissed) return "there is no lead";
  if (!isAlive(agent)) return "the lead is not running";
  if (lead.clearing || lead.resume) return "the lead is being told where it stands";
  const current = leadTask(queue);
  if (current) return `the lead works on #${current.task}`;
  if ((leadPercent(state) ?? 0) >= configOf(state).clearPct) return "the lead's context is about to be cleared";
  return agent.activity === "idle" ? null : `the lead is ${agent.activity}`;
}

/** Why a task that is not over does not begin; null = it does now. `hint`: what would change it. */
export function waitsFor(state: State, task: QueuedTask): { reason: string; hint: string } | null {
  const parent = unfinished(state, task);
  if (parent) return { reason: `it waits for #${parent.task}, which is ${parent.state}`, hint: `#${parent.task} ends` };
  const ahead = openTasks(state.queue)
    .filter((one) => one.order.isDirect === task.order.isDirect && isReady(state, one))
    .sort(byTurn)
    .findIndex((one) => one.task === task.task);
  const before = ahead > 0 ? `; ${ahead} before it` : "";
  if (!task.order.isDirect) {
    const busy = leadBusy(state);
    const hint =
      busy === "there is no lead" ? "muster orchestrator start, or add it with --direct" : "the lead is idle";
    return busy || ahead > 0 ? { reason: `${busy ?? "others come first"}${before}`, hint } : null;
  }
  const limited = limitOf(state, { driver: task.order.driver ?? TASK_DRIVER });
  if (limited !== undefined) {
    const reason = `the account of ${task.order.driver ?? TASK_DRIVER} has reached its usage limit`;
    return { reason, hint: `it ends at ${new Date(limited).toISOString()}` };
  }
  const { parallel } = state.queue.limits;
  if (directAtWork(state) + Math.max(0, ahead) < parallel) return null;
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

/** The task that the lead gets now. */
export function nextForLead(state: State): QueuedTask | undefined {
  if (leadBusy(state) !== null) return undefined;
  return openTasks(state.queue)
    .filter((task) => !task.order.isDirect && isReady(state, task))
    .sort(byTurn)[0];
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
