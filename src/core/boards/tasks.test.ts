import { expect, test } from "bun:test";
import { Refusal } from "../refusal.ts";
import type { Task } from "./boards-state.ts";
import type { TaskStatus } from "./plan.ts";
import { limited, taskLines, taskNamed, tasksIn } from "./tasks.ts";

function task(number: number, status: TaskStatus, more: Partial<Task> = {}): Task {
  const steps = ["complete", "in_progress"] as const;
  return {
    ...{ id: `T00${number}`, name: `Task ${number}`, goal: "", status, path: "", plannedAt: 0, counters: 0 },
    ...{ isReviewed: true, blocked: {} },
    steps: steps.map((one, n) => ({
      id: `S${n + 1}`,
      name: `step ${n + 1}`,
      done: `d${n + 1}`,
      status: one,
      outputs: [],
    })),
    ...more,
  };
}

const tasks = [
  task(1, "complete"),
  task(2, "active"),
  task(3, "active", { blocked: { S2: "no key" } }),
  task(4, "planned"),
];
const boards = { tasks: Object.fromEntries(tasks.map((one) => [one.id, one])) };

test("P77 a task is found by its id in any width; an unknown one is answered with the nearest ids", () => {
  for (const word of ["T003", "3", "t3", "T000003"]) expect(taskNamed(tasks, word).id).toBe("T003");
  const refusal = (word: string, known = tasks): unknown[] => {
    try {
      taskNamed(known, word);
    } catch (error) {
      if (error instanceof Refusal) return [error.code, error.message, error.hint];
    }
    return [];
  };
  expect(refusal("T009")).toEqual(["missing", "no task T009", "nearest: T004, T003, T002"]);
  expect(refusal("nonsense")).toEqual(["missing", "no task nonsense", "nearest: T001, T002, T003"]);
  expect(refusal("1", [])).toEqual(["missing", "no task 1", "there is no plan yet"]);
});

test("P77 done, active and blocked choose among the tasks; a limit keeps the newest", () => {
  const ids = (list: Task[]) => list.map(({ id }) => id.slice(-1)).join("");
  expect(ids(tasksIn(tasks))).toBe("1234");
  expect(ids(tasksIn(tasks, "done"))).toBe("1");
  expect(ids(tasksIn(tasks, "active"))).toBe("23");
  expect(ids(tasksIn(tasks, "blocked"))).toBe("3");
  expect(tasksIn([task(5, "complete", { blocked: { S1: "old" } })], "blocked")).toEqual([]);
  expect(ids(limited(tasks, 2))).toBe("34");
  expect(ids(limited(tasks, 0))).toBe("1234");
});

test("P77 /task shows the plan in columns, /task ID one task with its steps", () => {
  expect(taskLines(boards, [])).toEqual([
    "Blueprint 1/4 -> T003 [S2] BLOCKED",
    "T001  complete  1/2  Task 1",
    "T002  active    1/2  Task 2  S2 step 2",
    "T003  blocked   1/2  Task 3  S2 blocked: no key",
    "T004  planned   1/2  Task 4",
  ]);
  expect(taskLines(boards, ["blocked"])).toEqual([
    "Blueprint 1/4 -> T003 [S2] BLOCKED",
    "T003  blocked  1/2  Task 3  S2 blocked: no key",
  ]);
  expect(taskLines(boards, [], 1)).toEqual(["Blueprint 1/4 -> T003 [S2] BLOCKED", "T004  planned  1/2  Task 4"]);
  expect(taskLines(boards, ["3"])).toEqual([
    "T003 Task 3: active, 1/2 steps",
    "S1  complete  step 1  d1",
    "S2  blocked   step 2  no key",
  ]);
  expect(taskLines({ tasks: { T001: task(1, "active", { goal: "it works" }) } }, ["1"])[1]).toBe("it works");
  expect(taskLines(undefined, [])).toEqual(["Blueprint none"]);
  expect(taskLines({ tasks: { T001: task(1, "planned") } }, ["done"])).toEqual([
    "Blueprint 0/1 planning; none is done",
  ]);
});

test("a word that is no number finds no task, whatever ids there are", () => {
  expect(() => taskNamed([task(1, "active", { id: "odd" })], "words")).toThrow("no task words");
});
