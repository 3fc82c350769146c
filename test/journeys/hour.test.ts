import { afterEach, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { State } from "../../src/core/state.ts";
import { Hour } from "./hour/hour.ts";
import { NAMES } from "./hour/play.ts";

let hour: Hour;
afterEach(() => hour.world.end());

const committed = (state: State, count: number): boolean =>
  Object.values(state.patches).filter((patch) => patch.state === "committed").length >= count;
const isComplete = (state: State, task: string): boolean => state.boards.pair?.tasks[task]?.status === "complete";

/** Sixty minutes of a pair, with everything that can happen in a night. */
async function play(): Promise<State> {
  await hour.begin();
  await hour.rest();
  await hour.say("a: Build the plan of PROJECT.md with your peer.");
  await hour.passUntil("add is committed and reviewed", (state) => isComplete(state, "T001"));
  await hour.crash("PeerA");
  await hour.passUntil("mul waits for a decision", (state) => {
    const [rfd] = Object.values(state.rfds);
    return rfd?.signatures.length === 2;
  });
  const [rfd] = Object.keys((await hour.state()).rfds);
  await hour.crash("PeerB");
  await hour.say(`/rfd ${rfd} approve`);
  await hour.passUntil("mul is committed", (state) => committed(state, 2));
  await hour.say("b: one word to you while nobody looks.");
  await hour.world.kill();
  await hour.boot();
  await hour.passUntil("everything is complete", (state) => NAMES.every((_, n) => isComplete(state, `T00${n + 1}`)));
  await hour.pass(3600 - hour.moved / 1000);
  return hour.rest();
}

test("a pair builds its plan in an hour, whatever crashes", async () => {
  hour = new Hour();
  const state = await play();
  expect(hour.moved).toBe(3_600_000);
  const log = hour.git("log", "--format=%s", "--reverse").trim().split("\n");
  expect(log).toEqual(["first", ...NAMES.map((name) => `muster(PeerA): change src/${name}.js`)]);
  expect(Object.values(state.rfds)).toMatchObject([{ kind: "large", decided: { decision: "approve", by: "user" } }]);
  console.log(JSON.stringify(Object.values(state.rhythms), null, 1));
  console.log(
    Object.values(state.messages)
      .map(
        (m) =>
          `${m.from.slice(0, 4)}>${m.to.slice(0, 4)} ${m.kind} ${m.state} ${m.held?.rule ?? ""} ${m.preview.slice(0, 90)}`,
      )
      .join("\n"),
  );
  console.log(readFileSync(join(hour.repo, ".muster/state/ledger.jsonl"), "utf8").slice(0, 3000));
}, 120_000);
