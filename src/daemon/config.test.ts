import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HandClock } from "../../test/fakes/clock.ts";
import type { Command } from "../core/commands.ts";
import { followConfig } from "./config.ts";
import type { Parts } from "./parts.ts";

const folder = mkdtempSync(join(tmpdir(), "muster-follow-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("what could not be taken over from config.yaml, as on a full disk, is taken over at a later look", async () => {
  const config = join(folder, "config.yaml");
  const clock = new HandClock();
  const ending = new AbortController();
  const taken: Command[] = [];
  let isFull = false;
  const engine = {
    dispatch: (command: Command) => {
      if (isFull) throw new Error("database or disk is full");
      taken.push(command);
    },
  };
  const parts = { home: { config }, engine, clock, ending: ending.signal } as unknown as Parts;
  await followConfig(parts);
  expect(taken).toHaveLength(1);
  writeFileSync(config, "queue: { parallel: 9 }\n");
  isFull = true;
  const quiet = console.error;
  console.error = () => {};
  // Files are read beside the clock: each look takes as many turns as it needs.
  const until = async (isSo: () => boolean) => {
    while (!isSo()) {
      await clock.pass(2000);
      await Bun.sleep(0);
    }
  };
  let tries = 0;
  const refuse = engine.dispatch;
  engine.dispatch = (command) => {
    tries += 1;
    refuse(command);
  };
  await until(() => tries > 0);
  isFull = false;
  await until(() => taken.length > 1);
  console.error = quiet;
  expect(taken[1]).toMatchObject({ facts: [{ type: "config.loaded", changes: { limits: { parallel: 9 } } }] });
  ending.abort();
});
