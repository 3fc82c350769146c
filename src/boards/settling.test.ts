import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HandClock } from "../../test/fakes/clock.ts";
import { Settling } from "./settling.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "muster-settling-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("a file written twice within one tick of the file system's clock is read again once it stands still", async () => {
  const path = join(folder, "POR.md");
  writeFileSync(path, "one");
  const clock = new HandClock();
  let text = "one";
  let reads = 0;
  const settling = new Settling(clock, async () => {
    reads += 1;
    return new TextEncoder().encode(text);
  });
  const first = await settling.look(path, true);
  // The stat of the file stays: that is what a write within the same tick and with the same length looks like.
  text = "two";
  expect((await settling.look(path, false)).found).toMatchObject({ text: "one" });
  await clock.pass(300);
  const second = await settling.look(path, false);
  expect(second.found).toMatchObject({ text: "two" });
  expect(second.version).not.toBe(first.version);
  await clock.pass(300);
  expect(await settling.look(path, false)).toEqual(second);
  expect(reads).toBe(2);
});
