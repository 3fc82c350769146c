import { expect, test } from "bun:test";
import { ANN, BOB } from "../../../test/fakes/history.ts";
import type { Team } from "../state.ts";
import { LOCK_TTL_MS, locksAgainst, overlapping } from "./locks.ts";

const NOW = 1000;
const team = (files: string[], agent = BOB, until = NOW + 1): Team =>
  ({ locks: [{ agent, files, until, mid: "m-1", ttlMs: LOCK_TTL_MS }] }) as unknown as Team;
const isLocked = (files: string[], path: string): boolean => locksAgainst(team(files), ANN, [path], NOW).length > 0;
const overlaps = (files: string[], mine: string): boolean => overlapping(team(files), ANN, [mine], NOW).length > 0;

test("P51 a lock speaks of a file, of all in a folder, and of what a glob matches", () => {
  expect([isLocked(["src/a.ts"], "src/a.ts"), isLocked(["src/a.ts"], "src/a.tsx")]).toEqual([true, false]);
  for (const folder of ["src/x", "src/x/"])
    expect([
      isLocked([folder], "src/x/a.ts"),
      isLocked([folder], "src/xy/a.ts"),
      isLocked([folder], "a/src/x/b"),
    ]).toEqual([...[true, false, false]]);
  expect([isLocked(["src/*.ts"], "src/a.ts"), isLocked(["src/*.ts"], "src/b/a.ts")]).toEqual([true, false]);
  expect(isLocked(["other", "src/a.ts"], "src/a.ts")).toBe(true);
});

test("P51 one's own locks, and those whose time is over, hold nobody up", () => {
  const of = (agent: string, until: number) =>
    locksAgainst(team(["a.ts"], agent, until), ANN, ["b.ts", "a.ts"], NOW).length;
  expect([of(BOB, NOW + 1), of(ANN, NOW + 1), of(BOB, NOW)]).toEqual([1, 0, 0]);
  const claims = (agent: string, until: number) => overlapping(team(["a.ts"], agent, until), ANN, ["a.ts"], NOW).length;
  expect([claims(BOB, NOW + 1), claims(ANN, NOW + 1), claims(BOB, NOW)]).toEqual([1, 0, 0]);
});

test("P51 claims overlap whichever of them is the folder or the glob", () => {
  expect([overlaps(["src"], "src/a.ts"), overlaps(["src/a.ts"], "src"), overlaps(["src/a.ts"], "src/*.ts")]).toEqual([
    ...[true, true, true],
  ]);
  expect([overlaps(["src/a.ts"], "src/b.ts"), overlaps(["lib"], "src")]).toEqual([false, false]);
});

test("P51 a lock holds for half an hour", () => {
  expect(LOCK_TTL_MS).toBe(1_800_000);
});
