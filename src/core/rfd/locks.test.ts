import { expect, test } from "bun:test";
import { ANN, BOB } from "../../../test/fakes/history.ts";
import type { Team } from "../state.ts";
import { LOCK_TTL_MS, locksAgainst, overlapping } from "./locks.ts";
import type { Lock } from "./state.ts";

const NOW = 1_000;
const lock = (files: string[], more: Partial<Lock> = {}): Lock => ({
  ...{ agent: ANN, files, mid: files.join(), until: NOW + 1, ttlMs: LOCK_TTL_MS },
  ...more,
});
const holding = (...locks: Lock[]) => ({ locks }) as Team;
const against = (files: string[], paths: string[]) => locksAgainst(holding(lock(files)), BOB, paths, NOW).length > 0;
const overlaps = (files: string[], claimed: string[]) =>
  overlapping(holding(lock(files)), BOB, claimed, NOW).length > 0;

test("P51 a claim speaks of its path, of what lies in its folder, and of what its glob matches", () => {
  expect(against(["src/a.ts"], ["src/a.ts"])).toBe(true);
  expect(against(["src/a.ts"], ["src/a.tsx"])).toBe(false);
  for (const folder of ["src", "src/"]) {
    expect(against([folder], ["src/a.ts"])).toBe(true);
    expect(against([folder], ["src/deep/a.ts"])).toBe(true);
    expect(against([folder], ["srcs/a.ts"])).toBe(false);
    expect(against([folder], ["a/src/b.ts"])).toBe(false);
  }
  expect(against(["src/deep/"], ["src/deep/a.ts"])).toBe(true);
  expect(against(["src/deep/"], ["src/a.ts"])).toBe(false);
  expect(against(["src/*.ts"], ["src/a.ts"])).toBe(true);
  expect(against(["src/*.ts"], ["src/deep/a.ts"])).toBe(false);
  expect(against(["a[1].ts"], ["a[1].ts"])).toBe(true);
});

test("P51 one of several paths is enough, on either side", () => {
  expect(against(["x", "src"], ["y", "src/a.ts"])).toBe(true);
  expect(against(["x", "src"], ["y", "z"])).toBe(false);
  expect(against(["src"], [])).toBe(false);
  expect(overlaps(["x", "src"], ["y", "src/a.ts"])).toBe(true);
  expect(overlaps(["x", "src/a.ts"], ["y", "src"])).toBe(true);
  expect(overlaps(["x", "src/a.ts"], ["y", "src/*.ts"])).toBe(true);
  expect(overlaps(["x"], ["y", "src"])).toBe(false);
});

test("P51 one's own claims and those whose time is over stand in nobody's way", () => {
  const team = holding(
    ...[lock(["src"], { mid: "holds" }), lock(["src"], { mid: "own", agent: BOB })],
    ...[lock(["src"], { mid: "ends now", until: NOW }), lock(["src"], { mid: "over", until: NOW - 1 })],
  );
  expect(locksAgainst(team, BOB, ["src/a.ts"], NOW).map(({ mid }) => mid)).toEqual(["holds"]);
  expect(overlapping(team, BOB, ["src/a.ts"], NOW).map(({ mid }) => mid)).toEqual(["holds"]);
  expect(locksAgainst(team, ANN, ["src/a.ts"], NOW).map(({ mid }) => mid)).toEqual(["own"]);
  expect(overlapping(team, ANN, ["src/a.ts"], NOW).map(({ mid }) => mid)).toEqual(["own"]);
});

test("P51 a claim holds half an hour", () => expect(LOCK_TTL_MS).toBe(1_800_000));
