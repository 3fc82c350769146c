import { expect, test } from "bun:test";
import { folderNumber, isSlug, nearestIds, sheetId, slugOf, taskId, taskNumber, typedNumber } from "./ids.ts";

test("T007 and T000007 are the same task, and both widths are written again", () => {
  expect(taskNumber("T007")).toBe(7);
  expect(taskNumber("t000007")).toBe(7);
  expect(taskId(7)).toBe("T007");
  expect(taskId(999)).toBe("T999");
  expect(taskId(1000)).toBe("T001000");
  expect(sheetId(7)).toBe("T000007");
});

test("what is no id names no task: other widths, the number 0, words around it", () => {
  for (const text of ["T7", "T0007", "T1234567", "T000", "T000000", "007", "xT007", "T007x", "S1", ""]) {
    expect([text, taskNumber(text)]).toEqual([text, null]);
  }
});

test("a person may type a task's number in any width, with the T or without", () => {
  for (const text of ["7", "007", "T7", "t007", " T000007 "]) expect([text, typedNumber(text)]).toEqual([text, 7]);
  for (const text of ["0", "T0", "", "T", "1234567", "7a", "-7", "S7"])
    expect([text, typedNumber(text)]).toEqual([text, null]);
});

test("a task's folder begins with its id of three or six digits", () => {
  expect(folderNumber("T007-dash")).toBe(7);
  expect(folderNumber("T000007-user.dash_1")).toBe(7);
  for (const name of ["T007", "T007-", "T07-x", "T0000007-x", "T000-x", "xT007-x", "T007-a b", "POR.md"]) {
    expect([name, folderNumber(name)]).toEqual([name, null]);
  }
});

test("the nearest ids are the nearest numbers, three at most, the lower one first", () => {
  expect(nearestIds(4, ["T001", "T003", "T005", "T009"])).toEqual(["T003", "T005", "T001"]);
  expect(nearestIds(null, ["T002", "T001"])).toEqual(["T001", "T002"]);
  expect(nearestIds(4, [])).toEqual([]);
});

test("a title becomes a slug of ASCII words, and never an empty one", () => {
  expect(slugOf("User Dashboard: v2!")).toBe("user-dashboard-v2");
  expect(slugOf("  -- ")).toBe("task");
  expect(slugOf("日本")).toBe("task");
  expect(slugOf(`${"a".repeat(39)} b`)).toBe("a".repeat(39));
  expect(slugOf("x".repeat(50))).toHaveLength(40);
  expect(isSlug("a-b-9")).toBe(true);
  for (const slug of ["", "-a", "A", "a/b", "a.b", "a".repeat(61)]) expect([slug, isSlug(slug)]).toEqual([slug, false]);
});
