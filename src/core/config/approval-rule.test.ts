import { expect, test } from "bun:test";
import { ruleFor } from "./approval-rule.ts";

const fits = (match: string, input: unknown, tool = "Bash"): boolean =>
  ruleFor([{ tool: "Bash", match, minutes: 5 }], tool, typeof input === "string" ? input : JSON.stringify(input)) !==
  undefined;

test("A54 a rule is about its tool, and about one of the texts of the input, whole or with stars", () => {
  const push = { command: "git push origin main", description: "publishes" };
  for (const match of ["*", "git push*", "*main", "git * main", "*push*main*", "git push origin main", "publishes"])
    expect([match, fits(match, push)]).toEqual([match, true]);
  for (const match of ["git push", "push*", "*push", "git*push*push*", "main*git*", "GIT PUSH*"])
    expect([match, fits(match, push)]).toEqual([match, false]);
  expect(fits("*", push, "Write")).toBe(false);
  expect(fits("git push*", { command: "  git push" })).toBe(true);
  // Both ends may not take the same letters.
  expect(fits("ab*ba", { command: "aba" })).toBe(false);
  expect(fits("*", { count: 3 })).toBe(true);
  expect(fits("3", { count: 3 })).toBe(false);
});

test("A54 the first rule that fits counts; what was cut is nobody's to allow unseen", () => {
  const rules = [
    { tool: "mcp__*", match: "*", minutes: 1 },
    { tool: "Bash", match: "rm *", minutes: 2 },
    { tool: "*", match: "*", minutes: 3 },
  ];
  const minutes = (tool: string, input: string) => ruleFor(rules, tool, input)?.minutes;
  expect(minutes("mcp__mail__send", "{}")).toBe(1);
  expect(minutes("Bash", '{"command":"rm -r x"}')).toBe(2);
  expect(minutes("Bash", '{"command":"ls"}')).toBe(3);
  expect(minutes("Bash", '{"command":"rm -r x…')).toBeUndefined();
});

test("A54 a pattern of many stars costs no more than its text is long", () => {
  expect(fits("a*".repeat(100), { command: "a".repeat(1900) })).toBe(true);
  expect(fits(`${"a*".repeat(100)}b`, { command: "a".repeat(1900) })).toBe(false);
});
