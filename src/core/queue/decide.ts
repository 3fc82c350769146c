import type { CommandOf } from "../commands.ts";
import type { Fact } from "../facts.ts";
import { addressOf, isLead, type Principal } from "../ids.ts";
import { Refusal } from "../refusal.ts";
import type { State } from "../state.ts";
import { preview, visible } from "../text.ts";
import { brokenParents, cycleOf, withBlocked } from "./chain.ts";
import type { QueueLimits, TaskNumber } from "./facts.ts";
import type { QueuedTask } from "./state.ts";
import { requireTags } from "./tags.ts";

/** Tasks that wait at the same time. */
const OPEN_LIMIT = 10_000;
const LIMITS: Record<keyof QueueLimits, number> = { parallel: 100, maxRunning: 1000, timeoutMinutes: 100_000 };

function taskNamed({ queue }: State, task: TaskNumber): QueuedTask {
  const known = queue.tasks[task];
  if (!known) throw new Refusal("missing", `no task #${task}`, "muster queue lists them");
  return known;
}

function requireParents(state: State, after: TaskNumber[]): void {
  for (const parent of after) requireUnbroken(taskNamed(state, parent));
}

function requireUnbroken({ task, state: is }: QueuedTask): void {
  if (is !== "failed" && is !== "cancelled") return;
  const why = `#${task} is ${is}: what comes after it would never begin`;
  throw new Refusal("state", why, `muster queue retry ${task}`);
}

function requireWhole(what: string, value: number, most: number, least = 0): void {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return;
  throw new Refusal("usage", `${what} ${value} is not a whole number from ${least} to ${most}`, "give another one");
}

/** Tags say which lead a task is for; a direct one is for none. */
function requireTagsOf({ isDirect }: { isDirect: boolean }, tags: string[] = []): void {
  requireTags(tags);
  if (isDirect && tags.length > 0)
    throw new Refusal("usage", "a direct task has an agent of its own, whatever its tags", "leave out one of the two");
}

/** Adds a task to the queue. A repeated `origin` adds nothing. */
export function enqueue(state: State, { order, origin }: CommandOf<"enqueue">): Fact[] {
  if (origin && state.accepted[origin]) return [];
  const { prompt, ...rest } = order;
  const body = visible(prompt);
  if (body.trim() === "") throw new Refusal("usage", "the prompt is empty", 'muster queue add "what to do"');
  requireWhole("priority", rest.priority, 1_000_000, -1_000_000);
  requireWhole("retries", rest.retries, 100);
  requireTagsOf(rest, rest.tags);
  requireParents(state, rest.after);
  if (state.queue.open.length >= OPEN_LIMIT)
    throw new Refusal("state", `${OPEN_LIMIT} tasks wait already`, "let some of them end first");
  return [{ type: "queue.added", task: state.queue.last + 1, order: rest, preview: preview(body, 200), origin, body }];
}

/** Gives a task to an agent: a lead, or one that is hired for it in the same transaction. */
export function assign(state: State, { task: number, agent, letter }: CommandOf<"assign">, start: Fact[]): Fact[] {
  const task = taskNamed(state, number);
  if (task.state !== "pending" || state.accepted[letter]) return [];
  return [{ type: "queue.started", task: number, attempt: task.attempts + 1, agent }, ...start];
}

/** Says that a task is over: a person, or a lead for what it was given. */
export function conclude(state: State, command: CommandOf<"conclude">, by: Principal): Fact[] {
  const { task: number, outcome, result } = command;
  const task = taskNamed(state, number);
  if (task.finishedAt !== undefined)
    throw new Refusal("state", `#${number} is ${task.state} already`, `muster queue show ${number}`);
  if (by.kind === "agent" && (!isLead(by.agent) || task.agent !== by.agent || task.state !== "processing"))
    throw new Refusal("forbidden", `#${number} was not given to ${addressOf(by)}`, "muster queue lists yours");
  return [{ type: "queue.finished", task: number, outcome, result: visible(result) }];
}

export function withdraw(state: State, { task: number, isForced }: CommandOf<"withdraw">): Fact[] {
  const task = taskNamed(state, number);
  if (task.finishedAt !== undefined)
    throw new Refusal("state", `#${number} is ${task.state} already`, "what is over stays in the history");
  if (task.state === "processing" && !isForced)
    throw new Refusal("state", `agent ${task.agent} works on #${number}`, `muster queue remove ${number} --force`);
  return [{ type: "queue.cancelled", task: number, reason: "removed by user" }];
}

/** Tries again what failed, and what failed only because it comes after. */
export function retry(state: State, { task: number }: CommandOf<"retry">): Fact[] {
  const task = taskNamed(state, number);
  if (task.finishedAt === undefined || task.state === "completed")
    throw new Refusal("state", `#${number} is ${task.state}`, "only what failed or was removed is tried again");
  for (const parent of brokenParents(state.queue, task)) requireUnbroken(parent);
  return withBlocked(state, number).map((one): Fact => ({ type: "queue.retried", task: one }));
}

/** Another place in the queue for a task that waits. */
export function edit(state: State, { task: number, priority, after, tags }: CommandOf<"edit">): Fact[] {
  const task = taskNamed(state, number);
  if (task.state !== "pending")
    throw new Refusal("state", `#${number} is ${task.state}`, "only what waits has a place in the queue");
  if (priority !== undefined) requireWhole("priority", priority, 1_000_000, -1_000_000);
  requireParents(state, after ?? []);
  requireTagsOf(task.order, tags);
  const cycle = after && cycleOf(state, number, after);
  if (cycle) throw new Refusal("usage", `these would wait for each other: ${cycle}`, "leave one of them out");
  return [{ type: "queue.edited", task: number, priority, after, tags }];
}

export function limit(_state: State, { limits }: CommandOf<"limit">): Fact[] {
  for (const [name, value] of Object.entries(limits)) requireWhole(name, value, LIMITS[name as keyof QueueLimits], 1);
  return Object.keys(limits).length === 0 ? [] : [{ type: "queue.tuned", limits }];
}
