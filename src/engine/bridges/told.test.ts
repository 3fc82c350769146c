import { afterEach, beforeEach, expect, test } from "bun:test";
import { BridgeLab } from "../../../test/fakes/bridge-lab.ts";
import { ANN, BOB } from "../../../test/fakes/history.ts";
import { PERSON } from "../../core/ids.ts";

let lab: BridgeLab;

async function open(order: ConstructorParameters<typeof BridgeLab>[0] = {}): Promise<void> {
  lab = new BridgeLab(order);
  await lab.start();
  await lab.subscribe("operate");
}
beforeEach(() => open());
afterEach(() => lab.end());

async function anew(order: ConstructorParameters<typeof BridgeLab>[0]): Promise<void> {
  await lab.end();
  await open(order);
}
async function later(ms = 60_000, step = 1000): Promise<void> {
  for (let at = 0; at < ms; at += step) await lab.pass(step);
}
const verbose = (isOn: boolean) => lab.house.dispatch({ do: "tune", team: "pair", switch: "verbose", isOn });
const talk = (name: string) => lab.house.write(ANN, BOB, `CLAIM: I take ${name} and its failing tests now`);
const told = (chat = "7") =>
  lab.there.texts(chat).flatMap((text) => [...text.matchAll(/I take (\w+)/g)].map(([, name]) => name ?? ""));

test("P90 what is read later is told by how the switch stood when it was written", async () => {
  lab.roster.stop(lab.place, PERSON);
  talk("one");
  lab.house.dispatch({ do: "tune", team: "pair", switch: "filter", isOn: false });
  verbose(false);
  talk("two");
  lab.house.dispatch({ do: "tune", team: "pair", switch: "filter", isOn: true });
  verbose(true);
  talk("three");
  await lab.start();
  await later();
  expect(told()).toEqual(["one", "three"]);
});

test("P90 a chat let in while it was off is not told what was written then", async () => {
  verbose(false);
  await lab.subscribe("read", "8");
  lab.roster.stop(lab.place, PERSON);
  talk("one");
  verbose(true);
  talk("two");
  await lab.start();
  await later();
  expect(told("8")).toEqual(["two"]);
});

test("P90 show_peer_messages says how it is until somebody switches", async () => {
  await anew({ changes: { telegram: { show_peer_messages: false } } });
  talk("one");
  await later();
  expect(told()).toEqual([]);
  verbose(true);
  talk("two");
  await later();
  expect(told()).toEqual(["two"]);
});

test("P89 talk that a restart cut goes on, and what was written since comes after it", async () => {
  await anew({ changes: { telegram: { max_msg_lines: 1 } } });
  talk("one");
  talk("two");
  await lab.pass(29_000);
  lab.there.gapMs = 2000;
  await lab.pass(1000);
  expect(told()).toEqual(["one"]);
  talk("three");
  await lab.restart();
  lab.there.gapMs = 0;
  await later(90_000);
  expect(told()).toEqual(["one", "two", "three"]);
});

test("P50 in Telegram the words begin with a slash", async () => {
  await anew({ abilities: { canButtons: false } });
  lab.house.write(ANN, BOB, "type: CLAIM\nintent: rfd\ntitle: Drop it\nid: rfd-msg-1");
  await later(10_000);
  expect(lab.there.texts()[0]).toBe(
    "A decision is asked for: rfd-msg-1\nDrop it\n/rfd rfd-msg-1 approve | reject | ask",
  );
});

test("P88 each platform has its own prefix of message ids", async () => {
  for (const [platform, prefix] of [
    ["slack", "sl-"],
    ["discord", "dc-"],
  ] as const) {
    await anew({ platform });
    await lab.say("a: hello", { message: "1700.55" });
    const [queued] = lab.house.facts("message.queued").filter(({ from }) => from === "user");
    expect(queued?.mid).toStartWith(`${prefix}170055-`);
  }
});

test("P87 with require_mention a group's talk among itself is passed over in silence", async () => {
  await anew({ changes: { telegram: { routing: { require_mention: true } } } });
  const facts = lab.house.log.read(0).length;
  await lab.say("a: hello", { isGroup: true });
  expect([lab.there.texts(), lab.house.log.read(0).length]).toEqual([[], facts]);
  await lab.say("a: hello", { isGroup: true, isMention: true });
  expect(lab.there.texts()).toEqual(["to PeerA"]);
});

test("P86 a stranger who asks again within a second gets no answer", async () => {
  await lab.say("/whoami", { chat: "8" });
  await lab.pass(999);
  await lab.say("/whoami", { chat: "8" });
  expect(lab.there.texts("8")).toHaveLength(1);
  await lab.pass(1);
  await lab.say("/whoami", { chat: "8" });
  expect(lab.there.texts("8")).toHaveLength(2);
});

test("P92 the folder is looked through every outbox_poll_seconds, and no more is read than may go", async () => {
  const limits: number[] = [];
  const read = lab.files.read.bind(lab.files);
  lab.files.read = async (...order) => {
    limits.push((order as unknown[])[3] as number);
    return read(...order);
  };
  await lab.pass(2000);
  lab.files.drop("a.txt", "hello");
  await lab.pass(1999);
  expect(limits).toEqual([]);
  await lab.pass(1);
  expect([limits, lab.files.dropped.size]).toEqual([[16 * 1024 * 1024], 0]);
  lab.files.drop("b.txt", "hello again");
  lab.files.drop("c.txt", "and again");
  await lab.pass(2000);
  expect(lab.files.dropped.size).toBe(0);
  lab.files.drop("d.txt", "last");
  await lab.pass(1999);
  expect(lab.files.dropped.size).toBe(1);
});

test("P86 strangers are answered 20 times in 10 s at most, and written down once", async () => {
  for (let n = 0; n < 30; n++) await lab.say("/pause", { chat: `s${n}` });
  expect([lab.there.shown.length, lab.house.facts("bridge.denied").length]).toEqual([20, 1]);
  await lab.pass(10_000);
  await lab.say("/pause", { chat: "s0" });
  expect([lab.there.shown.length, lab.house.facts("bridge.denied").length]).toEqual([21, 2]);
});
