import { afterEach, beforeEach, expect, test } from "bun:test";
import { FakeCli } from "../../../test/fakes/cli.ts";
import { ANN, BOB, hireOf } from "../../../test/fakes/history.ts";
import { House } from "../../../test/fakes/house.ts";
import { addressName } from "../../core/state.ts";
import { DeliveryReactor } from "./reactor.ts";
import type { Contract } from "./reconcile.ts";

const CONTRACT: Contract = { graceMs: 8000, attempts: 3, patienceMs: 60_000, without: new Set() };

let it: House;
let cli: FakeCli;
beforeEach(() => {
  it = new House();
  cli = new FakeCli();
  it.start(ANN, "m-1", "hello");
});
afterEach(() => it.end());

const run = (driver = {}) => it.run(new DeliveryReactor(cli.world(it, driver), CONTRACT) as never);
const message = (mid = "m-1") => it.state.messages[mid];
const send = (mid: string, text = "more", urgent = false) =>
  it.dispatch({ do: "send", letter: { mid, from: "user", to: ANN, kind: "letter", text, urgent } });
const activity = (now: "idle" | "busy" | "waiting" | "limited") =>
  it.observe({ type: "agent.changed", agent: ANN, activity: now });
/** Time goes on in small steps, as it does. */
async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 20) await it.clock.pass(Math.min(left, 20));
}
const typed = (mid = "m-1", text = "hello") => `From user ⟦m:${mid}⟧ ${text} ⟦/m:${mid}⟧`;

test("a message is stored, typed whole, submitted, and delivered once the transcript has it; then it is filed", async () => {
  it.open(ANN);
  run();
  await pass(100);
  expect(cli.typed).toEqual([typed(), "<Enter>"]);
  expect(message()).toMatchObject({ state: "delivered", evidence: "transcript", attempt: 1, path: "/inbox/m-1.txt" });
  expect([cli.stored, cli.confirmed, cli.filed]).toEqual([[[1, "hello"]], ["m-1"], ["/inbox/m-1.txt"]]);
  const types: string[] = it.log.read(0).map(({ type }) => type);
  expect(types.slice(types.indexOf("message.stored"))).toEqual([
    ...["message.stored", "message.typing", "message.delivered", "message.read"],
  ]);
});

test("what a delivery owes the disk is done before its fact: a crash in between does it again", async () => {
  it.open(ANN);
  const owed: unknown[] = [];
  it.engine.subscribe((events) => {
    if (events.some(({ type }) => type === "message.delivered")) owed.push([...cli.filed, ...cli.confirmed]);
  });
  run();
  await pass(100);
  expect(owed).toEqual([["/inbox/m-1.txt", "m-1"]]);
});

test("a long text is named by its file, which its reader files itself", async () => {
  send("m-2", "x".repeat(800));
  it.observe({ type: "message.delivered", mid: "m-1", evidence: "transcript" });
  it.open(ANN);
  run();
  await pass(100);
  expect(cli.typed[0]).toBe(typed("m-2", "You have a letter. Read the file /inbox/m-2.txt and act on it."));
  expect([message("m-2")?.state, cli.filed]).toEqual(["delivered", []]);
});

test("P25 (fault 11) messages of one agent arrive in order, one at a time; another agent's do not wait for them", async () => {
  send("m-2");
  it.start(BOB, "m-3");
  for (const agent of [ANN, BOB]) it.open(agent);
  cli.onSubmit = () => {};
  run();
  await pass(1000);
  expect(cli.typed.filter((text) => text.startsWith("From"))).toEqual([typed(), typed("m-3", "do it")]);
  cli.transcript.add("m-1");
  await pass(1000);
  cli.take(typed("m-2"));
  await pass(1000);
  expect(["m-1", "m-2"].map((mid) => message(mid)?.state)).toEqual(["delivered", "delivered"]);
});

test("without a terminal the letter is stored and waits", async () => {
  run();
  await pass(1000);
  expect(message()).toMatchObject({ state: "queued", reason: "the agent is not running", path: "/inbox/m-1.txt" });
  expect(cli.typed).toEqual([]);
  expect(it.facts("message.waiting")).toHaveLength(1);
});

