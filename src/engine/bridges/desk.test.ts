import { afterEach, beforeEach, expect, test } from "bun:test";
import { BridgeLab } from "../../../test/fakes/bridge-lab.ts";
import { ANN, BOB } from "../../../test/fakes/history.ts";
import { PERSON } from "../../core/ids.ts";
import { NOT_SUBSCRIBED } from "./desk.ts";

let lab: BridgeLab;

async function open(order: ConstructorParameters<typeof BridgeLab>[0] = {}): Promise<void> {
  lab = new BridgeLab(order);
  await lab.start();
}
beforeEach(() => open());
afterEach(() => lab.end());

async function anew(order: ConstructorParameters<typeof BridgeLab>[0]): Promise<void> {
  await lab.end();
  await open(order);
}

const last = (): string => lab.there.texts().at(-1) ?? "";
const letters = () =>
  lab.house
    .facts("message.queued")
    .filter(({ from }) => from === "user")
    .map(({ to, preview }) => [to, preview]);
const chats = () => Object.values(lab.house.state.bridges.chats).map(({ chat, right }) => [chat, right]);

test("P86 a stranger gets only whoami and subscribe; nothing else reaches anybody", async () => {
  await lab.say("/whoami");
  expect(last()).toBe("telegram chat 7, you are mia: not subscribed");
  for (const [n, text] of ["a: hello", "/pause", "/status", "/help", "/unsubscribe", "hello"].entries()) {
    await lab.say(text, { chat: `s${n}` });
    expect([text, lab.there.texts(`s${n}`)]).toEqual([text, [NOT_SUBSCRIBED]]);
  }
  expect([letters(), lab.house.team.paused]).toEqual([[], undefined]);
});

test("P86 fault 20: a! and /pa of an unpaired chat type nothing into any terminal", async () => {
  for (const text of ["a! y", "b! y", "/pa y", "!pb y", "/pboth y"]) await lab.say(text, { chat: text });
  expect([lab.typed, letters()]).toEqual([[], []]);
  expect(lab.house.facts("bridge.denied")).toHaveLength(1);
});

test("P86 a code lets one chat in with its right, and only once", async () => {
  const { code, right } = lab.desk.pair({ repo: "/r", right: "operate" }, PERSON);
  expect([code, right]).toEqual([expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{8}$/), "operate"]);
  await lab.say(`/subscribe ${code.toLowerCase()}`);
  expect(last()).toBe("Subscribed with right operate. /help says what you may do.");
  expect(chats()).toEqual([["7", "operate"]]);
  await lab.say(`subscribe ${code}`, { chat: "8" });
  expect(last()).toBe("That code is not valid. Ask the owner for a new one: muster bridge pair.");
  expect(chats()).toEqual([["7", "operate"]]);
  await lab.say("!whoami");
  expect(last()).toBe("telegram chat 7, you are mia: right operate");
});

test("P86 a code is worth nothing after 10 minutes or 5 wrong tries, and is never in the log", async () => {
  const { code } = lab.desk.pair({ repo: "/r" }, PERSON);
  await lab.pass(599_999);
  for (let n = 0; n < 5; n++) await lab.say("subscribe WRONG123", { chat: `w${n}` });
  await lab.say(`subscribe ${code}`);
  expect(chats()).toEqual([]);
  const late = lab.desk.pair({ repo: "/r" }, PERSON);
  await lab.pass(600_000);
  await lab.say(`subscribe ${late.code}`);
  expect(chats()).toEqual([]);
  const good = lab.desk.pair({ repo: "/r" }, PERSON);
  for (let n = 0; n < 4; n++) await lab.say("subscribe WRONG123", { chat: `w${n}` });
  await lab.pass(599_999);
  await lab.say(`subscribe ${good.code}`);
  expect(chats()).toEqual([["7", "talk"]]);
  const log = JSON.stringify(lab.house.log.read(0));
  for (const secret of [code, late.code, good.code, "WRONG123"]) expect(log).not.toContain(secret);
});

test("P86 a new code ends the one before, and one of a platform counts there only", async () => {
  const first = lab.desk.pair({ repo: "/r" }, PERSON);
  const slack = lab.desk.pair({ repo: "/r", platform: "slack" }, PERSON);
  await lab.say(`subscribe ${first.code}`);
  await lab.say(`subscribe ${slack.code}`);
  expect(chats()).toEqual([]);
  expect(() => lab.desk.pair({ repo: "/r", right: "all" }, PERSON)).toThrow("no right all");
  expect(() => lab.desk.pair({ repo: "/r", platform: "irc" }, PERSON)).toThrow("no platform irc");
  expect(() => lab.desk.pair({ repo: "/r", platform: "wecom" }, PERSON)).toThrow("wecom only listens");
  expect(() => lab.desk.pair({ repo: "/r" }, { kind: "agent", agent: ANN })).toThrow("may not wish");
});

