import { expect, test } from "bun:test";
import { figuresOf, isMet, merged, percentile, promiseOf, type Row } from "../bench/figures.ts";
import { tableOf } from "../bench/table.ts";

const row = (p50: number, p95: number, more: Partial<Row> = {}): Row => ({
  ...{ measure: "send", unit: "ms", samples: 3, figures: { p50, p95 } },
  ...more,
});
const baseline = { name: "alone", p50: 2, p95: 4 };

test("a percentile is a value that was measured, by nearest rank", () => {
  const values = Array.from({ length: 20 }, (_, index) => 20 - index);
  expect(figuresOf(values)).toEqual({ p50: 10, p95: 19 });
  expect(percentile([7], 0.95)).toBe(7);
  expect(percentile([], 0.5)).toBeNaN();
});

test("several runs become the median of each figure, baseline included", () => {
  const runs = [row(1, 9, { baseline }), row(3, 5, { baseline: { ...baseline, p50: 8 } }), row(2, 7, { baseline })];
  const one = merged(runs);
  expect(one.figures).toEqual({ p50: 2, p95: 7 });
  expect(one.baseline).toEqual(baseline);
  expect(one.samples).toBe(9);
});

test("every bound that is set must hold, and one against a missing baseline never does", () => {
  expect(isMet(row(1, 3))).toBeNull();
  expect(isMet(row(1, 3, { limits: { p50: 1, p95: 3 } }))).toBe(true);
  expect(isMet(row(1, 4, { limits: { p50: 1, p95: 3 } }))).toBe(false);
  expect(isMet(row(1, 8, { baseline, limits: { timesP95: 2 } }))).toBe(true);
  expect(isMet(row(1, 9, { baseline, limits: { timesP95: 2 } }))).toBe(false);
  expect(isMet(row(1, 1, { limits: { timesP50: 3 } }))).toBe(false);
  expect(isMet(row(499, 499, { limits: { atLeast: 500 } }))).toBe(false);
});

test("the table says promise, ratio and whether it was kept", () => {
  const kept = row(3, 8, { baseline, limits: { timesP95: 2 } });
  expect(promiseOf(kept)).toBe("p95 ≤ 2 × baseline");
  const lines = tableOf([kept, row(30, 80, { baseline, limits: { p50: 1 } })]).split("\n");
  expect(lines).toHaveLength(4);
  expect(lines[2]).toMatch(/\| send +\| ms +\| 3 +\| 3\.00 \| 8\.00 \| alone +\| 2\.00 \| 4\.00 \| 1\.50 \/ 2\.00/);
  expect(lines.map((line) => / (met|yes|NO) *\|$/.exec(line)?.[1])).toEqual(["met", undefined, "yes", "NO"]);
  expect(new Set(lines.map((line) => line.length)).size).toBe(1);
});
