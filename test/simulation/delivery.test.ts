import { describe, expect, test } from "bun:test";
import { DIRECTED, violationsOf } from "./profiles.ts";
import type { Mutation, Profile } from "./world.ts";

describe("delivery under a seeded world", () => {
  test("20,000 seeds: nothing lost, doubled, fused, reordered, stuck; no draft or dialog touched", () => {
    expect([...violationsOf(20_000, []).keys()]).toEqual([]);
  }, 60_000);

  for (const [mutation, profile] of Object.entries(DIRECTED) as [Mutation, Profile][]) {
    test(`taking "${mutation}" away is caught by its directed profile, which is clean with it`, () => {
      expect([...violationsOf(1500, [], profile).keys()]).toEqual([]);
      expect(violationsOf(1500, [mutation], profile).size).toBeGreaterThan(0);
    }, 60_000);
  }
});
