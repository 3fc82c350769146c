import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clockFrom } from "./shifted-clock.ts";
import { systemClock } from "./system.ts";

const folder = mkdtempSync(join(tmpdir(), "muster-clock-"));
const file = join(folder, "offset");
afterAll(() => rmSync(folder, { recursive: true }));

test("without its variable a daemon has the machine's clock, and nobody inherits the variable", () => {
  const env: Record<string, string | undefined> = { MUSTER_CLOCK: file };
  expect(clockFrom({})).toBe(systemClock);
  expect(clockFrom(env)).not.toBe(systemClock);
  expect("MUSTER_CLOCK" in env).toBe(false);
});

test("time moves on by what the file says, never back, and sleepers wake when it has come", async () => {
  writeFileSync(file, "1000");
  const clock = clockFrom({ MUSTER_CLOCK: file });
  expect(clock.now() - Date.now()).toBeGreaterThanOrEqual(999);
  const woken: string[] = [];
  const hour = clock.sleep(3_600_000).then(() => woken.push("hour"));
  const minute = clock.sleep(60_000).then(() => woken.push("minute"));
  writeFileSync(file, "61000");
  await minute;
  expect(woken).toEqual(["minute"]);
  writeFileSync(file, "0");
  await clock.sleep(20);
  expect(clock.now() - Date.now()).toBeGreaterThanOrEqual(60_999);
  writeFileSync(file, "3700000");
  await hour;
  expect(woken).toEqual(["minute", "hour"]);
});

test("whoever does not want to sleep any more is let go", async () => {
  const clock = clockFrom({ MUSTER_CLOCK: join(folder, "none") });
  const ending = new AbortController();
  const sleeping = clock.sleep(60_000, ending.signal);
  ending.abort(new Error("enough"));
  await expect(sleeping).rejects.toThrow("enough");
  await expect(clock.sleep(1, ending.signal)).rejects.toThrow("enough");
});