const WAITS: [string, string, () => void][] = [
  ["a busy CLI", "the agent is busy", () => activity("busy")],
  ["a CLI without quota", "the agent is limited", () => activity("limited")],
  ["a CLI that says that it waits", "a dialog of the CLI is open", () => activity("waiting")],
  ["a dialog on the screen", "a dialog of the CLI is open", () => (cli.isDialog = true)],
  ["a person's draft", "a person's draft stands in the composer", () => (cli.composer = "let me")],
  ["a composer out of sight", "the composer is not visible", () => (cli.composer = null)],
  ["input that was not read", "the program has not read its input", () => (cli.unread = 3)],
  ["a pane that is gone", "the agent is not running", () => (cli.isOnScreen = false)],
];
for (const [what, reason, place] of WAITS) {
  test(`P34 P61 nothing is typed into ${what}; no attempt is spent, and it is typed when that has ended`, async () => {
    it.open(ANN);
    place();
    run();
    await pass(3000);
    expect([message()?.reason, message()?.attempt, cli.typed]).toEqual([reason, 0, []]);
    Object.assign(cli, { isDialog: false, composer: "", unread: 0, isOnScreen: true });
    activity("idle");
    await pass(1200);
    expect(message()?.state).toBe("delivered");
  });
}

test("only an urgent message is typed into a busy CLI, and only where it queues", async () => {
  it.observe({ type: "message.delivered", mid: "m-1", evidence: "transcript" });
  send("m-2", "now", true);
  it.open(ANN);
  activity("busy");
  const reactors = run({ queuesWhileBusy: false });
  await pass(2000);
  expect(cli.typed).toEqual([]);
  await reactors.stop();
  run();
  await pass(100);
  expect(message("m-2")?.state).toBe("delivered");
});

test("a text that is not seen to arrive in the composer is not submitted", async () => {
  it.open(ANN);
  cli.onPaste = () => {
    cli.composer = "hm ";
  };
  run();
  await pass(1000);
  expect(cli.typed).toEqual([typed()]);
  expect(message()).toMatchObject({ state: "typing", attempt: 1, reason: "a person's draft stands in the composer" });
  // The person deletes what they had begun: our text alone is submitted, not typed again.
  cli.composer = typed();
  await pass(1000);
  expect(cli.typed).toEqual([typed(), "<Enter>"]);
  expect(message()).toMatchObject({ state: "delivered", attempt: 1 });
});

test("a prompt that was lost without a receipt is typed again after the grace, and a person is told after the last try", async () => {
  it.open(ANN);
  cli.onSubmit = () => {};
  run();
  await pass(7900);
  expect(cli.typed).toEqual([typed(), "<Enter>"]);
  await pass(400);
  expect(cli.typed).toEqual([typed(), "<Enter>", typed(), "<Enter>"]);
  await pass(20_000);
  expect(cli.typed).toHaveLength(6);
  expect(message()).toMatchObject({ state: "uncertain", attempt: 3, reason: "typed 3 times without a receipt" });
  expect(cli.confirmed).toEqual([]);
});

test("a program that was slow to read has twice the grace, from when it has read, before anything is typed again", async () => {
  it.open(ANN);
  cli.onPaste = () => {
    cli.unread = 3;
  };
  run();
  await pass(30_000);
  expect([cli.typed, message()?.reason]).toEqual([[typed()], "the program has not read its input"]);
  // It has read, and shows nothing of it yet.
  Object.assign(cli, { unread: 0, composer: "" });
  await pass(15_500);
  expect(cli.typed).toEqual([typed()]);
  cli.composer = typed();
  await pass(500);
  expect(cli.typed).toEqual([typed(), "<Enter>"]);
  expect(message()).toMatchObject({ state: "delivered", attempt: 1 });
});

test("a taken prompt is waited for; one that never shows in an idle CLI is uncertain, not typed again", async () => {
  it.open(ANN);
  cli.onSubmit = () => cli.receipts.set("m-1", 1);
  run();
  await pass(60_000);
  expect(message()).toMatchObject({ state: "typing", reason: "the prompt was taken; its transcript line is awaited" });
  await pass(10_000);
  expect(message()).toMatchObject({
    ...{ state: "uncertain", reason: "the CLI took the prompt, and its transcript never showed it" },
  });
  expect(cli.typed).toEqual([typed(), "<Enter>"]);
});

