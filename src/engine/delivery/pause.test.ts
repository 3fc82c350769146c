import { afterEach, beforeEach, expect, test } from "bun:test";
import { FakeCli } from "../../../test/fakes/cli.ts";
import { ANN, BOB } from "../../../test/fakes/history.ts";
import { PairHouse } from "../../../test/fakes/pair-house.ts";
import { why } from "../../core/why.ts";
import { DeliveryReactor } from "./reactor.ts";

const CONTRACT = { graceMs: 8000, attempts: 5, patienceMs: 60_000, without: new Set<never>() };
let it: PairHouse;
let cli: FakeCli;

beforeEach(() => {
  it = new PairHouse({ changes: { policies: { handoff_filter: { enabled: false } } } });
  cli = new FakeCli();
  it.run(new DeliveryReactor(cli.world(it), CONTRACT) as never);
});
afterEach(() => it.end());

const pass = async (ms: number): Promise<void> => {
  for (let left = ms; left > 0; left -= 10) await it.clock.pass(10);
};

test("P35 while a team is paused letters gather in the inbox, and nothing is typed, a person's words neither", async () => {
  it.dispatch({ do: "pause", team: "pair" });
  const first = it.write(ANN, BOB, "Ask(to=peerB): one?");
  const second = it.write(ANN, BOB, "Ask(to=peerB): two?");
  it.dispatch({ do: "send", letter: { mid: "u", from: "user", to: BOB, kind: "letter", text: "hello", team: "pair" } });
  await pass(3000);
  expect(cli.typed).toEqual([]);
  expect(cli.stored).toEqual([
    [1, "Ask(to=peerB): one?"],
    [2, "Ask(to=peerB): two?"],
    [3, "hello"],
  ]);
  for (const mid of [first, second, "u"])
    expect(it.message(mid)).toMatchObject({ state: "queued", path: `/inbox/${mid}.txt` });
  expect(why(it.state, first, [])).toMatchObject({ because: "the team is paused", change: "/resume" });
});

test("P35 after the pause one line is typed for all of them, and each is delivered once", async () => {
  it.dispatch({ do: "pause", team: "pair" });
  const mids = [1, 2, 3].map((n) => it.write(ANN, BOB, `Ask(to=peerB): number ${n}?`));
  await pass(100);
  it.dispatch({ do: "resume", team: "pair" });
  await pass(300);
  const lines = cli.typed.filter((text) => text !== "<Enter>");
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain("[NUDGE]");
  expect(lines[0]).toContain("3 letters wait - Inbox: /r/.muster/mailbox/peerB/inbox");
  for (const mid of mids)
    expect(it.message(mid)).toMatchObject({ state: "delivered", evidence: "nudge", isRead: false });
});

test("P35 what stands in the composer when the pause begins is still submitted", async () => {
  cli.isOnScreen = true;
  cli.unread = 1;
  const mid = it.write(ANN, BOB, "Ask(to=peerB): one?");
  cli.onPaste = () => it.dispatch({ do: "pause", team: "pair" });
  cli.unread = 0;
  await pass(300);
  expect(it.message(mid).state).toBe("delivered");
});

test("P30 a nudge is no letter: it has no number, no inbox file, and is not filed", async () => {
  it.dispatch({ do: "pause", team: "pair" });
  it.write(ANN, BOB, "Ask(to=peerB): one?");
  it.write(ANN, BOB, "Ask(to=peerB): two?");
  it.dispatch({ do: "resume", team: "pair" });
  await pass(300);
  const nudge = Object.values(it.state.messages).find(({ kind }) => kind === "nudge");
  expect(nudge).toMatchObject({ number: 0, state: "delivered", evidence: "transcript", isRead: false });
  expect(nudge?.path).toBeUndefined();
  expect(cli.filed).toEqual([]);
  expect(cli.stored.map(([number]) => number)).toEqual([1, 2]);
});

test("P35 when a nudge cannot be delivered, what it covers is delivered one by one", async () => {
  it.dispatch({ do: "pause", team: "pair" });
  const mids = [1, 2].map((n) => it.write(ANN, BOB, `Ask(to=peerB): number ${n}?`));
  cli.composer = "a person's draft";
  it.dispatch({ do: "resume", team: "pair" });
  await pass(1500);
  expect(cli.typed).toEqual([]);
  const nudge = Object.values(it.state.messages).find(({ kind }) => kind === "nudge");
  it.observe({ type: "message.died", mid: nudge?.mid ?? "", reason: "given up" });
  cli.composer = "";
  await pass(1500);
  expect(mids.map((mid) => it.message(mid))).toMatchObject([
    { state: "delivered", evidence: "transcript" },
    { state: "delivered", evidence: "transcript" },
  ]);
});

test("P32 a held letter is neither stored nor typed, lets others pass, and goes when it is released", async () => {
  const first = it.write(ANN, BOB, "Ask(to=peerB): one?");
  const held = it.write(ANN, BOB, "Ask(to=peerB): one?");
  const other = it.write(ANN, BOB, "Ask(to=peerB): what about the second file?");
  await pass(500);
  expect([it.message(first).state, it.message(other).state]).toEqual(["delivered", "delivered"]);
  expect(it.message(held)).toMatchObject({ state: "queued", attempt: 0 });
  expect(it.message(held).path).toBeUndefined();
  expect(why(it.state, held, [])).toMatchObject({
    rule: "the same text is not handed over twice within a short time",
    because: `held (duplicate): the same text as ${first}, 0 s before`,
    change: `/release ${held}`,
  });
  it.dispatch({ do: "release", mid: held });
  await pass(300);
  expect(it.message(held).state).toBe("delivered");
});

test("P38 what was typed whole is read with its delivery; what was only named is not", async () => {
  const short = it.write(ANN, BOB, "Ask(to=peerB): short?");
  const long = it.write(ANN, BOB, `Ask(to=peerB): ${"long ".repeat(300)}?`);
  await pass(500);
  expect(it.message(short)).toMatchObject({ state: "delivered", isRead: true });
  expect(it.message(long)).toMatchObject({ state: "delivered", isRead: false });
  expect(it.message(short).deliveredAt).toBeGreaterThan(it.message(short).at);
});

test("P30 where each letter is to be acknowledged, the next waits for it, or for 40 s three times", async () => {
  await it.end();
  const policies = { handoff_filter: { enabled: false } };
  it = new PairHouse({ changes: { policies, cli_profiles: { delivery: { require_ack: true } } } });
  cli = new FakeCli();
  it.run(new DeliveryReactor(cli.world(it), CONTRACT) as never);
  const mids = [1, 2, 3].map((n) => it.write(ANN, BOB, `Ask(to=peerB): number ${n}?`));
  await pass(2000);
  const states = () => mids.map((mid) => it.message(mid).state);
  expect(states()).toEqual(["delivered", "queued", "queued"]);
  expect(it.message(mids[0] ?? "")).toMatchObject({ isRead: false });
  expect(cli.filed).toEqual([]);
  expect(why(it.state, mids[1] ?? "", [])).toMatchObject({
    because: `an acknowledgement of ${mids[0]} is awaited`,
    change: "its reader's ack, or the time passes",
  });
  it.observe({ type: "message.read", mid: mids[0] ?? "" });
  await pass(2000);
  expect(states()).toEqual(["delivered", "delivered", "queued"]);
  const since = it.message(mids[1] ?? "").deliveredAt ?? 0;
  await it.clock.pass(since + 119_990 - it.clock.now());
  await it.settle();
  expect(states()[2]).toBe("queued");
  await pass(2000);
  expect(states()[2]).toBe("delivered");
});
