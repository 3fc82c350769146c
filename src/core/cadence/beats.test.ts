import { afterEach, expect, test } from "bun:test";
import { ANN, BOB } from "../../../test/fakes/history.ts";
import { PairHouse } from "../../../test/fakes/pair-house.ts";
import { CadenceReactor } from "../../engine/cadence/reactor.ts";
import type { SettingsChanges } from "../settings/settings.ts";
import { duesOf, memberOf } from "./beats.ts";
import type { Beat } from "./facts.ts";

let it: PairHouse;
let compact: string | undefined;
const free = { handoff_filter: { enabled: false }, loop_damping: { max_handoffs_without_evidence: 0 } };

function house(changes: SettingsChanges = {}, isSolo = false): void {
  compact = "/compact";
  it = new PairHouse({ isSolo, changes: { policies: free, ...changes } });
  const driverOf = () => ({ abilities: { compact } }) as never;
  it.run(new CadenceReactor({ clock: it.clock, state: () => it.state, driverOf }) as never);
}
afterEach(() => it.end());

const beat = (agent: string, which: Beat): string | undefined => {
  const member = memberOf(it.state, it.team, agent, it.clock.now(), compact !== undefined);
  return member ? duesOf(member).find((due) => due.beat === which)?.why : undefined;
};
const texts = (agent: string): string[] => it.told(agent).map(({ text }) => text);
const nudges = (agent: string): string[] => it.told(agent, "nudge").map(({ text }) => text);
const MINUTE = 60_000;
const be = (agent: string, activity: "idle" | "busy"): unknown =>
  it.observe({ type: "agent.changed", agent, activity });

const PROGRESS = "Progress(tag=impl): half of it is done\nNext: write the other half";

test("P54 a minute after a Progress nobody answers its author is told to go on with its Next, once", async () => {
  house();
  it.write(ANN, BOB, PROGRESS);
  it.readAll(BOB);
  await it.clock.pass(MINUTE - 1);
  expect(texts(ANN)).toEqual([]);
  expect(beat(ANN, "keepalive")).toBe("it is due in 1 s");
  await it.clock.pass(1);
  expect(texts(ANN)).toEqual(["OK. Continue: write the other half"]);
  it.readAll(ANN);
  await it.clock.pass(60 * MINUTE);
  expect(texts(ANN)).toHaveLength(1);
  expect(beat(ANN, "keepalive")).toBe("1 of 1 were given since its last Progress");
  expect(beat(BOB, "keepalive")).toBe("it has reported no Progress yet");
});

test("P54 new Progress replaces the old, and begins anew", async () => {
  house();
  it.write(ANN, BOB, PROGRESS);
  it.readAll(BOB);
  await it.clock.pass(MINUTE - 1);
  it.write(ANN, BOB, "Progress: more\nNext: polish it");
  it.readAll(BOB);
  await it.clock.pass(MINUTE - 1);
  expect(texts(ANN)).toEqual([]);
  await it.clock.pass(1);
  expect(texts(ANN)).toEqual(["OK. Continue: polish it"]);
  it.readAll(ANN);
  it.write(ANN, BOB, "Progress: even more");
  it.readAll(BOB);
  await it.clock.pass(MINUTE);
  expect(texts(ANN).at(-1)).toBe("OK. Continue: with the task at hand");
});

test("P54 a letter without Progress brings no keepalive; switched off, none comes", async () => {
  house();
  it.write(ANN, BOB, "Ask(to=peerB): what now?");
  await it.clock.pass(60 * MINUTE);
  expect(texts(ANN)).toEqual([]);
  await it.end();
  house({ cli_profiles: { delivery: { keepalive_enabled: false } } });
  it.write(ANN, BOB, PROGRESS);
  await it.clock.pass(60 * MINUTE);
  expect(texts(ANN)).toEqual([]);
  expect(beat(ANN, "keepalive")).toBe("keepalive_enabled is false");
});

test("P54 no keepalive while its CLI is busy, a letter waits for it, it is paused or gone; afterwards at once", async () => {
  house();
  it.write(ANN, BOB, PROGRESS);
  it.readAll(BOB);
  be(ANN, "busy");
  await it.clock.pass(MINUTE);
  expect(beat(ANN, "keepalive")).toBe("the agent is busy");
  expect(it.state.rhythms[ANN]?.skipped.keepalive?.reason).toBe("the agent is busy");
  be(ANN, "idle");
  it.dispatch({ do: "pause", team: "pair" });
  await it.settle();
  expect(beat(ANN, "keepalive")).toBe("the team is paused");
  it.dispatch({ do: "send", letter: { mid: "u", from: "user", to: ANN, kind: "letter", text: "hm", team: "pair" } });
  it.dispatch({ do: "resume", team: "pair" });
  await it.settle();
  expect(beat(ANN, "keepalive")).toBe("something is on its way to it");
  it.deliver("u");
  await it.settle();
  expect(beat(ANN, "keepalive")).toBe("its inbox is not empty");
  expect(texts(ANN)).toEqual([]);
  it.observe({ type: "message.read", mid: "u" });
  await it.settle();
  expect(texts(ANN)).toEqual(["OK. Continue: write the other half"]);
});

