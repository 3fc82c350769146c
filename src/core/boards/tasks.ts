import { Refusal } from "../refusal.ts";
import type { Boards, Task } from "./boards-state.ts";
import { nearestIds, typedNumber } from "./ids.ts";
import { panelLine, panelRows, stepRows, tasksOf } from "./panel.ts";
import { progressOf } from "./plan.ts";

/** Which tasks a person may ask for. */
export const TASK_FILTERS = ["done", "active", "blocked"] as const;
export type TaskFilter = (typeof TASK_FILTERS)[number];

export const isTaskFilter = (word: string): word is TaskFilter => (TASK_FILTERS as readonly string[]).includes(word);

/** The task that a person means by `T003`, `3` or `T000003`; a Refusal names the nearest ids. */
export function taskNamed(tasks: Task[], word: string): Task {
  const number = typedNumber(word);
  const found = tasks.find(({ id }) => typedNumber(id) === number);
  if (found && number !== null) return found;
  const ids = tasks.map(({ id }) => id);
  const hint = ids.length === 0 ? "there is no plan yet" : `nearest: ${nearestIds(number, ids).join(", ")}`;
  throw new Refusal("missing", `no task ${word}`, hint);
}

/** The tasks of a filter; all without one. */
export function tasksIn(tasks: Task[], filter?: TaskFilter): Task[] {
  if (filter === "blocked")
    return tasks.filter(({ status, blocked }) => status !== "complete" && Object.keys(blocked).length > 0);
  if (filter === undefined) return tasks;
  return tasks.filter(({ status }) => status === (filter === "done" ? "complete" : "active"));
}

/** The newest tasks when a limit leaves some out; 0 = all. */
export const limited = (tasks: Task[], limit: number): Task[] => (limit === 0 ? tasks : tasks.slice(-limit));

const columns = (rows: string[][]): string[] => {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => (row[at] ?? "").length)));
  return rows.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join("  ")
      .trimEnd(),
  );
};

function taskText(task: Task): string[] {
  const { done, of } = progressOf(task);
  const rows = stepRows(task).map(({ id, status, name, done: end }) => [id, status, name, end]);
  return [
    `${task.id} ${task.name}: ${task.status}, ${done}/${of} steps`,
    ...(task.goal ? [task.goal] : []),
    ...columns(rows),
  ];
}

/** The answer to `/task ...` in console and chats: plain lines. `words`: an id, or a filter, or nothing. */
export function taskLines(boards: Pick<Boards, "tasks"> | undefined, [word]: string[], limit = 0): string[] {
  const tasks = boards ? tasksOf(boards) : [];
  if (word !== undefined && !isTaskFilter(word)) return taskText(taskNamed(tasks, word));
  const shown = limited(tasksIn(tasks, word), limit);
  const rows = panelRows({ tasks: Object.fromEntries(shown.map((task) => [task.id, task])) });
  const head = panelLine(boards).replace(/ \[T\]$/, "");
  if (rows.length === 0) return [word === undefined ? head : `${head}; none is ${word}`];
  return [head, ...columns(rows.map(({ id, status, progress, name, now }) => [id, status, progress, name, now]))];
}
