import { expect, test } from "bun:test";
import type { Boards, Task } from "../core/boards/boards-state.ts";
import { noBoards } from "../core/boards/boards-state.ts";
import { lineWidth, textOf } from "./cells.ts";
import { planLines, stepTexts, taskAt } from "./plan.ts";

const task = (n: number, more: Partial<Task> = {}): Task => ({
  ...{ id: `T00${n}`, name: `task ${n}`, goal: `goal ${n}`, status: "active", path: `docs/por/T00${n}/task.yaml` },
  steps: [
    { id: "S1", name: "first 日本", done: "a file", status: "complete", outputs: [] },
    { id: "S2", name: "second", done: "tests pass", status: "in_progress", outputs: [] },
  ],
  ...{ plannedAt: 1, counters: 0, isReviewed: true, blocked: {} },
  ...more,
});

const boardsOf = (...tasks: Task[]): Boards => ({
  ...noBoards(),
  tasks: Object.fromEntries(tasks.map((one) => [one.id, one])),
});
const shown = (boards: Boards | undefined, width: number, rows: number, at = 0): string[] =>
  planLines(boards, width, rows, { at }).map((line) => textOf(line).trimEnd());

test("P77 the expanded plan lists tasks, and beside them the steps of the chosen one where there is room", () => {
  const boards = boardsOf(task(1), task(2, { status: "planned" }));
  expect(shown(boards, 100, 10, 1)).toEqual([
    "Blueprint 0/2 -> T001 [S2]",
    "",
    "T001 active   1/2  task 1  S2 second              T002 goal 2",
    "T002 planned  1/2  task 2                         S1   complete    first 日本",
    "                                                  S2   in_progress second",
  ]);
  expect(shown(boards, 50, 10)).toEqual([
    "Blueprint 0/2 -> T001 [S2]",
    "",
    "T001 active   1/2  task 1  S2 second",
    "T002 planned  1/2  task 2",
  ]);
});

test("P77 the chosen task is always on the screen, and the choice stays among the tasks", () => {
  const boards = boardsOf(...[1, 2, 3, 4, 5, 6].map((n) => task(n)));
  const mode = { at: 99 };
  const lines = planLines(boards, 50, 5, mode);
  expect(mode.at).toBe(5);
  expect(lines).toHaveLength(5);
  expect(lines.at(-1)?.[0]).toEqual({ text: "T006 ", style: "chosen" });
  expect([taskAt(boards, 5), taskAt(boards, 6)]).toEqual(["T006", ""]);
});

test("P77 blocked steps, broken files and an empty plan are said", () => {
  const boards = boardsOf(task(1, { blocked: { S2: "no key" } }));
  boards.errors["docs/por/T009/task.yaml"] = "docs/por/T009/task.yaml:3:1 steps: a list is needed";
  expect(shown(boards, 80, 10)).toEqual([
    "Blueprint 0/1 -> T001 [S2] BLOCKED",
    "",
    "T001 blocked  1/2  task 1  S2 blocked: no key",
    "docs/por/T009/task.yaml:3:1 steps: a list is needed",
  ]);
  expect(stepTexts(boards, "T001")).toEqual(["S1   complete    first 日本: a file", "S2   blocked     second: no key"]);
  expect(stepTexts(boards, "T002")).toEqual([]);
  expect(shown(undefined, 200, 10).at(-1)).toStartWith("No plan yet.");
  for (const width of [3, 20, 91])
    for (const line of planLines(boards, width, 8, { at: 0 })) expect(lineWidth(line)).toBeLessThanOrEqual(width);
});
