import { afterEach, beforeEach, expect, test } from "bun:test";
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HandClock } from "../../test/fakes/clock.ts";
import { Spool, type Spooled } from "./spool.ts";

const HALF = '{"hook_event_name":"PostCompact",';
const REST = '"session_id":"s"}';

let home: string;
let folder: string;
let clock: HandClock;
let ending: AbortController;
let taken: Spooled[];
let refused: string[];

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "muster-spool-"));
  folder = join(home, "spool");
  mkdirSync(folder);
  clock = new HandClock();
  ending = new AbortController();
  [taken, refused] = [[], []];
});
afterEach(() => {
  ending.abort();
  // A sweep under way may move something meanwhile.
  rmSync(home, { recursive: true, force: true });
});

const follow = (): Promise<void> =>
  new Spool({
    folder,
    clock,
    take: (documents) => void taken.push(...documents),
    refuse: (reason) => refused.push(reason),
  }).start(ending.signal);

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) {
    await clock.pass(10);
    await Bun.sleep(1);
  }
}

const isAllTaken = (): boolean => readdirSync(join(folder, "claimed")).length === 0;
const claimed = (): string => join(folder, "claimed", readdirSync(join(folder, "claimed"))[0] ?? "");

test("half a document of a hook waits for its rest, also when the clock was set an hour ahead of the file's time", async () => {
  await clock.pass(Date.now() + 3_600_000 - clock.now());
  writeFileSync(join(folder, "0a1b2c3d.77.json"), HALF);
  await follow();
  expect([taken, refused]).toEqual([[], []]);
  appendFileSync(claimed(), REST);
  await until(() => taken.length > 0 && isAllTaken());
  expect(taken.map(({ agent, document }) => [agent, document.hook_event_name])).toEqual([["0a1b2c3d", "PostCompact"]]);
  expect([refused, readdirSync(join(folder, "claimed"))]).toEqual([[], []]);
});

test("half a document whose rest does not come within a minute is put aside, whole, and told", async () => {
  writeFileSync(join(folder, "0a1b2c3d.77.json"), HALF);
  await follow();
  await clock.pass(59_000);
  expect(refused).toEqual([]);
  await clock.pass(2_000);
  await until(() => refused.length > 0);
  expect(refused[0]).toContain("holds a torn document");
  expect([taken, readdirSync(join(home, "refused")).length]).toEqual([[], 1]);
});

test("what hooks wrote within one tick of the clock is taken in the order of their processes, also where those begin anew", async () => {
  const inOneTick = (...processes: number[]): void => {
    for (const process of processes) {
      const path = join(folder, `0a1b2c3d.${process}.json`);
      writeFileSync(path, JSON.stringify({ hook_event_name: String(process) }));
      utimesSync(path, 1_700_000_000, 1_700_000_000);
    }
  };
  inOneTick(31, 7, 120, 9);
  await follow();
  expect(taken.map(({ document }) => document.hook_event_name)).toEqual(["7", "9", "31", "120"]);
  taken = [];
  inOneTick(5, 32_760, 32_767);
  await until(() => taken.length === 3);
  expect(taken.map(({ document }) => document.hook_event_name)).toEqual(["32760", "32767", "5"]);
});
