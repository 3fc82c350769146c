import type { State } from "../state.ts";
import type { QueuedTask } from "./state.ts";
import { waitsFor } from "./turns.ts";

/** The task that `#3` or `3` names. */
export function taskIn({ queue }: State, id: string): QueuedTask | undefined {
  const [, number] = /^#?(\d{1,9})$/.exec(id) ?? [];
  return number === undefined ? undefined : queue.tasks[Number(number)];
}

const over = (state: string): string => `what is ${state} leaves the queue`;

/** Why a task is where it is. */
export function whyTask(
  state: State,
  task: QueuedTask,
): { state: string; rule: string; because: string; change: string } {
  const { task: number, state: is, agent, result, attempts } = task;
  if (is === "processing") {
    const rule = "a task is over when its agent says so, its job ends, or its time is over";
    const because = `agent ${agent} works on it, attempt ${attempts}`;
    return { state: is, rule, because, change: `muster queue done ${number}; muster why ${agent} says more` };
  }
  if (is === "pending") {
    const wait = waitsFor(state, task);
    const rule = "the highest priority first, then the oldest; nothing before what it comes after";
    const because = wait?.reason ?? "it begins now";
    return { state: is, rule, because: result ? `${because}; ${result}` : because, change: wait?.hint ?? "nothing" };
  }
  const change = is === "completed" ? "nothing: it is done" : `muster queue retry ${number}`;
  return { state: is, rule: over(is), because: result || `it is ${is}`, change };
}
