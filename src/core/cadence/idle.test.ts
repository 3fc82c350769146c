import { afterEach, expect, test } from "bun:test";
import { BeatHouse } from "../../../test/fakes/beat-house.ts";
import { ANN, BOB } from "../../../test/fakes/history.ts";
import type { SettingsChanges } from "../settings/settings.ts";
import { duesOf, memberOf } from "./beats.ts";

let it: BeatHouse;
afterEach(() => it.end());

const TOLD = "idle, waiting for you: 3 reminders brought no new Progress";
const told = () => it.told("user").map(({ text }) => text);

/** Progress is written, and after each wait a reminder comes and is read. */
async function exhausted(changes: SettingsChanges = {}): Promise<void> {
  it = new BeatHouse(changes, true);
  progress();
  for (let n = 0; n < 3; n += 1) {
    await it.clock.pass(240_000);
    it.readAll(ANN);
  }
  expect(it.texts(ANN)).toHaveLength(3);
}
const progress = (): void => {
  it.write(ANN, "system", "Progress(tag=impl): some of it\nNext: the rest");
};

test("P96 alone, with its reminders used up and no Foreman, the user is told once that it waits", async () => {
  await exhausted();
  await it.clock.pass(239_999);
  expect(told()).toEqual([]);
  await it.clock.pass(1);
  expect(told()).toEqual([TOLD]);
  expect(it.why(ANN, "idle")).toBe("the user knows");
  await it.clock.pass(5_000_000);
  expect(told()).toHaveLength(1);
});

test("P96 new Progress begins anew, and is told anew", async () => {
  await exhausted();
  await it.clock.pass(240_000);
  progress();
  expect(it.why(ANN, "idle")).toBe("its reminders are not used up");
  for (let n = 0; n < 4; n += 1) {
    await it.clock.pass(240_000);
    it.readAll(ANN);
  }
  expect(told()).toEqual([TOLD, TOLD]);
});

test("P96 one that works still is not idle; it is told when it rests", async () => {
  await exhausted();
  it.be(ANN, "busy");
  await it.clock.pass(600_000);
  expect(told()).toEqual([]);
  it.be(ANN, "idle");
  await it.settle();
  expect(told()).toEqual([TOLD]);
});

test("P96 with a Foreman its next run wakes it, and the user is not told; with its timer off they are", async () => {
  await exhausted({ foreman: { enabled: true, agent: "claude" } });
  await it.clock.pass(5_000_000);
  expect(told()).toEqual([]);
  expect(it.why(ANN, "idle")).toBe("the Foreman's next run wakes it");
  // Nothing tells when its timer is turned off: it is looked at again after a reminder's time.
  const member = memberOf(it.state, it.team, ANN, it.clock.now(), true);
  const due = member && duesOf(member).find(({ beat }) => beat === "idle");
  expect(due?.next).toBe(it.clock.now() + 240_000);
  it.dispatch({ do: "tune", team: "pair", switch: "foreman", isOn: false });
  await it.clock.pass(240_000);
  expect(told()).toEqual([TOLD]);
});

test("in a pair nobody waits for the user", async () => {
  it = new BeatHouse({});
  it.write(ANN, BOB, "Progress(tag=impl): some of it\nNext: the rest");
  await it.clock.pass(600_000);
  expect(it.why(ANN, "idle")).toBe("its reminders are not used up");
  expect(told()).toEqual([]);
});
