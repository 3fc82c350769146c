import type { AgentId, Millis } from "../ids.ts";
import { leadName } from "../lead/state.ts";
import { type LimitedAccounts, limitedAccounts, limitOf } from "../limits/accounts.ts";
import type { State } from "../state.ts";
import type { TaskNumber } from "./facts.ts";
import { type BusyLeads, busyLeads, freeLead, leadsFor } from "./routing.ts";
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

/** Where all tasks stand in the queue: computed once for as many of them as one asks about. */
export interface Turns {
  /** How many of its kind come before a task that is ready. */
  ahead: ReadonlyMap<TaskNumber, number>;
  busy: BusyLeads;
  /** The task that a lead gets now. */
  next?: QueuedTask;
  directAtWork: number;
  limited: LimitedAccounts;
}

export function turnsOf(state: State): Turns {
  const ready = readyTasks(state);
  const places = (isDirect: boolean) =>
    ready.filter(({ order }) => order.isDirect === isDirect).map(({ task }, place) => [task, place] as const);
  return {
    ...{ ahead: new Map([...places(true), ...places(false)]), busy: busyLeads(state) },
    ...{ next: nextForLead(state)?.task, directAtWork: directAtWork(state), limited: limitedAccounts(state) },
  };
}

/** What could begin, in the order of its turn. */
const readyTasks = (state: State): QueuedTask[] =>
  openTasks(state.queue)
    .filter((task) => isReady(state, task))
    .sort(byTurn);

interface Wait {
  reason: string;
  /** What would change it. */
  hint: string;
}

/** Why a task that is not over does not begin; null = it does now. */
export function waitsFor(state: State, task: QueuedTask, turns = turnsOf(state)): Wait | null {
  const parent = unfinished(state, task);
  if (parent) return { reason: `it waits for #${parent.task}, which is ${parent.state}`, hint: `#${parent.task} ends` };
  return task.order.isDirect ? directWait(state, task, turns) : leadWait(state, task, turns);
}

/** `because` and how many come before it. */
function after({ ahead }: Turns, { task }: QueuedTask, because: string): string {
  const before = ahead.get(task) ?? 0;
  return before > 0 ? `${because}; ${before} before it` : because;
}

function leadWait(state: State, task: QueuedTask, turns: Turns): Wait | null {
  const { busy, next } = turns;
  if (next === task) return null;
  const leads = leadsFor(state, task);
  if (leads.length === 0)
    return {
      reason: after(turns, task, "there is no lead"),
      hint: "muster orchestrator start, or add it with --direct",
    };
  const hint = leads.length > 1 ? "one of them is idle" : `${leadName(leads[0])} is idle`;
  if (freeLead(state, task, busy) !== undefined) return { reason: after(turns, task, "others come first"), hint };
  return { reason: after(turns, task, leads.map((lead) => busy.get(lead)).join(", ")), hint };
}

/** Whose login the agent of a direct task will use. */
const loginOf = ({ order: { driver = TASK_DRIVER, account } }: QueuedTask) => ({ driver, account });

function directWait(state: State, task: QueuedTask, turns: Turns): Wait | null {
  const { driver } = loginOf(task);
  const limited = limitOf(turns.limited, loginOf(task));
  if (limited !== undefined) {
    const hint = `it ends at ${new Date(limited).toISOString()}`;
    return { reason: `the account of ${driver} has reached its usage limit`, hint };
  }
  const { parallel } = state.queue.limits;
  if (turns.directAtWork + (turns.ahead.get(task.task) ?? 0) < parallel) return null;
  const reason = after(turns, task, `${parallel} direct tasks are at work`);
  return { reason, hint: "one of them ends, or muster queue limits" };
}

/** The direct tasks that begin now, in order. */
export function nextDirect(state: State): QueuedTask[] {
  const free = state.queue.limits.parallel - directAtWork(state);
  if (free <= 0) return [];
  const limited = limitedAccounts(state);
  return readyTasks(state)
    .filter((task) => task.order.isDirect && limitOf(limited, loginOf(task)) === undefined)
    .slice(0, free);
}

/** The task that a lead gets now, and which lead. */
export function nextForLead(state: State): { task: QueuedTask; lead: AgentId } | undefined {
  const busy = busyLeads(state);
  for (const task of readyTasks(state)) {
    const lead = task.order.isDirect ? undefined : freeLead(state, task, busy);
    if (lead !== undefined) return { task, lead };
  }
  return undefined;
}

/** When a task that is at work has taken too long. */
export const deadlineOf = ({ queue }: State, { startedAt = 0 }: QueuedTask): Millis =>
  startedAt + queue.limits.timeoutMinutes * 60_000;
