import { afterAll, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Clock } from "../core/ports.ts";
import { Records } from "./records.ts";

const root = mkdtempSync(join(tmpdir(), "muster-records-"));
const ending = new AbortController();
afterAll(() => {
  ending.abort();
  rmSync(root, { recursive: true });
});

/** The sweep never comes: what is heard, the file system has told. */
const SWEEP_MS = 3000;
const clock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((done, fail) => {
      if (ms < SWEEP_MS) setTimeout(done, ms);
      signal?.addEventListener("abort", () => fail(signal.reason), { once: true });
    }),
};

test("a record is told at each of its changes at once, also when its folder comes after the program's start", async () => {
  const told: unknown[] = [];
  const waiting = { wake: () => {} };
  const next = () =>
    new Promise<void>((done) => {
      waiting.wake = done;
    });
  const records = new Records(
    clock,
    (agent, { status }) => {
      told.push([agent, status]);
      waiting.wake();
    },
    ending.signal,
  );
  const folder = join(root, "sessions");
  records.follow("a1", join(folder, "7.json"));
  // As a program's boot: nothing is there for a while.
  await clock.sleep(40);
  for (const status of ["starting", "idle", "busy"]) {
    const heard = next();
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "7.json"), JSON.stringify({ status }));
    await heard;
  }
  expect(told).toEqual(["starting", "idle", "busy"].map((status) => ["a1", status]));
});
