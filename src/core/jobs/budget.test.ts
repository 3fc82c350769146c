import { expect, test } from "bun:test";
import { budgetFrom, budgetText, spentOf } from "./budget.ts";

test("A8 --budget takes dollars and tokens, each by its sign or word", () => {
  const cases: [given: string, unit: string, limit: number][] = [
    ["5", "usd", 5],
    ["0.25", "usd", 0.25],
    ["$1200", "usd", 1200],
    ["2.5usd", "usd", 2.5],
    ["2 USD", "usd", 2],
    ["200k", "tokens", 200_000],
    ["1.5M", "tokens", 1_500_000],
    ["300000t", "tokens", 300_000],
    ["40 tokens", "tokens", 40],
    ["2kt", "tokens", 2000],
    ["200k tokens", "tokens", 200_000],
  ];
  for (const [given, unit, limit] of cases)
    expect([given, budgetFrom(given)]).toEqual([given, { unit, limit } as never]);
});

test("A8 what is no budget is none: nothing, less, words, and a bare number that may be either", () => {
  const wrong = [
    "",
    "0",
    "-5",
    "abc",
    "5 eur",
    "$5k",
    "200000",
    "1000",
    "1e3",
    "0t",
    "5.",
    "$",
    "100001usd",
    "9999999m",
  ];
  for (const given of wrong) expect([given, budgetFrom(given)]).toEqual([given, null]);
});

test("A8 a budget is told so that it can be given again", () => {
  for (const budget of [
    { unit: "usd", limit: 2.5 },
    { unit: "usd", limit: 5000 },
    { unit: "tokens", limit: 200_000 },
  ] as const)
    expect(budgetFrom(budgetText(budget))).toEqual(budget);
});

test("A8 what was used is told with its unit", () => {
  expect(spentOf({ unit: "usd", limit: 1 }, 1.2)).toBe("$1.20 of $1.00");
  expect(spentOf({ unit: "tokens", limit: 2000 }, 1600)).toBe("1,600 tokens of 2,000 tokens");
});