test("P86 with allow_chats only those may try a code", async () => {
  await anew({ changes: { telegram: { allow_chats: ["8"] } } });
  const { code } = lab.desk.pair({ repo: "/r" }, PERSON);
  await lab.say(`subscribe ${code}`);
  expect([last(), chats()]).toEqual([NOT_SUBSCRIBED, []]);
  await lab.say(`subscribe ${code}`, { chat: "8" });
  expect(chats()).toEqual([["8", "talk"]]);
});

test("P86 rights imply those below, and a missing one is named", async () => {
  await lab.subscribe("read");
  await lab.say("a: hi");
  expect(last()).toBe("needs right talk");
  await lab.say("/queue");
  expect(last()).toBe("nothing waits");
  await lab.subscribe("talk");
  await lab.say("a: hi");
  await lab.say("/pause");
  expect([letters(), last()]).toEqual([[[ANN, "hi"]], "needs right operate"]);
  await lab.say("a! y");
  await lab.say("/rfd x approve");
  expect([last(), lab.typed]).toEqual(["needs right approve", []]);
  expect(lab.house.facts("bridge.denied").map(({ reason }) => reason)).toEqual([
    ...["needs right talk", "needs right operate", "needs right operate", "needs right approve"],
  ]);
});

test("P36 P88 with right operate, a! and /pb are typed, /pboth into both", async () => {
  await lab.subscribe("operate");
  await lab.say("a! /model opus");
  await lab.say("/pb y");
  await lab.say("!pboth go");
  expect(lab.typed).toEqual([
    ...([
      [ANN, "/model opus"],
      [BOB, "y"],
    ] as [string, string][]),
    ...([
      [ANN, "go"],
      [BOB, "go"],
    ] as [string, string][]),
  ]);
});

test("P14 P88 a chat acts on the same team as the console, and each action is written down", async () => {
  await lab.subscribe("operate");
  await lab.say("!pause");
  expect([last(), lab.house.team.paused !== undefined]).toEqual(["paused: letters gather in the inboxes", true]);
  await lab.say("/resume@TeamBot");
  expect(lab.house.team.paused).toBeUndefined();
  await lab.say("/focus the parser");
  expect(lab.house.facts("team.focused")).toMatchObject([{ hint: "the parser" }]);
  await lab.say("/puase");
  expect(last()).toBe("No command /puase; did you mean /pause? Nothing was sent.");
  expect(lab.house.facts("bridge.received").map(({ sender, preview }) => `${sender}: ${preview}`)).toEqual([
    ...["mia: !pause", "mia: /resume@TeamBot", "mia: /focus the parser", "mia: /puase"],
  ]);
});

test("P87 a letter has the id of its message, tg- in front, and a repeated update is the same (fault 18)", async () => {
  await lab.subscribe("operate");
  await lab.say("both: hello", { message: "55" });
  await lab.say("both: hello", { message: "55" });
  await lab.say("/pause", { message: "56" });
  await lab.say("/resume", { message: "57" });
  await lab.say("/pause", { message: "56" });
  const mids = lab.house
    .facts("message.queued")
    .filter(({ from }) => from === "user")
    .map(({ mid }) => mid);
  expect(mids).toEqual([expect.stringMatching(/^tg-55-[0-9a-f]{10}$/), `${mids[0]}-1`]);
  expect([lab.there.texts().length, lab.house.team.paused]).toEqual([3, undefined]);
  await lab.say("a: hello", { message: "55", chat: "other" });
  expect(letters()).toHaveLength(2);
});

test("P87 an update that comes twice at once is carried out once", async () => {
  await lab.subscribe("operate");
  await Promise.all([lab.say("a! y", { message: "9" }), lab.say("a! y", { message: "9" })]);
  expect(lab.typed).toEqual([[ANN, "y"]]);
});

test("P87 what was begun before a restart is not typed twice; a letter is sent again and is the same", async () => {
  await lab.subscribe("operate");
  lab.beforeLine = () => {
    throw new Error("killed");
  };
  await lab.say("a! y", { message: "9" });
  await lab.say("a: hello", { message: "10" });
  lab.beforeLine = () => {};
  await lab.say("a! y", { message: "9" });
  expect([lab.typed, last()]).toEqual([[], expect.stringContaining("begun before Muster was started again")]);
  await lab.say("a: hello", { message: "10" });
  expect(letters()).toEqual([[ANN, "hello"]]);
  expect(lab.house.facts("notice.raised").map(({ text }) => text)).toEqual([
    "telegram 7: killed",
    "telegram 7: killed",
  ]);
});

