import { expect, test } from "bun:test";
import { BUILT_IN_PRICES, costOf, pricesFrom } from "./prices.ts";

const price = { input: 1, output: 10, cacheRead: 0.1, cacheWrite: 2 };
const table = {
  date: "2026-01-01",
  models: { "big*": price, "big-new*": { ...price, output: 20 }, "big-new-1": price },
};
const tokens = { input: 1_000_000, output: 1_000_000, cacheRead: 1_000_000, cacheWrite: 1_000_000 };

test("A42 each kind of token has its price, by the model's own name or the longest beginning of it", () => {
  expect(costOf(table, { "big-2": tokens })).toBeCloseTo(13.1);
  expect(costOf(table, { "big-new-2": tokens })).toBeCloseTo(23.1);
  expect(costOf(table, { "big-new-1": tokens })).toBeCloseTo(13.1);
  expect(costOf(table, { "big-2": tokens, "big-new-2": tokens })).toBeCloseTo(36.2);
});

test("A42 a model without a price makes the cost unknown, never 0; what used nothing does not count", () => {
  const nothing = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };
  expect(costOf(table, { other: tokens })).toBeNull();
  expect(costOf(table, { "big-2": tokens, other: tokens })).toBeNull();
  expect(costOf(table, { "": tokens })).toBeNull();
  expect(costOf(table, { "big-2": tokens, "": nothing })).toBeCloseTo(13.1);
  expect(costOf(table, {})).toBeNull();
  expect(costOf(table, { constructor: tokens })).toBeNull();
});

test("A42 the prices that Muster comes with are those of each model by its name, never those of one whose name is similar", () => {
  const cost = (model: string, kind: keyof typeof tokens) => {
    const nothing = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };
    return costOf(BUILT_IN_PRICES, { [model]: { ...nothing, [kind]: 1_000_000 } });
  };
  const KINDS = ["input", "output", "cacheRead", "cacheWrite"] as const;
  for (const [model, ...prices] of [
    ["claude-opus-5-5", 4, 20, 0.2, 5],
    ["claude-opus-5", 5, 25, 0.5, 6.25],
    ["claude-opus-4-5-20251101", 5, 25, 0.5, 6.25],
    ["claude-opus-4-1-20250805", 15, 75, 1.5, 18.75],
    ["claude-opus-4-20250514", 15, 75, 1.5, 18.75],
    ["claude-sonnet-5-5", 2, 10, 0.1, 2.5],
    ["claude-sonnet-5", 2, 10, 0.2, 2.5],
    ["claude-sonnet-4-6", 3, 15, 0.3, 3.75],
    ["claude-fable-5-1", 10, 50, 0.25, 12.5],
    ["claude-haiku-4-5-20251001", 1, 5, 0.1, 1.25],
  ] as const)
    for (const [index, kind] of KINDS.entries())
      expect([model, kind, cost(model, kind)]).toEqual([model, kind, expect.closeTo(prices[index] ?? -1)]);
  for (const model of [
    "claude-opus-6",
    "claude-opus-5-6",
    "claude-haiku-5-5",
    "claude-sonnet-5-5[1m]",
    "gpt-5",
    "standin",
  ])
    expect([model, cost(model, "input")]).toEqual([model, null]);
});

test("A42 a price table is read whole, or what is wrong in it is said", () => {
  expect(pricesFrom(JSON.parse(JSON.stringify(BUILT_IN_PRICES)))).toEqual(BUILT_IN_PRICES);
  for (const [value, said] of [
    [[], "an object with date and models is needed"],
    [{ models: {} }, "date: a day as 2026-01-31 is needed"],
    [{ date: "2026-01-01" }, "models: an object is needed"],
    [{ date: "2026-01-01", models: { x: 3 } }, "models.x: an object of prices is needed"],
    [{ date: "2026-01-01", models: { x: { ...price, output: -1 } } }, "models.x.output: a number of dollars"],
    [{ date: "2026-01-01", models: { x: { input: 1, output: 1 } } }, "models.x.cacheRead: a number of dollars"],
    [{ date: "2026-01-01", models: { x: { ...price, cache: 1 } } }, "models.x: unknown key cache"],
  ] as const)
    expect(String(pricesFrom(value))).toStartWith(said);
});
