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

/** Lets a quarter of an hour pass in steps. */
async function later(ms = 60_000, step = 1000): Promise<void> {
  for (let at = 0; at < ms; at += step) await lab.pass(step);
}

test("P89 a text to the user is told at once, without its tags and its fence, and the next 5 s later", async () => {
  lab.tell("<TO_USER>\nFirst.\n</TO_USER>\n```insight\nwho: PeerA\nkind: note\n```");
  await lab.settle();
  expect(lab.there.texts()).toEqual(["[PeerA] First."]);
  lab.tell("Second.");
  await lab.pass(4999);
  expect(lab.there.texts()).toEqual(["[PeerA] First."]);
  await lab.pass(1);
  expect(lab.there.texts()).toEqual(["[PeerA] First.", "[PeerA] Second."]);
});

test("P89 an answer does not wait for the pause between texts", async () => {
  lab.tell("First.");
  await lab.settle();
  await lab.say("/queue");
  expect(lab.there.texts()).toEqual(["[PeerA] First.", "nothing waits"]);
});

test("P89 P90 what peers write gathers for 30 s and comes as one; /verbose off ends it", async () => {
  lab.house.write(ANN, BOB, "CLAIM: I take the parser and its three failing tests");
  await lab.pass(10_000);
  lab.house.write(BOB, ANN, "COUNTER: the lexer is what is broken, see the log");
  await lab.pass(19_999);
  expect(lab.there.texts()).toEqual([]);
  await lab.pass(1);
  expect(lab.there.texts()).toEqual([
    "[PeerA→PeerB] CLAIM: I take the parser and its three failing tests\n[PeerB→PeerA] COUNTER: the lexer is what is broken, see the log",
  ]);
  await lab.say("/verbose off");
  lab.house.write(ANN, BOB, "EVIDENCE: all of its tests pass now, here is the log");
  await later();
  expect(lab.there.texts().slice(1)).toEqual(["verbose is off"]);
  await lab.say("/verbose on");
  lab.house.write(ANN, BOB, "EVIDENCE: and the linter is content as well with it");
  await later();
  expect(lab.there.texts().slice(2)).toEqual([
    "verbose is on",
    "[PeerA→PeerB] EVIDENCE: and the linter is content as well with it",
  ]);
});

test("P90 what was written while it was off is not told after a restart either", async () => {
  await lab.say("/verbose off");
  lab.house.write(ANN, BOB, "CLAIM: I take the parser and its three failing tests");
  await later();
  await lab.restart();
  await lab.say("/verbose on");
  await later();
  expect(lab.there.texts()).toEqual(["verbose is off", "verbose is on"]);
});

test("P90 another switch of the team leaves what peers write as it was", async () => {
  lab.house.dispatch({ do: "tune", team: "pair", switch: "foreman", isOn: false });
  lab.house.write(ANN, BOB, "CLAIM: I take the parser and its three failing tests");
  await later();
  expect(lab.there.texts()).toEqual(["[PeerA→PeerB] CLAIM: I take the parser and its three failing tests"]);
});

test("P89 a text that still waits when an answer after it was told is told after a restart", async () => {
  lab.tell("First.");
  await lab.settle();
  lab.tell("Second.");
  await lab.say("/queue");
  await lab.restart();
  await later();
  expect(lab.there.texts()).toEqual(["[PeerA] First.", "nothing waits", "[PeerA] Second."]);
});

test("P89 the result of a patch is told, and what hides a secret is taken out of it (P93)", async () => {
  const patch = { patch: "P-0001", team: "pair", author: ANN, title: "password: hunter2", sha: "s", lines: 3 };
  lab.house.dispatch(
    { do: "submit", patch: { ...patch, paths: ["src/a.ts"], body: "diff" } },
    { kind: "agent", agent: ANN },
  );
  lab.house.observe({ type: "patch.committed", patch: "P-0001", commit: "4be1c02aaaaaaaa", branch: "main", steps: [] });
  await later();
  expect(lab.there.texts().at(-1)).toStartWith('[Muster] P-0001 "[redacted] by PeerA is commit 4be1c02aaa on main.');
  lab.tell("the api_key=abc123 and the Secret: xyz and API-KEY: q");
  await later();
  expect(lab.there.texts().at(-1)).toBe("[PeerA] the [redacted] and the [redacted] and [redacted]");
});