test("P96 alone it is told to go on after 240 s, three times in a row; new Progress counts anew", async () => {
  house({}, true);
  it.write(ANN, "system", PROGRESS);
  for (let n = 1; n <= 3; n += 1) {
    await it.clock.pass(240_000 - 1);
    expect(texts(ANN)).toHaveLength(n - 1);
    await it.clock.pass(1);
    expect(texts(ANN)).toHaveLength(n);
    it.readAll(ANN);
  }
  await it.clock.pass(60 * MINUTE);
  expect(texts(ANN)).toHaveLength(3);
  it.write(ANN, "system", "Progress: woke up\nNext: go on");
  await it.clock.pass(240_000);
  expect(texts(ANN)).toHaveLength(4);
});

test("P97 what it is told alone names all three ways: summary, question, further work", async () => {
  house({}, true);
  it.write(ANN, "system", PROGRESS);
  await it.clock.pass(240_000);
  expect(texts(ANN)[0]).toBe(
    "OK. Continue: write the other half\nFinished: write a summary into to_user.md. Blocked, or input needed: ask in to_user.md. Else work on and log Progress in to_peer.md.",
  );
});

/** A letter that was named and is not put away. */
function unread(to = BOB): string {
  const mid = it.write(to === BOB ? ANN : BOB, to, `Ask(to=peer): number ${it.state.seq}?`);
  it.deliver(mid);
  return mid;
}

test("P30 a letter that lies unread for 300 s is named once more, and then only when the backlog has grown", async () => {
  house();
  unread();
  await it.clock.pass(300_000);
  expect(nudges(BOB)).toEqual([]);
  await it.clock.pass(15_000);
  expect(nudges(BOB)).toHaveLength(1);
  expect(nudges(BOB)[0]).toContain("trigger=000001 preview='Ask(to=peer): number");
  it.deliver(it.told(BOB, "nudge")[0]?.mid ?? "");
  await it.clock.pass(10 * 60 * MINUTE);
  expect(nudges(BOB)).toHaveLength(1);
  expect(beat(BOB, "nudge")).toBe("it was nudged, and nothing has come since");
  unread();
  await it.clock.pass(300_000 + 60_000 + 15_000);
  expect(nudges(BOB)).toHaveLength(2);
  expect(nudges(BOB)[1]).toContain("2 letters wait");
});

test("P30 a letter that was put away in time is not named again", async () => {
  house();
  const mid = unread();
  await it.clock.pass(299_000);
  it.observe({ type: "message.read", mid });
  await it.clock.pass(60 * MINUTE);
  expect(nudges(BOB)).toEqual([]);
  expect(beat(BOB, "nudge")).toBe("nothing lies unread in its inbox");
});

test("P54 what its CLI does in between is progress: the time counts from its last rest", async () => {
  house();
  unread();
  await it.clock.pass(290_000);
  be(BOB, "busy");
  await it.clock.pass(290_000);
  expect(nudges(BOB)).toEqual([]);
  be(BOB, "idle");
  await it.clock.pass(299_999);
  expect(nudges(BOB)).toEqual([]);
  await it.clock.pass(15_001);
  expect(nudges(BOB)).toHaveLength(1);
});

test("fault 28: two idle CLIs with read inboxes get not one line in an hour", async () => {
  house();
  it.write(ANN, BOB, "Evidence: all is done, nothing is left");
  it.readAll(BOB);
  for (let n = 0; n < 60; n += 1) await it.clock.pass(MINUTE);
  expect([...texts(ANN), ...texts(BOB), ...nudges(ANN), ...nudges(BOB)]).toEqual([]);
});

test("fault 28: a hundred unread letters at once bring one nudge", async () => {
  house({ cli_profiles: { delivery: { self_check_every_handoffs: 1000 } } });
  for (let n = 0; n < 100; n += 1) unread();
  await it.clock.pass(315_000);
  expect(nudges(BOB)).toHaveLength(1);
  expect(nudges(BOB)[0]).toContain("100 letters wait");
});

const compacts = (agent = BOB): number =>
  it.facts("control.requested").filter((fact) => fact.agent === agent && fact.action === "compact").length;

