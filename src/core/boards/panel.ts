import type { Boards, Task } from "./boards-state.ts";
import { currentStep, progressOf } from "./plan.ts";

/** Complete tasks stay unfolded up to so many tasks. */
const FOLDED_FROM = 10;

export const tasksOf = ({ tasks }: Pick<Boards, "tasks">): Task[] =>
  Object.values(tasks).sort((left, right) => left.id.localeCompare(right.id));

const isBlocked = ({ blocked, status }: Task): boolean => status === "active" && Object.keys(blocked).length > 0;

/** The task that is worked on: a blocked one is what a person must see first. */
export function currentTask(tasks: Task[]): Task | undefined {
  const active = tasks.filter(({ status }) => status === "active");
  return active.find(isBlocked) ?? active[0];
}

/**
 * The collapsed panel: `Blueprint 2/5 -> T003 [S2] [T]` counts complete tasks, names the present task and step; `[T]` is the
 * key that unfolds it.
 */
export function panelLine(boards: Pick<Boards, "tasks"> | undefined): string {
  const tasks = boards ? tasksOf(boards) : [];
  if (tasks.length === 0) return "Blueprint none [T]";
  const done = tasks.filter(({ status }) => status === "complete").length;
  const count = `Blueprint ${done}/${tasks.length}`;
  if (done === tasks.length) return `${count} complete [T]`;
  const task = currentTask(tasks);
  if (!task) return `${count} planning [T]`;
  const step = currentStep(task);
  return `${count} -> ${task.id}${step ? ` [${step.id}]` : ""}${isBlocked(task) ? " BLOCKED" : ""} [T]`;
}

/** One row of the expanded panel. */
export interface PanelRow {
  /** `T003`; empty for the row of folded tasks. */
  id: string;
  status: "planned" | "active" | "blocked" | "complete" | "folded";
  name: string;
  /** `1/4`. */
  progress: string;
  /** The present step, or why it is blocked; empty when there is none. */
  now: string;
}

function nowOf(task: Task): string {
  const [blocked] = Object.entries(task.blocked);
  if (isBlocked(task) && blocked) return `${blocked[0]} blocked: ${blocked[1]}`;
  const step = task.status === "active" ? currentStep(task) : undefined;
  return step ? `${step.id} ${step.name}` : "";
}

const rowOf = (task: Task): PanelRow => {
  const { done, of } = progressOf(task);
  const status = isBlocked(task) ? "blocked" : task.status;
  return { id: task.id, status, name: task.name, progress: `${done}/${of}`, now: nowOf(task) };
};

/** The expanded panel: all tasks, or with more than ten the complete ones folded into one row (3.17). */
export function panelRows(boards: Pick<Boards, "tasks"> | undefined): PanelRow[] {
  const tasks = boards ? tasksOf(boards) : [];
  const complete = tasks.filter(({ status }) => status === "complete");
  if (tasks.length <= FOLDED_FROM || complete.length === 0) return tasks.map(rowOf);
  const others = tasks.filter(({ status }) => status !== "complete");
  const name = `${complete.length} complete: ${complete[0]?.id} .. ${complete.at(-1)?.id}`;
  return [{ id: "", status: "folded", name, progress: "", now: "" }, ...others.map(rowOf)];
}

/** The steps of one task as lines, for the unfolded task. */
export function stepRows({ steps, blocked }: Task): { id: string; status: string; name: string; done: string }[] {
  return steps.map(({ id, status, name, done }) => ({
    id,
    status: blocked[id] === undefined ? status : "blocked",
    name,
    done: blocked[id] ?? done,
  }));
}