test("P87 a group must say whom it means, and is told so once in 300 s", async () => {
  await lab.subscribe("talk");
  const group = { isGroup: true };
  await lab.say("hello all", group);
  expect(last()).toBe("Say whom you mean: a: TEXT, b: TEXT or both: TEXT");
  await lab.say("hello again", group);
  await lab.pass(299_999);
  await lab.say("and again", group);
  expect(lab.there.texts()).toHaveLength(1);
  await lab.pass(1);
  await lab.say("and now", group);
  expect(lab.there.texts()).toHaveLength(2);
  await lab.say("b: you", group);
  expect(letters()).toEqual([[BOB, "you"]]);
});

test("P87 a direct chat speaks to both unless its settings say otherwise", async () => {
  await lab.subscribe("talk");
  await lab.say("hello");
  expect(letters()).toEqual([
    [ANN, "hello"],
    [BOB, "hello"],
  ]);
  await anew({ changes: { telegram: { dm: { route_default: "b" } } } });
  await lab.subscribe("talk");
  await lab.say("hello");
  expect(letters()).toEqual([[BOB, "hello"]]);
});

test("P100 alone, b: and !pb are refused with the way, and everything else is for the one", async () => {
  await anew({ isSolo: true });
  await lab.subscribe("operate");
  for (const text of ["b: x", "/b x", "!pb x", "b! x"]) {
    await lab.say(text);
    expect([text, last()]).toEqual([text, expect.stringContaining("Single-peer mode, use /a")]);
  }
  await lab.say("hello");
  await lab.say("!pboth y");
  expect([letters(), lab.typed]).toEqual([[[ANN, "hello"]], [[ANN, "y"]]]);
});

test("P50 buttons decide with right approve, and a second press says who decided", async () => {
  await lab.subscribe("operate");
  lab.house.write(ANN, BOB, "type: CLAIM\nintent: rfd\ntitle: Drop it\nid: rfd-msg-1");
  await lab.pass(10_000);
  const [card] = lab.there.shown.filter(({ buttons }) => buttons.length > 0);
  expect(card?.text).toBe("A decision is asked for: rfd-msg-1\nDrop it");
  expect(card?.buttons.map(({ label, data }) => `${label} ${data}`)).toEqual([
    ...["Approve rfd:rfd-msg-1:approve", "Reject rfd:rfd-msg-1:reject", "Ask More rfd:rfd-msg-1:askmore"],
  ]);
  await lab.say("", { button: "rfd:rfd-msg-1:reject" });
  expect(last()).toBe("needs right approve");
  await lab.subscribe("approve");
  await lab.say("", { button: "rfd:rfd-msg-1:askmore" });
  expect(last()).toBe("rfd-msg-1: its author is asked for more");
  await lab.say("", { button: "rfd:rfd-msg-1:reject" });
  expect(lab.house.facts("rfd.decided")).toMatchObject([{ decision: "reject", decider: "user", channel: "telegram" }]);
  await lab.say("", { button: "rfd:rfd-msg-1:approve" });
  expect(last()).toMatch(/^rfd-msg-1: already decided by user at \d{4}-.*\(reject\)/);
  await lab.say("", { button: "rm -rf" });
  expect(last()).toBe("That button means nothing any more.");
});

test("P88 /help shows what the right allows; /unsubscribe ends it", async () => {
  await lab.subscribe("read");
  await lab.say("/help");
  expect(last()).toContain("/status  how the team is");
  expect(last()).not.toContain("/pause");
  expect(last()).not.toContain("a: TEXT");
  await lab.subscribe("operate");
  await lab.say("/help");
  for (const text of ["a: TEXT", "/pa /pb /pboth", "/pause", "/whoami /unsubscribe"]) expect(last()).toContain(text);
  expect(last()).not.toContain("/quit");
  await lab.say("/unsubscribe");
  expect([last(), chats()]).toEqual(["Unsubscribed. Nothing is told here any more.", []]);
  await lab.say("a: hi");
  expect([last(), letters()]).toEqual([NOT_SUBSCRIBED, []]);
});

test("P86 a chat of another repository, or a code of one, opens nothing here", async () => {
  const { code } = lab.desk.pair({ repo: "/other", right: "approve" }, PERSON);
  await lab.say(`subscribe ${code}`);
  expect(chats()).toEqual([]);
});