/** Six handoffs to BOB, all delivered and read. */
function talk(times = 6): void {
  for (let n = 0; n < times; n += 1) it.write(ANN, BOB, `Evidence: piece ${n} of ${it.state.seq}`);
  it.readAll(BOB);
}

test("P55 a CLI compacts when all holds: 900 s, six handoffs, idle for 120 s, nothing waiting", async () => {
  house({ cli_profiles: { delivery: { self_check_every_handoffs: 1000 } } });
  await it.clock.pass(900_000);
  expect(beat(BOB, "compact")).toBe("0 handoffs since the last one; 6 are needed");
  talk(5);
  await it.clock.pass(10 * MINUTE);
  expect(compacts()).toBe(0);
  talk(1);
  await it.settle();
  expect(beat(BOB, "compact")).toBe("something was delivered less than 120 s ago");
  await it.clock.pass(119_999);
  expect(compacts()).toBe(0);
  await it.clock.pass(1);
  expect(compacts()).toBe(1);
  expect(compacts(ANN)).toBe(0);
});

test("P55 nothing is typed into a busy turn, and the next compact waits another 900 s: fault 8", async () => {
  house({ cli_profiles: { delivery: { self_check_every_handoffs: 1000 } } });
  talk();
  be(BOB, "busy");
  await it.clock.pass(20 * MINUTE);
  expect(compacts()).toBe(0);
  expect(beat(BOB, "compact")).toBe("the agent is busy");
  be(BOB, "idle");
  await it.clock.pass(119_999);
  expect(compacts()).toBe(0);
  await it.clock.pass(1);
  expect(compacts()).toBe(1);
  it.observe({ type: "session.compacted", agent: BOB });
  expect(it.state.rhythms[BOB]).toMatchObject({ sinceCompact: 0, compactedAt: it.clock.now() });
  talk();
  await it.clock.pass(899_999);
  expect(compacts()).toBe(1);
  await it.clock.pass(1);
  expect(compacts()).toBe(2);
});

test("P55 a CLI without the command says n/a, and one that is told not to says so", async () => {
  house();
  compact = undefined;
  talk();
  await it.clock.pass(30 * MINUTE);
  expect(compacts()).toBe(0);
  expect(beat(BOB, "compact")).toBe("n/a: its CLI has no command for it");
  await it.end();
  house({ cli_profiles: { delivery: { auto_compact: { enabled: false } } } });
  talk();
  await it.clock.pass(30 * MINUTE);
  expect(compacts()).toBe(0);
  expect(beat(BOB, "compact")).toBe("auto_compact is off");
});

test("P56 a conversation is reset after so many handoffs, compacted or cleared as the user wants; 0 is never", async () => {
  house({ cli_profiles: { delivery: { conversation_reset: { policy: "clear", interval_handoffs: 3 } } } });
  talk(2);
  await it.settle();
  expect(beat(BOB, "clear")).toBe("2 handoffs since the last one; 3 are needed");
  talk(1);
  await it.settle();
  const cleared = () => it.facts("control.requested").filter(({ action }) => action === "clear").length;
  expect(cleared()).toBe(1);
  expect(it.state.rhythms[BOB]?.sinceReset).toBe(0);
  await it.end();
  house();
  talk(20);
  await it.clock.pass(MINUTE);
  expect(cleared()).toBe(0);
  expect(beat(BOB, "clear")).toBe("conversation_reset.interval_handoffs is 0");
});

test("P31 a letter held for its author's haste is let go when the time is over", async () => {
  house({ policies: {} });
  it.write(ANN, BOB, "The parser loses the last line of a file without a newline.");
  await it.clock.pass(1000);
  const mid = it.write(ANN, BOB, "Nobody closes the socket when its reader has gone away early.");
  expect(it.message(mid).held?.rule).toBe("cooldown");
  await it.clock.pass(13_999);
  expect(it.message(mid).held?.rule).toBe("cooldown");
  await it.clock.pass(1);
  expect(it.message(mid).held).toBeUndefined();
});

test("P49 a request that nobody decides expires after its hours", async () => {
  house({ policies: { ...free, rfd: { ttl_hours: 1 } } });
  it.observe({ type: "rfd.opened", rfd: "rfd-msg-1", team: "pair", kind: "msg", author: ANN, title: "t", tasks: [] });
  await it.clock.pass(60 * MINUTE - 1);
  expect(it.state.rfds["rfd-msg-1"]?.decided).toBeUndefined();
  await it.clock.pass(1);
  expect(it.state.rfds["rfd-msg-1"]?.decided).toMatchObject({ decision: "expired", by: "system" });
});
