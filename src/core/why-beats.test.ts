import { afterEach, expect, test } from "bun:test";
import { BeatHouse } from "../../test/fakes/beat-house.ts";
import { ANN, BOB } from "../../test/fakes/history.ts";
import type { SettingsChanges } from "./settings/settings.ts";
import { why, whyAspect } from "./why.ts";
import { BEATS, type Moment } from "./why-beats.ts";

let it: BeatHouse;
afterEach(() => it.end());

const with_ = (delivery: NonNullable<SettingsChanges["cli_profiles"]>["delivery"]) => ({ cli_profiles: { delivery } });
const moment = (more: Partial<Moment> = {}): Moment => ({ now: it.clock.now(), ...more });
/** It is known whether its CLI has a command to make its context smaller. */
const know = (agent: string, canCompact: boolean): unknown =>
  Object.assign(it.state.agents[agent]?.hire ?? {}, { canCompact });
const parts = (agent: string, more: Partial<Moment> = {}): Record<string, string> =>
  Object.fromEntries((why(it.state, agent, [], moment(more))?.parts ?? []).map(({ name, text }) => [name, text]));
const beat = (agent: string, word: string, more: Partial<Moment> = {}) =>
  whyAspect(it.state, agent, word, moment(more));

test("a member is told for each beat why it does not come now", () => {
  it = new BeatHouse();
  know(ANN, true);
  expect(parts(ANN)).toEqual({
    keepalive: "it has reported no Progress yet",
    nudge: "nothing lies unread in its inbox",
    "self-check": "0 of 6 handoffs since the last one",
    refresh: "2 self-checks are left until it",
    board: "PeerB keeps the board",
    compact: "0 handoffs since the last one; 6 are needed",
    clear: "conversation_reset.interval_handoffs is 0",
  });
  expect(parts(BOB).board).toBe("it was not asked yet; the next self-check asks");
});

test("one that works alone has idleness too, and keeps the board itself", () => {
  it = new BeatHouse({}, true);
  expect(parts(ANN)).toMatchObject({
    idle: "its reminders are not used up",
    board: "it was not asked yet; the next self-check asks",
  });
});

test("handoffs bring the self-check nearer, and self-checks the refresh", async () => {
  it = new BeatHouse(with_({ self_check_every_handoffs: 2, system_refresh_every_self_checks: 2 }));
  it.write(ANN, BOB, "Evidence: one");
  expect(parts(BOB)["self-check"]).toBe("1 of 2 handoffs since the last one");
  it.write(ANN, BOB, "Evidence: two");
  expect(parts(BOB)).toMatchObject({
    "self-check": "0 of 2 handoffs since the last one",
    refresh: "it comes with the next self-check",
    board: "it was asked 0 s ago; the next self-check asks",
  });
  await it.clock.pass(30_999);
  expect(parts(BOB).board).toBe("it was asked 30 s ago; the next self-check asks");
  it.write(ANN, BOB, "Evidence: three");
  it.write(ANN, BOB, "Evidence: four");
  expect(parts(BOB)).toMatchObject({
    refresh: "it was asked for and is being written",
    board: expect.stringContaining("left out at"),
  });
  expect(beat(BOB, "board")).toMatchObject({
    parts: [
      { name: "left out", text: expect.stringMatching(/^at \d\d:\d\d:\d\d UTC: the board was asked after less/) },
    ],
  });
});

test("one beat is answered with its rule, its reason and what would bring it", () => {
  it = new BeatHouse();
  expect(beat(ANN, "keepalive")).toEqual({
    ...{ id: ANN, kind: "beat", what: "keepalive of PeerA", state: "not given", evidence: [], parts: [] },
    because: "it has reported no Progress yet",
    rule: "after a Progress that nobody answers its author is told to go on (delivery.keepalive_enabled, keepalive_delay_seconds)",
    change: "a new Progress of it, and nothing that waits for it",
  });
});