test("P50 a card is changed in its place when it is decided", async () => {
  lab.house.write(
    ANN,
    BOB,
    "type: CLAIM\nintent: rfd\ntitle: Drop it\nid: rfd-msg-1\ntasks:\n  - desc: drop the parser",
  );
  await later();
  const card = () => lab.there.shown.find(({ text }) => text.includes("rfd-msg-1"));
  expect(card()?.text).toBe("A decision is asked for: rfd-msg-1\nDrop it\n- drop the parser");
  expect(lab.there.texts().filter((text) => text.includes("approve, reject or ask"))).toEqual([]);
  lab.house.dispatch({ do: "sign", rfd: "rfd-msg-1", decision: "reject", channel: "web" });
  await later();
  expect(card()?.text).toMatch(/^rfd-msg-1: Drop it\nrejected by user at \d{4}-\d\d-\d\d \d\d:\d\d UTC \(web\)$/);
  expect([card()?.buttons, card()?.edits]).toEqual([[], 1]);
});

test("P50 without buttons and edits the card names the words, and the decision is told as text", async () => {
  await anew({ platform: "discord", abilities: { canButtons: false, canEdit: false } });
  lab.house.write(ANN, BOB, "type: CLAIM\nintent: rfd\ntitle: Drop it\nid: rfd-msg-1");
  await later();
  expect(lab.there.texts()[0]).toBe(
    "A decision is asked for: rfd-msg-1\nDrop it\n!rfd rfd-msg-1 approve | reject | ask",
  );
  lab.house.dispatch({ do: "sign", rfd: "rfd-msg-1", decision: "reject" });
  await later();
  expect([lab.there.refusals, lab.there.shown.every(({ edits }) => edits === 0)]).toEqual([[], true]);
  expect(lab.there.texts().filter((text) => text.includes("rejected"))).toHaveLength(1);
});

test("P89 a card that somebody deleted is told anew", async () => {
  lab.house.write(ANN, BOB, "type: CLAIM\nintent: rfd\ntitle: Drop it\nid: rfd-msg-1");
  await later();
  lab.there.shown.length = 0;
  lab.house.dispatch({ do: "sign", rfd: "rfd-msg-1", decision: "reject" });
  await later();
  expect(lab.there.texts()[0]).toStartWith("rfd-msg-1: Drop it\nrejected by user");
});

test("P89 a long text comes in parts that fit, a very long one as a file", async () => {
  await anew({ platform: "discord", abilities: { maxChars: 2000 } });
  const text = Array.from({ length: 60 }, (_, n) => `line ${n} ${"x".repeat(60)}`).join("\n");
  lab.tell(text);
  await later();
  expect(lab.there.texts().join("\n")).toBe(`[PeerA] ${text}`);
  expect([lab.there.texts().length, lab.there.refusals]).toEqual([3, []]);
  lab.tell("y".repeat(30_000));
  await later();
  const { file, text: caption } = lab.there.shown.at(-1) ?? {};
  expect([file?.name, file?.bytes.length, caption?.length]).toEqual([
    expect.stringMatching(/^message-\d+\.txt$/),
    30_008,
    200,
  ]);
});

test("P89 fault 17: nothing of a text in Chinese is skipped or comes twice, also over restarts", async () => {
  const texts = Array.from({ length: 12 }, (_, n) => `第${n}条消息：${"漢字🙂".repeat(n * 20)}`);
  for (const [n, text] of texts.entries()) {
    lab.tell(text);
    if (n % 3 === 0) await lab.restart();
    await later(7000);
  }
  await later();
  expect(lab.there.texts()).toEqual(texts.map((text) => `[PeerA] ${text}`));
});

test("P89 fault 18: an answer that got lost, and a restart in the middle, make no second message", async () => {
  lab.there.losesAnswer = true;
  lab.tell("First.");
  await lab.settle();
  await lab.restart();
  lab.tell("Second.");
  await later();
  expect(lab.there.texts()).toEqual(["[PeerA] First.", "[PeerA] Second."]);
  expect(new Set(lab.there.taken).size).toBe(lab.there.taken.length);
});

test("P89 a text in parts goes on where a restart cut it", async () => {
  await anew({ changes: { telegram: { max_msg_lines: 1 } } });
  lab.there.gapMs = 2000;
  lab.tell("one\ntwo\nthree");
  await lab.settle();
  await lab.restart();
  lab.there.gapMs = 0;
  await later();
  expect(lab.there.texts()).toEqual(["[PeerA] one", "two", "three"]);
});

