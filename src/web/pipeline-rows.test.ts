import { expect, test } from "bun:test";
import { ticks } from "./pipeline-rows.ts";

const MINUTE = 60_000;

test("A97 the scale has round moments, a readable number of them", () => {
  const hour = 1_700_000_000_000 - (1_700_000_000_000 % (60 * MINUTE));
  expect(ticks(hour, hour + 60 * MINUTE).map((at) => (at - hour) / MINUTE)).toEqual([0, 10, 20, 30, 40, 50, 60]);
  expect(ticks(hour + MINUTE, hour + 4 * 60 * MINUTE).map((at) => (at - hour) / MINUTE)).toEqual([
    ...[30, 60, 90, 120, 150, 180, 210, 240],
  ]);
  for (const hours of [1, 4, 12, 72, 1000]) expect(ticks(hour + 7, hour + hours * 60 * MINUTE).length).toBeLessThan(10);
});
