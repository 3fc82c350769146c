import { expect, test } from "bun:test";
import { DIRECTED, violationsOf } from "./profiles.ts";

/** The same worlds in a second: what mutation testing asks about every change (setup/mutants). */
test("200 seeds, and 40 of each directed profile: nothing lost, doubled, fused, reordered or stuck", () => {
  expect([...violationsOf(200, []).keys()]).toEqual([]);
  for (const profile of Object.values(DIRECTED)) expect([...violationsOf(40, [], profile).keys()]).toEqual([]);
});
