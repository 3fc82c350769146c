import { expect, test } from "bun:test";
import type { Task } from "./boards-state.ts";
import { currentTask, panelLine, panelRows, stepRows } from "./panel.ts";
import type { StepStatus, TaskStatus } from "./plan.ts";

function task(
  number: number,
  status: TaskStatus,
  steps: StepStatus[] = ["complete", "in_progress", "pending"],
  more: Partial<Task> = {},
): Task {
  const id = `T${String(number).padStart(3, "0")}`;
  return {
    ...{
      id,
      name: `Task ${number}`,
      goal: "",
      status,
      path: "",
      plannedAt: 0,
      counters: 0,
      isReviewed: true,
      blocked: {},
    },
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

const of = (...tasks: Task[]) => ({ tasks: Object.fromEntries(tasks.map((one) => [one.id, one])) });

test("P77 the collapsed panel counts complete tasks and names the present task and step", () => {
  const done = [task(1, "complete"), task(2, "complete")];
  expect(panelLine(of(...done, task(4, "planned"), task(3, "active"), task(5, "planned")))).toBe(
    "Blueprint 2/5 -> T003 [S2] [T]",
  );
  expect(panelLine(of(task(1, "active", ["complete", "complete"])))).toBe("Blueprint 0/1 -> T001 [T]");
});

test("P77 its variants: none, planning, blocked, complete", () => {
  expect(panelLine(undefined)).toBe("Blueprint none [T]");
  expect(panelLine(of())).toBe("Blueprint none [T]");
  expect(panelLine(of(task(1, "complete"), task(2, "planned")))).toBe("Blueprint 1/2 planning [T]");
  expect(panelLine(of(task(1, "active"), task(2, "active", undefined, { blocked: { S2: "no key" } })))).toBe(
    "Blueprint 0/2 -> T002 [S2] BLOCKED [T]",
  );
  expect(panelLine(of(task(1, "complete"), task(2, "complete")))).toBe("Blueprint 2/2 complete [T]");
});

test("P77 the expanded panel has a row for each task, with what is done and what comes now", () => {
  const tasks = of(
    task(2, "active"),
    task(1, "complete", ["complete", "complete"]),
    task(3, "active", undefined, { blocked: { S2: "no key" } }),
    task(4, "planned"),
  );
  expect(panelRows(tasks)).toEqual([
    { id: "T001", status: "complete", name: "Task 1", progress: "2/2", now: "" },
    { id: "T002", status: "active", name: "Task 2", progress: "1/3", now: "S2 step 2" },
    { id: "T003", status: "blocked", name: "Task 3", progress: "1/3", now: "S2 blocked: no key" },
    { id: "T004", status: "planned", name: "Task 4", progress: "1/3", now: "" },
  ]);
  expect(panelRows(undefined)).toEqual([]);
});

test("3.17 beyond ten tasks the complete ones are folded into one row", () => {
  const ten = Array.from({ length: 10 }, (_, n) => task(n + 1, n < 3 ? "complete" : "planned"));
  expect(panelRows(of(...ten))).toHaveLength(10);
  const rows = panelRows(of(...ten, task(11, "planned")));
  expect(rows[0]).toEqual({ id: "", status: "folded", name: "3 complete: T001 .. T003", progress: "", now: "" });
  expect(rows.map(({ id }) => id).slice(1)).toEqual(["T004", "T005", "T006", "T007", "T008", "T009", "T010", "T011"]);
  expect(panelRows(of(...Array.from({ length: 12 }, (_, n) => task(n + 1, "planned"))))).toHaveLength(12);
});

test("a blocked task comes before another active one; a blocked reason of an ended task does not count", () => {
  expect(currentTask([task(1, "active"), task(2, "active", undefined, { blocked: { S1: "x" } })])?.id).toBe("T002");
  expect(currentTask([task(1, "planned")])).toBeUndefined();
  expect(panelRows(of(task(1, "complete", undefined, { blocked: { S2: "old" } })))[0]?.status).toBe("complete");
});

test("the steps of one task say why one is blocked instead of what its end is", () => {
  expect(stepRows(task(1, "active", undefined, { blocked: { S2: "no key" } }))).toEqual([
    { id: "S1", status: "complete", name: "step 1", done: "d1" },
    { id: "S2", status: "blocked", name: "step 2", done: "no key" },
    { id: "S3", status: "pending", name: "step 3", done: "d3" },
  ]);
});
