import { afterEach, expect, test } from "bun:test";
import { BeatHouse } from "../../../test/fakes/beat-house.ts";
import { ANN, BOB } from "../../../test/fakes/history.ts";

let it: BeatHouse;
afterEach(() => it.end());

const MINUTE = 60_000;

const PROGRESS = "Progress(tag=impl): half of it is done\nNext: write the other half";

test("P54 a minute after a Progress nobody answers its author is told to go on with its Next, once", async () => {
  it = new BeatHouse();
  it.write(ANN, BOB, PROGRESS);
  it.readAll(BOB);
  await it.clock.pass(MINUTE - 1);
  expect(it.texts(ANN)).toEqual([]);
  expect(it.why(ANN, "keepalive")).toBe("it is due in 1 s");
  await it.clock.pass(1);
  expect(it.texts(ANN)).toEqual(["OK. Continue: write the other half"]);
  it.readAll(ANN);
  await it.clock.pass(60 * MINUTE);
  expect(it.texts(ANN)).toHaveLength(1);
  expect(it.why(ANN, "keepalive")).toBe("1 of 1 were given since its last Progress");
  expect(it.why(BOB, "keepalive")).toBe("it has reported no Progress yet");
});

test("P54 new Progress replaces the old, and begins anew", async () => {
  it = new BeatHouse();
  it.write(ANN, BOB, PROGRESS);
  it.readAll(BOB);
  await it.clock.pass(MINUTE - 1);
  it.write(ANN, BOB, "Progress: more\nNext: polish it");
  it.readAll(BOB);
  await it.clock.pass(MINUTE - 1);
  expect(it.texts(ANN)).toEqual([]);
  await it.clock.pass(1);
  expect(it.texts(ANN)).toEqual(["OK. Continue: polish it"]);
  it.readAll(ANN);
  it.write(ANN, BOB, "Progress: even more");
  it.readAll(BOB);
  await it.clock.pass(MINUTE);
  expect(it.texts(ANN).at(-1)).toBe("OK. Continue: with the task at hand");
});

test("P54 one whose program ended is told nothing, and why says that it is not running", async () => {
  it = new BeatHouse();
  it.write(ANN, BOB, PROGRESS);
  it.readAll(BOB);
  const { incarnation = 0 } = it.state.agents[ANN] ?? {};
  it.observe({ type: "terminal.exited", agent: ANN, incarnation, code: 0, signal: null });
  await it.clock.pass(60 * MINUTE);
  expect([it.texts(ANN), it.why(ANN, "keepalive")]).toEqual([[], "the agent is not running"]);
});

test("P54 a letter without Progress brings no keepalive; switched off, none comes", async () => {
  it = new BeatHouse();
  it.write(ANN, BOB, "Ask(to=peerB): what now?");
  await it.clock.pass(60 * MINUTE);
  expect(it.texts(ANN)).toEqual([]);
  await it.end();
  it = new BeatHouse({ cli_profiles: { delivery: { keepalive_enabled: false } } });
  it.write(ANN, BOB, PROGRESS);
  await it.clock.pass(60 * MINUTE);
  expect(it.texts(ANN)).toEqual([]);
  expect(it.why(ANN, "keepalive")).toBe("keepalive_enabled is false");
});

test("P54 no keepalive while its CLI is busy, a letter waits for it, it is paused or gone; afterwards at once", async () => {
  it = new BeatHouse();
  it.write(ANN, BOB, PROGRESS);
  it.readAll(BOB);
  it.be(ANN, "busy");
  await it.clock.pass(MINUTE);
  expect(it.why(ANN, "keepalive")).toBe("the agent is busy");
  expect(it.state.rhythms[ANN]?.skipped.keepalive?.reason).toBe("the agent is busy");
  it.be(ANN, "idle");
  it.dispatch({ do: "pause", team: "pair" });
  await it.settle();
  expect(it.why(ANN, "keepalive")).toBe("the team is paused");
  it.dispatch({ do: "send", letter: { mid: "u", from: "user", to: ANN, kind: "letter", text: "hm", team: "pair" } });
  it.dispatch({ do: "resume", team: "pair" });
  await it.settle();
  expect(it.why(ANN, "keepalive")).toBe("something is on its way to it");
  it.deliver("u");
  await it.settle();
  expect(it.why(ANN, "keepalive")).toBe("its inbox is not empty");
  expect(it.texts(ANN)).toEqual([]);
  it.observe({ type: "message.read", mid: "u" });
  await it.settle();
  expect(it.texts(ANN)).toEqual(["OK. Continue: write the other half"]);
});

test("P96 alone it is told to go on after 240 s, three times in a row; new Progress counts anew", async () => {
  it = new BeatHouse({}, true);
  it.write(ANN, "system", PROGRESS);
  for (let n = 1; n <= 3; n += 1) {
    await it.clock.pass(240_000 - 1);
    expect(it.texts(ANN)).toHaveLength(n - 1);
    await it.clock.pass(1);
    expect(it.texts(ANN)).toHaveLength(n);
    it.readAll(ANN);
  }
  await it.clock.pass(60 * MINUTE);
  expect(it.texts(ANN)).toHaveLength(3);
  it.write(ANN, "system", "Progress: woke up\nNext: go on");
  await it.clock.pass(240_000);
  expect(it.texts(ANN)).toHaveLength(4);
});

