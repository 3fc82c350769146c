import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readHomeSettings } from "./home-settings.ts";

const folder = mkdtempSync(join(tmpdir(), "muster-config-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const path = join(folder, "config.yaml");

async function read(text: string): Promise<[number, string | null]> {
  writeFileSync(path, text);
  const { settings, problem } = await readHomeSettings(path);
  return [settings.silenceMinutes, problem?.replace(path, "config.yaml") ?? null];
}

test("A35 the silence limit comes from config.yaml; 60 where nothing is said, and other keys are passed over", async () => {
  expect(await readHomeSettings(join(folder, "none.yaml"))).toEqual({
    settings: { silenceMinutes: 60 },
    problem: null,
  });
  expect(await read("")).toEqual([60, null]);
  expect(await read("jobs:\n  max_running: 3\njob:\n  other: 1\n")).toEqual([60, null]);
  expect(await read("job:\n  silence_minutes: 0\n")).toEqual([0, null]);
  expect(await read("job: { silence_minutes: 90 }")).toEqual([90, null]);
});

test("A35 what is wrong in it is said, and 60 counts", async () => {
  expect(await read("job: { silence_minutes: soon }")).toEqual([
    60,
    "config.yaml: job.silence_minutes: a number from 0 to 10080 is needed",
  ]);
  expect(await read("job: [1]")).toEqual([60, expect.stringContaining("config.yaml: job: keys are needed")]);
  expect(await read("job: {")).toEqual([60, expect.stringContaining("config.yaml: ")]);
});
