import { expect, test } from "bun:test";
import { type Placed, placed } from "./order.ts";

const sorted = (rows: readonly Placed[]): Placed[] =>
  rows.toSorted((a, b) => b.priority - a.priority || a.task - b.task);

/** The order of the tasks after the changes were made. */
function after(rows: Placed[], changes: Placed[]): number[] {
  const priorities = new Map(changes.map(({ task, priority }) => [task, priority]));
  return sorted(rows.map((row) => ({ ...row, priority: priorities.get(row.task) ?? row.priority }))).map(
    ({ task }) => task,
  );
}

test("A99 a task goes between two others by its own priority alone, where there is one for it", () => {
  const rows = sorted([
    { task: 1, priority: 10 },
    { task: 2, priority: 5 },
    { task: 3, priority: 0 },
  ]);
  expect(placed(rows, 3, 1)).toEqual([{ task: 3, priority: 10 }]);
  expect(placed(rows, 3, 0)).toEqual([{ task: 3, priority: 11 }]);
  expect(placed(rows, 1, 2)).toEqual([{ task: 1, priority: 0 - 1 }]);
  expect(placed(rows, 2, 1)).toEqual([]);
});

test("A99 where all have the same priority, those above move as little as it takes", () => {
  const rows = [1, 2, 3, 4].map((task) => ({ task, priority: 0 }));
  const changes = placed(rows, 4, 1);
  expect(after(rows, changes)).toEqual([1, 4, 2, 3]);
  expect(changes).toEqual([
    { task: 4, priority: 1 },
    { task: 1, priority: 1 },
  ]);
});

test("A99 every place of every list can be reached", () => {
  const lists = [
    [0, 0, 0, 0, 0],
    [3, 3, 1, 1, 0],
    [9, 5, 5, 5, -2],
    [2, 1, 0, -1, -2],
  ];
  for (const list of lists)
    for (const numbers of [
      [1, 2, 3, 4, 5],
      [5, 3, 4, 1, 2],
    ]) {
      const rows = sorted(list.map((priority, n) => ({ task: numbers[n] ?? 0, priority })));
      for (const { task } of rows)
        for (let to = 0; to < rows.length; to++) {
          const wanted = rows.map((row) => row.task).filter((one) => one !== task);
          wanted.splice(to, 0, task);
          expect(after(rows, placed(rows, task, to))).toEqual(wanted);
        }
    }
});

test("A99 a task that is not there, and a place beyond the list, change nothing more", () => {
  const rows = [{ task: 1, priority: 0 }];
  expect(placed(rows, 7, 0)).toEqual([]);
  expect(placed(rows, 1, 9)).toEqual([]);
});
