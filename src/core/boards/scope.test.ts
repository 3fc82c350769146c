import { expect, test } from "bun:test";
import { drift, isSameScope, readScope, scopeOf, scopeText } from "./scope.ts";

const tasks = (...words: string[]) =>
  words.map((word) => ({ id: word.slice(0, 4), status: word.endsWith("*") ? "active" : "planned" }));

test("P78 until work begins the original grows with the plan; then it stands", () => {
  const first = scopeOf(undefined, tasks("T002", "T001"));
  expect(first).toEqual({ original: ["T001", "T002"], current: ["T001", "T002"] });
  const second = scopeOf(first, tasks("T001", "T002", "T003"));
  expect(second.original).toEqual(["T001", "T002", "T003"]);
  const third = scopeOf(second, tasks("T001*", "T003", "T004"));
  expect(third).toEqual({ original: ["T001", "T002", "T003"], current: ["T001", "T003", "T004"] });
  expect(drift(third)).toBe("+T004 -T002");
  expect(drift(first)).toBe("");
});

test("P78 what has begun before anybody looked is the original", () => {
  expect(scopeOf(undefined, tasks("T001*"))).toEqual({ original: ["T001"], current: ["T001"] });
  expect(scopeOf({ original: [], current: [] }, tasks("T001*"))).toEqual({ original: ["T001"], current: ["T001"] });
});

test("P78 the file says who keeps it, and is read as it was written", () => {
  const scope = { original: ["T001", "T002"], current: ["T001"] };
  expect(scopeText(scope)).toBe(
    "# Kept by Muster from the plans; an edit is computed again.\noriginal: [T001, T002]\ncurrent: [T001]\n",
  );
  expect(readScope(scope)).toEqual(scope);
  for (const value of [
    null,
    "x",
    {},
    { original: ["T001"] },
    { original: [1], current: [] },
    { original: ["x"], current: [] },
  ]) {
    expect(readScope(value)).toBeUndefined();
  }
});

test("two scopes are the same when their lists are", () => {
  const scope = { original: ["T001"], current: ["T001"] };
  expect(isSameScope(scope, { current: ["T001"], original: ["T001"] })).toBe(true);
  expect(isSameScope(scope, { ...scope, current: [] })).toBe(false);
  expect(isSameScope(scope, { ...scope, original: [] })).toBe(false);
  expect(isSameScope(undefined, undefined)).toBe(true);
  expect(isSameScope(scope, undefined)).toBe(false);
});

test("ids of a scope are whole ids", () => {
  expect(readScope({ original: ["T001x"], current: [] })).toBeUndefined();
  expect(readScope({ original: ["xT001"], current: [] })).toBeUndefined();
});