test("P97 what it is told alone names all three ways: summary, question, further work", async () => {
  it = new BeatHouse({}, true);
  it.write(ANN, "system", PROGRESS);
  await it.clock.pass(240_000);
  expect(it.texts(ANN)[0]).toBe(
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
  it = new BeatHouse();
  unread();
  await it.clock.pass(300_000);
  expect(it.nudges(BOB)).toEqual([]);
  await it.clock.pass(15_000);
  expect(it.nudges(BOB)).toHaveLength(1);
  expect(it.nudges(BOB)[0]).toContain("trigger=000001 preview='Ask(to=peer): number");
  it.deliver(it.told(BOB, "nudge")[0]?.mid ?? "");
  await it.clock.pass(10 * 60 * MINUTE);
  expect(it.nudges(BOB)).toHaveLength(1);
  expect(it.why(BOB, "nudge")).toBe("it was nudged, and nothing has come since");
  unread();
  await it.clock.pass(300_000 + 60_000 + 15_000);
  expect(it.nudges(BOB)).toHaveLength(2);
  expect(it.nudges(BOB)[1]).toContain("2 letters wait");
});

test("P30 a letter that was put away in time is not named again", async () => {
  it = new BeatHouse();
  const mid = unread();
  await it.clock.pass(299_000);
  it.observe({ type: "message.read", mid });
  await it.clock.pass(60 * MINUTE);
  expect(it.nudges(BOB)).toEqual([]);
  expect(it.why(BOB, "nudge")).toBe("nothing lies unread in its inbox");
});

test("P54 what its CLI does in between is progress: the time counts from its last rest", async () => {
  it = new BeatHouse();
  unread();
  await it.clock.pass(290_000);
  it.be(BOB, "busy");
  await it.clock.pass(290_000);
  expect(it.nudges(BOB)).toEqual([]);
  it.be(BOB, "idle");
  await it.clock.pass(299_999);
  expect(it.nudges(BOB)).toEqual([]);
  await it.clock.pass(15_001);
  expect(it.nudges(BOB)).toHaveLength(1);
});

test("fault 28: two idle CLIs with read inboxes get not one line in an hour", async () => {
  it = new BeatHouse();
  it.write(ANN, BOB, "Evidence: all is done, nothing is left");
  it.readAll(BOB);
  for (let n = 0; n < 60; n += 1) await it.clock.pass(MINUTE);
  expect([...it.texts(ANN), ...it.texts(BOB), ...it.nudges(ANN), ...it.nudges(BOB)]).toEqual([]);
});

test("fault 28: a hundred unread letters at once bring one nudge", async () => {
  it = new BeatHouse({ cli_profiles: { delivery: { self_check_every_handoffs: 1000 } } });
  for (let n = 0; n < 100; n += 1) unread();
  await it.clock.pass(315_000);
  expect(it.nudges(BOB)).toHaveLength(1);
  expect(it.nudges(BOB)[0]).toContain("100 letters wait");
});

test("P31 a letter held for its author's haste is let go when the time is over", async () => {
  it = new BeatHouse({ policies: {} });
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
  it = new BeatHouse({ policies: { rfd: { ttl_hours: 1 } } });
  it.observe({ type: "rfd.opened", rfd: "rfd-msg-1", team: "pair", kind: "msg", author: ANN, title: "t", tasks: [] });
  await it.clock.pass(60 * MINUTE - 1);
  expect(it.state.rfds["rfd-msg-1"]?.decided).toBeUndefined();
  await it.clock.pass(1);
  expect(it.state.rfds["rfd-msg-1"]?.decided).toMatchObject({ decision: "expired", by: "system" });
});

test("P30 where each letter is to be acknowledged, it is named again after 40 s, twice", async () => {
  it = new BeatHouse({ cli_profiles: { delivery: { require_ack: true } } });
  unread();
  for (const wanted of [1, 2, 2]) {
    await it.clock.pass(42_000);
    expect(it.nudges(BOB)).toHaveLength(wanted);
    it.deliver(it.told(BOB, "nudge").at(-1)?.mid ?? "");
  }
});

test("P54 in a pair the next letter of its author leaves a Progress behind; alone it does not", async () => {
  it = new BeatHouse();
  it.write(ANN, BOB, PROGRESS);
  it.write(ANN, BOB, "Ask(to=peerB): what do you think?");
  it.readAll(BOB);
  await it.clock.pass(60 * MINUTE);
  expect(it.texts(ANN)).toEqual([]);
  await it.end();
  it = new BeatHouse({}, true);
  it.write(ANN, "system", PROGRESS);
  it.write(ANN, "system", "Evidence: it works");
  await it.clock.pass(240_000);
  expect(it.texts(ANN)).toHaveLength(1);
});

test("P54 letters that it leaves lying after its reminder keep no keepalive from it", async () => {
  it = new BeatHouse();
  unread(ANN);
  it.write(ANN, BOB, PROGRESS);
  it.readAll(BOB);
  await it.clock.pass(2 * MINUTE);
  expect(it.why(ANN, "keepalive")).toBe("its inbox is not empty");
  await it.clock.pass(4 * MINUTE);
  expect(it.nudges(ANN)).toHaveLength(1);
  it.deliver(it.told(ANN, "nudge")[0]?.mid ?? "");
  await it.settle();
  expect(it.texts(ANN)).toEqual(["OK. Continue: write the other half"]);
});
