import { expect, test } from "bun:test";
import { type ChatLine, type ChatSetting, chatLine, WAYS } from "./line.ts";
import type { Incoming } from "./port.ts";

const SETTING: ChatSetting = {
  ...{ isSolo: false, requireExplicit: true, requireMention: false, allowPrefix: true },
  ...{ groupRoute: "a", directRoute: "both" },
};

const read = (text: string, more: Partial<Incoming> = {}, setting: Partial<ChatSetting> = {}): ChatLine => {
  const incoming = { chat: "7", message: "1", sender: "mia", text, isGroup: false, isMention: false, ...more };
  return chatLine(incoming, { ...SETTING, ...setting });
};
const lines = (...args: Parameters<typeof read>): string[] => {
  const line = read(...args);
  return line.kind === "console" ? line.lines : [line.kind];
};

test("P87 a: b: both: and /a /b /both say whom, with any colon and any case", () => {
  for (const text of ["a: hi", "A：hi", "a :hi", "/a hi", "!a hi", "／a hi", "/A@Bot hi", "a:\nhi"])
    expect([text, lines(text)]).toEqual([text, ["a: hi"]]);
  for (const text of ["both: hi", "u: hi", "/both hi", "!u hi"])
    expect([text, lines(text)]).toEqual([text, ["both: hi"]]);
  expect(lines("b: two\nlines")).toEqual(["b: two\nlines"]);
});

test("P87 only a route in an answer means what was answered", () => {
  for (const text of ["a:", "/a", "!a", "a： "]) expect(lines(text, { quoted: "fix it" })).toEqual(["a: fix it"]);
  expect(lines("a: and this", { quoted: "fix it" })).toEqual(["a: and this"]);
  expect(read("a:")).toEqual({ kind: "hint", text: `There is no text. ${WAYS}` });
});

test("P87 without a route: a direct chat has its own, a group needs one unless its settings say otherwise", () => {
  expect(lines("hi")).toEqual(["both: hi"]);
  expect(lines("hi", {}, { directRoute: "b" })).toEqual(["b: hi"]);
  expect(read("hi", { isGroup: true })).toEqual({ kind: "hint", text: WAYS });
  expect(lines("hi", { isGroup: true }, { requireExplicit: false })).toEqual(["a: hi"]);
  expect(lines("hi", { isGroup: true }, { requireExplicit: false, isSolo: true, groupRoute: "both" })).toEqual([
    "a: hi",
  ]);
  expect(read(" ").kind).toBe("hint");
});

test("P87 with require_mention a group is heard only when it names the bot, or commands", () => {
  const setting = { requireMention: true };
  expect(read("a: hi", { isGroup: true }, setting)).toEqual({ kind: "nothing" });
  expect(lines("a: hi", { isGroup: true, isMention: true }, setting)).toEqual(["a: hi"]);
  expect(lines("/status", { isGroup: true }, setting)).toEqual(["/status"]);
  expect(lines("a: hi", {}, setting)).toEqual(["a: hi"]);
});

test("P87 without allow_prefix a: is text, and commands still say whom", () => {
  expect(lines("a: hi", {}, { allowPrefix: false })).toEqual(["both: a: hi"]);
  expect(lines("/b hi", {}, { allowPrefix: false })).toEqual(["b: hi"]);
});

test("P88 a! and /pa are keys; /pboth goes to each, alone to the one", () => {
  for (const text of ["a! y", "a！y", "/pa y", "!PA y"]) expect([text, lines(text)]).toEqual([text, ["a! y"]]);
  for (const text of ["/pboth y", "both! y"]) expect([text, lines(text)]).toEqual([text, ["a! y", "b! y"]]);
  expect([lines("a!   y"), lines("/pa \n y")]).toEqual([["a! y"], ["a! y"]]);
  expect(lines("/pboth y", {}, { isSolo: true })).toEqual(["a! y"]);
  expect(lines("/pb y", {}, { isSolo: true })).toEqual(["b! y"]);
  expect(read("/pa ")).toEqual({ kind: "hint", text: "There is nothing to type. /pa TEXT" });
});

test("P88 every command of the table is the console's, with / or !", () => {
  const commands = ["status", "queue", "locks", "pause", "resume", "restart both", "focus", "reset compact", "review"];
  for (const command of [...commands, "foreman on", "verbose off", "task T1", "rfd x approve", "why x", "aux look"]) {
    expect(lines(`/${command}`)).toEqual([`/${command}`]);
    expect(lines(`!${command}`)).toEqual([`/${command}`]);
  }
  for (const text of ['/aux-cli "look at it"', "/aux_cli look at it", "!c look at it"])
    expect(lines(text)).toEqual(["/aux look at it"]);
  expect(lines('/aux-cli what is "it"')).toEqual(['/aux what is "it"']);
});

test("P88 whoami, subscribe, unsubscribe and help are the chat's own; plain subscribe needs its code", () => {
  expect(read("!whoami")).toEqual({ kind: "own", name: "whoami", rest: "" });
  expect(read("/subscribe AB12 ")).toEqual({ kind: "own", name: "subscribe", rest: "AB12" });
  expect(read("Subscribe AB12")).toEqual({ kind: "own", name: "subscribe", rest: "AB12" });
  expect(lines("subscribe to this idea")).toEqual(["both: subscribe to this idea"]);
  expect(read("/help").kind).toBe("own");
});

test("P88 an unknown command names the nearest; what needs a terminal is unknown here", () => {
  expect(read("/staus")).toEqual({
    kind: "unknown",
    text: "No command /staus; did you mean /status? Nothing was sent.",
  });
  expect(read("/zzzzzzzz")).toEqual({
    kind: "unknown",
    text: "No command /zzzzzzzz; /help lists them. Nothing was sent.",
  });
  for (const word of ["quit", "paste", "echo"]) expect(read(`/${word}`).kind).toBe("unknown");
});

test("P50 a button carries a decision and nothing else", () => {
  expect(lines("x", { button: "rfd:rfd-msg-1:approve" })).toEqual(["/rfd rfd-msg-1 approve"]);
  expect(lines("", { button: "rfd:rfd-msg-1:askmore" })).toEqual(["/rfd rfd-msg-1 ask"]);
  for (const button of ["rfd:x:ask", "rfd:a b:approve", "xrfd:x:approve", "rfd:x:approve\n", "/pause"])
    expect([button, read("a: hi", { button }).kind]).toEqual([button, "unknown"]);
});

test("P91 a file without a text goes where a text without a route would", () => {
  const files = [{ name: "x", mime: "text/plain", size: 1, fetch: async () => new Uint8Array() }];
  expect(lines("", { files })).toEqual(["both: "]);
  expect(lines("a:", { files })).toEqual(["a: "]);
  expect(read("", { files, isGroup: true }).kind).toBe("hint");
});