test("P89 while the platform is down it is asked again after 1, 2, 4 … 60 s, and nothing is lost", async () => {
  lab.there.isDown = true;
  for (const text of ["one", "two", "three"]) lab.tell(text);
  await lab.settle();
  const send = lab.bridge.send.bind(lab.bridge);
  const asked: number[] = [];
  lab.bridge.send = (outgoing) => {
    asked.push(lab.house.clock.now());
    return send(outgoing);
  };
  await later(300_000);
  expect(asked.map((at, n) => (at - (asked[n - 1] ?? at)) / 1000)).toEqual([0, 2, 4, 8, 16, 32, 60, 60, 60]);
  expect((await lab.roster.rows("/r"))[0]).toMatchObject({ state: "running", trouble: "no answer, 10 in a row" });
  lab.there.isDown = false;
  await later(120_000);
  expect(lab.there.texts()).toEqual(["[PeerA] one", "[PeerA] two", "[PeerA] three"]);
  expect((await lab.roster.rows("/r"))[0]).toMatchObject({ trouble: "" });
});

test("P89 a 429 is obeyed to the millisecond", async () => {
  lab.tell("one");
  await lab.settle();
  lab.there.gapMs = 12_000;
  lab.tell("two");
  await lab.pass(5000);
  await lab.pass(6999);
  expect([lab.there.texts().length, lab.there.refusals]).toEqual([1, ["429, retry after 7000"]]);
  await lab.pass(1);
  expect([lab.there.texts(), lab.there.refusals.length]).toEqual([["[PeerA] one", "[PeerA] two"], 1]);
});

test("P85 WeCom only hears, at most 18 messages in 60 s, and needs nobody's code", async () => {
  await lab.end();
  const rate = { messages: 18, windowMs: 60_000 };
  lab = new BridgeLab({
    platform: "wecom",
    abilities: { isOutOnly: true, canEdit: false, canButtons: false, canFiles: false, rate },
  });
  await lab.start();
  for (let n = 0; n < 40; n++) lab.tell(`text ${n}`);
  await lab.settle();
  expect(lab.there.texts()).toHaveLength(18);
  await later(60_000);
  expect(lab.there.texts()).toHaveLength(36);
  await later(60_000);
  expect([lab.there.texts().at(-1), lab.there.shown.length, lab.there.refusals]).toEqual(["[PeerA] text 39", 40, []]);
  await lab.say("/pause");
  expect(lab.house.team.paused).toBeUndefined();
});

test("P89 each chat has its own place in the log, from its subscription on", async () => {
  lab.tell("before");
  await later(6000);
  await lab.subscribe("read", "8");
  lab.tell("after");
  await later(6000);
  expect([lab.there.texts("7"), lab.there.texts("8")]).toEqual([
    ["[PeerA] before", "[PeerA] after"],
    ["[PeerA] after"],
  ]);
  await anew({ changes: { telegram: { outbound: { cursor: { start_mode: "replay", replay_last: 2 } } } } });
  for (const text of ["one", "two", "three"]) lab.tell(text);
  await later(30_000);
  await lab.subscribe("read", "8");
  await later(30_000);
  expect(lab.there.texts("8")).toEqual(["[PeerA] two", "[PeerA] three"]);
});

test("P89 what a platform will never take is written down, and the next text is told", async () => {
  await anew({ abilities: { maxLines: 32 } });
  lab.bridge.send = async (outgoing) => {
    if (outgoing.kind === "text" && outgoing.text.includes("bad")) lab.there.take({ ...outgoing, text: "" });
    return lab.there.take(outgoing);
  };
  lab.tell("bad");
  lab.tell("good");
  await later();
  expect(lab.there.texts()).toEqual(["[PeerA] good"]);
  expect(lab.house.facts("bridge.unsent")).toMatchObject([{ lane: "news", reason: "the text is empty" }]);
});

test("P14 a chat that nobody serves any more gets nothing, and everything when it is served again", async () => {
  lab.roster.stop(lab.place, PERSON);
  lab.tell("meanwhile");
  await later();
  expect(lab.there.texts()).toEqual([]);
  await lab.start();
  await later();
  expect(lab.there.texts()).toEqual(["[PeerA] meanwhile"]);
});