test("the receipt of an ended incarnation is taken back, and the message typed to the new one", async () => {
  it.open(ANN);
  it.observe({ type: "message.typing", mid: "m-1", attempt: 1, incarnation: 1, nextAt: it.clock.now() });
  cli.receipts.set("m-1", 0);
  run();
  await pass(9000);
  expect(cli.revoked).toEqual(["m-1"]);
  expect(message()).toMatchObject({ state: "delivered", attempt: 2 });
});

test("our own stale text is cleared before anything is typed; pasted twice it goes as well", async () => {
  for (const stale of [typed("m-0", "old"), `${typed()}${typed()}`]) {
    const house = new House();
    it = house;
    cli = new FakeCli();
    cli.composer = stale;
    house.start(ANN, "m-1", "hello");
    house.open(ANN);
    run();
    await pass(1000);
    expect(cli.typed).toEqual(["<C-u>", typed(), "<Enter>"]);
    await house.end();
  }
  it = new House();
});

test("a CLI without receipts is typed to once; what became of it is uncertain", async () => {
  it.open(ANN);
  cli.onSubmit = () => {};
  run({ receipt: "transcript" });
  await pass(9000);
  expect(cli.typed).toEqual([typed(), "<Enter>"]);
  expect(message()).toMatchObject({
    ...{ state: "uncertain", reason: "typed once; this CLI gives no receipt, so it is not typed again" },
  });
});

test("a dialog that opens between the looks gets neither text nor Enter; the intent is withdrawn", async () => {
  it.open(ANN);
  it.engine.subscribe((events) => {
    if (events.some(({ type }) => type === "message.typing")) cli.isDialog = true;
  });
  run();
  await pass(500);
  expect(cli.typed).toEqual([]);
  expect(message()).toMatchObject({ state: "queued", attempt: 0, reason: "a dialog of the CLI is open" });
});

test("a dialog that opens after the paste gets no Enter", async () => {
  it.open(ANN);
  cli.onPaste = () => {
    cli.isDialog = true;
  };
  run();
  await pass(500);
  expect(cli.typed).toEqual([typed()]);
});

test("P34 a person who holds the terminal is waited for", async () => {
  it.open(ANN);
  const release = await cli.leases.take(ANN);
  run();
  await pass(2000);
  expect(cli.typed).toEqual([]);
  release();
  await pass(100);
  expect(message()?.state).toBe("delivered");
});

test("a restarted daemon waits a whole grace for what was being typed before it types again", async () => {
  it.open(ANN);
  it.observe({ type: "message.typing", mid: "m-1", attempt: 1, incarnation: 1, nextAt: it.clock.now() - 60_000 });
  run();
  await pass(7900);
  expect([message()?.reason, cli.typed]).toEqual(["a receipt may still come", []]);
  await pass(200);
  expect(message()).toMatchObject({ state: "delivered", attempt: 2 });
});

test("after a message that was typed twice the next one waits a grace: a refused copy may come back", async () => {
  it.open(ANN);
  send("m-2");
  it.observe({ type: "message.typing", mid: "m-1", attempt: 1, incarnation: 1, nextAt: 0 });
  run();
  await pass(9000);
  expect(message()?.state).toBe("delivered");
  expect(message("m-2")?.state).toBe("queued");
  await pass(8100);
  expect(message("m-2")?.state).toBe("delivered");
});

test("a message is from the user, from Muster, or from a seat; else from an agent's id", () => {
  it.dispatch({ do: "start", hire: hireOf(BOB, { team: "t", seat: "PeerB" }) });
  const names = ["user", "system", BOB, ANN, "nobody"].map((from) => addressName(it.state, from));
  expect(names).toEqual(["user", "system", "PeerB", ANN, "nobody"]);
});

test("what is to be delivered is found in one look at the messages, however many agents wait for theirs", () => {
  for (let n = 10; n < 60; n += 1) it.start(`c00000${n}`);
  const messages = { ...it.state.messages };
  let looks = 0;
  const counted = new Proxy(messages, {
    ownKeys: (target) => {
      looks += 1;
      return Reflect.ownKeys(target);
    },
  });
  const reactor = new DeliveryReactor(cli.world(it, {}), CONTRACT);
  const pending = reactor.pending({ ...it.state, messages: counted });
  expect([pending.size, looks]).toEqual([51, 1]);
});
