import { expect, test } from "bun:test";
import { weigh } from "./weigh.ts";

test("P74 clear signs of size ask for a plan", () => {
  for (const text of [
    "Add a new module for billing",
    "build an API for the dashboard",
    "Change src/a.ts, src/b.ts and lib/c.ts to use the clock",
    "refactor the parser",
    "write a test suite for the queue",
    "migrate the store and update its schema",
  ])
    expect([text, weigh(text)]).toEqual([text, "plan"]);
});

test("P74 clear signs of smallness are a quick task", () => {
  for (const text of [
    "fix the typo in README.md",
    "rename foo to bar",
    "change the wording of the error",
    "Fix src/add.ts so that it adds",
  ]) {
    expect([text, weigh(text)]).toEqual([text, "quick"]);
  }
});

test("P74 both signs, or a change with neither, are doubtful", () => {
  for (const text of [
    "a quick rewrite: change the whole store",
    "make it faster",
    "fix the login and keep what works",
    "improve a.ts and b.ts",
  ]) {
    expect([text, weigh(text)]).toEqual([text, "doubt"]);
  }
});

test("P74 what changes nothing is neither", () => {
  for (const text of ["how does the queue work?", "status", "thanks", "which api do we use?"])
    expect([text, weigh(text)]).toEqual([text, "none"]);
});

test("P74 one file makes a long task not small, three names of one file not large", () => {
  expect(weigh(`change src/a.ts ${"so that it is as it must be ".repeat(5)}`)).toBe("doubt");
  expect(weigh("change src/a.ts, src/a.ts, src/a.ts")).toBe("quick");
});

test("P74 words of size are known in their forms, a file also at the beginning", () => {
  for (const text of [
    "fix one-line bug",
    "fix the comment",
    "correct comments",
    "make a tiny change",
    "fix indentation",
  ])
    expect([text, weigh(text)]).toEqual([text, "quick"]);
  for (const text of ["a.ts b.ts c.ts: fix them", "add new dependencies", "change the data flow"])
    expect([text, weigh(text)]).toEqual([text, "plan"]);
});