test("each beat has its rule, which names its settings, and what would bring it", () => {
  it = new BeatHouse({}, true);
  const said = BEATS.map((word) => {
    const { rule, change } = beat(ANN, word);
    return [word, /\((delivery\.[a-z_]+)[^)]*\)$/.exec(rule)?.[1] ?? rule, change];
  });
  expect(said).toEqual([
    ["keepalive", "delivery.keepalive_enabled", "a new Progress of it, and nothing that waits for it"],
    ["nudge", "delivery.nudge_resend_seconds", "the time passes, or another letter comes"],
    ["self-check", "delivery.self_check_every_handoffs", "further handoffs"],
    ["refresh", "delivery.system_refresh_every_self_checks", "/refresh"],
    [
      "board",
      "whoever keeps the board is asked with each self-check, /focus and /reset, at most once in 60 s",
      "/focus",
    ],
    ["compact", "delivery.auto_compact", "the condition is met; /reset compact asks for it as soon as it rests"],
    ["clear", "delivery.conversation_reset", "/reset clear"],
    ["idle", "delivery.single_peer", "its reminders are used up without new Progress"],
  ]);
});

test("a beat that nothing hinders is given now", () => {
  it = new BeatHouse();
  it.write(ANN, BOB, "Progress: half\nNext: the other half");
  it.readAll(BOB);
  const later = { now: it.clock.now() + 60_000 };
  expect(parts(ANN, later).keepalive).toBe("now");
  expect(beat(ANN, "keepalive", later)).toMatchObject({ state: "given", because: "nothing hinders it" });
});

test("why a beat that was due was left out stays said until it is given", async () => {
  it = new BeatHouse();
  it.write(ANN, BOB, "Progress: half\nNext: the other half");
  it.readAll(BOB);
  it.be(ANN, "busy");
  await it.clock.pass(60_000);
  expect(parts(ANN).keepalive).toBe("the agent is busy");
  it.write(ANN, BOB, "Progress: more");
  expect(parts(ANN).keepalive).toMatch(/^it is due in 60 s \(left out at \d\d:\d\d:\d\d UTC: the agent is busy\)$/);
});

test("a compact depends on the CLI: without the command n/a, unknown where nobody knows", () => {
  it = new BeatHouse();
  const due = "0 handoffs since the last one; 6 are needed";
  expect(parts(BOB).compact).toBe(`${due}; whether its CLI has a command for it is unknown`);
  know(BOB, true);
  expect(parts(BOB).compact).toBe(due);
  know(BOB, false);
  expect(parts(BOB).compact).toBe("n/a: its CLI has no command for it");
});

test("conversation_reset speaks for the beat of its policy, beside the automatic compact", async () => {
  it = new BeatHouse(with_({ conversation_reset: { policy: "compact", interval_handoffs: 9 } }));
  know(BOB, true);
  expect(parts(BOB)).toMatchObject({
    compact: "0 handoffs since the last one; 9 are needed; 0 handoffs since the last one; 6 are needed",
    clear: "conversation_reset.policy is compact",
  });
  await it.end();
  it = new BeatHouse(with_({ conversation_reset: { policy: "clear", interval_handoffs: 9 } }));
  expect(parts(BOB).clear).toBe("0 handoffs since the last one; 9 are needed");
});

test("nobody but a member of a running team has beats, and other words are refused with those there are", () => {
  it = new BeatHouse();
  expect(() => beat(ANN, "idle")).toThrow("PeerA has no idle");
  expect(() => beat(ANN, "lunch")).toThrow(`${ANN} has no lunch`);
  expect(() => beat("pair", "keepalive")).toThrow("pair has no keepalive");
  it.start("c0000003");
  expect(() => beat("c0000003", "nudge")).toThrow("c0000003 has no nudge");
  expect(why(it.state, ANN, [])?.parts).toEqual([]);
  it.dispatch({ do: "stop", team: "pair", reason: "it is done" });
  expect(parts(ANN)).toEqual({});
  expect(() => beat(ANN, "nudge")).toThrow("PeerA has no nudge");
});
