import { expect, test } from "bun:test";
import { CONSOLE_COMMANDS, type ConsoleLine, type ConsoleSetting, parseConsoleLine, rightFor } from "./console-line.ts";
import { Refusal } from "./refusal.ts";

const PAIR: ConsoleSetting = { isSolo: false, defaultRoute: "both" };
const SOLO: ConsoleSetting = { isSolo: true, defaultRoute: "both" };

const said = (to: "a" | "b" | "both", text: string): ConsoleLine => ({ kind: "say", to, text, isUnrouted: false });
const refused = (line: string, setting = PAIR): string => {
  try {
    parseConsoleLine(line, setting);
  } catch (error) {
    if (error instanceof Refusal && error.code === "usage") return `${error.message}; ${error.hint}`;
    throw error;
  }
  return "accepted";
};

test("P81 a b both and u are prefixes, in ASCII or with fullwidth signs, in any case, over several lines", () => {
  const meant: [string, ConsoleLine][] = [
    ["a: look", said("a", "look")],
    ["A:look", said("a", "look")],
    ["a : look", said("a", "look")],
    ["b： 見て", said("b", "見て")],
    ["both: x: y", said("both", "x: y")],
    ["u: all", said("both", "all")],
    ["  a:  first\nsecond  ", said("a", "first\nsecond")],
    ["/a look", said("a", "look")],
    ["/B look here", said("b", "look here")],
    ["／both look\nhere", said("both", "look\nhere")],
    ["/u look", said("both", "look")],
    ["a! /model x", { kind: "keys", to: "a", text: "/model x" }],
    ["b！y", { kind: "keys", to: "b", text: "y" }],
    ["/pa y", { kind: "keys", to: "a", text: "y" }],
    ["/pb y", { kind: "keys", to: "b", text: "y" }],
    ["c: what is this", { kind: "command", name: "aux", words: ["what", "is", "this"], rest: "what is this" }],
    ["/c What", { kind: "command", name: "aux", words: ["What"], rest: "What" }],
    ["/aux a\nb", { kind: "command", name: "aux", words: ["a", "b"], rest: "a\nb" }],
  ];
  for (const [line, result] of meant) expect([line, parseConsoleLine(line, PAIR)]).toEqual([line, result]);
});

test("P81 a text without a prefix goes where the setting says, and is marked; a word that looks like one is a text", () => {
  const unrouted = (to: "a" | "b" | "both", text: string) => ({ kind: "say", to, text, isUnrouted: true }) as const;
  expect(parseConsoleLine("hello", PAIR)).toEqual(unrouted("both", "hello"));
  expect(parseConsoleLine("hello", { isSolo: false, defaultRoute: "b" })).toEqual(unrouted("b", "hello"));
  for (const text of ["ab: x", "a question", "both of you: stop", "see a: x", "c! go", "quite", "hi", "http://x"])
    expect(parseConsoleLine(text, PAIR)).toEqual(unrouted("both", text));
});

test("P81 every command of the table is understood by its own usage, and its words come with it", () => {
  for (const [name, { usage }] of Object.entries(CONSOLE_COMMANDS)) {
    const line = usage.replace(/\s*\[.*/, "").replace(/\|\S+/g, "");
    const understood = parseConsoleLine(line, PAIR);
    expect(understood).toMatchObject({ kind: "command", name });
    expect(usage.split(" ")[0]).toBe(`/${name}`);
  }
  const meant: [string, string[], string][] = [
    ["/restart PeerA", ["peera"], "PeerA"],
    ["/foreman NOW", ["now"], "NOW"],
    ["/task T001 --limit 3", ["T001", "--limit", "3"], "T001 --limit 3"],
    ["/rfd rfd-msg-1 Approve", ["rfd-msg-1", "approve"], "rfd-msg-1 Approve"],
    ["/rfd", [], ""],
    ["/focus", [], ""],
    ["/focus The Login", ["The", "Login"], "The Login"],
    ["/release  muster-1-Abc ", ["muster-1-Abc"], "muster-1-Abc"],
    ["/deny PeerB not now", ["PeerB", "not", "now"], "PeerB not now"],
    ["/task  T001   --limit 3 ", ["T001", "--limit", "3"], "T001   --limit 3"],
  ];
  for (const [line, words, rest] of meant) {
    const name = line.slice(1).split(" ")[0];
    expect(parseConsoleLine(line, PAIR)).toEqual({ kind: "command", name, words, rest } as ConsoleLine);
  }
  for (const [short, name] of [
    ["h", "help"],
    ["/H", "help"],
    ["Q", "quit"],
    ["/q", "quit"],
  ] as const)
    expect(parseConsoleLine(short, PAIR)).toEqual({ kind: "command", name, words: [], rest: "" });
});

test("P81 an unknown command is refused with the nearest name, and says that nothing was sent", () => {
  const more = "Nothing was sent. A text that begins with / goes behind a: b: or both:";
  expect(refused("/statsu")).toBe(`no command /statsu; did you mean /status? ${more}`);
  expect(refused("/bot x")).toBe(`no command /bot; did you mean /both? ${more}`);
  expect(refused("/home/x")).toBe(`no command /home/x; /help lists them; ${more}`);
  expect(refused("/constructor")).toContain("no command /constructor");
  expect(refused("/")).toContain("no command /;");
});

test("P81 an empty text and wrong words are refused with the right form", () => {
  const ways = "a: TEXT, b: TEXT or both: TEXT";
  const form = (name: keyof typeof CONSOLE_COMMANDS) =>
    `that is not how /${name} is used; ${CONSOLE_COMMANDS[name].usage}`;
  expect(refused(" \n ")).toBe(`nothing to send; ${ways}; /help lists the commands`);
  expect(refused("a:")).toBe(`nothing to send to a; ${ways}`);
  expect(refused("/both  ")).toBe(`nothing to send to both; ${ways}`);
  expect(refused("b!")).toBe("nothing to type into b; b! TEXT");
  expect(refused("both! x")).toBe("keys go to one peer; a! TEXT or b! TEXT");
  expect(refused("u! x")).toBe("keys go to one peer; a! TEXT or b! TEXT");
  for (const line of ["/restart", "/restart peerc", "/restart peer"]) expect(refused(line)).toBe(form("restart"));
  for (const line of ["/foreman", "/foreman maybe"]) expect(refused(line)).toBe(form("foreman"));
  for (const line of ["/aux", "c: "]) expect(refused(line)).toBe(form("aux"));
  for (const line of ["/rfd x", "/rfd x perhaps"]) expect(refused(line)).toBe(form("rfd"));
  expect(refused("/release")).toBe(form("release"));
  expect(refused("/pause now")).toBe("/pause takes no words; /pause");
  expect(refused("/focus now")).toBe("accepted");
  expect(refused("both:")).toBe(`nothing to send to both; ${ways}`);
  expect(refused("/pb \n")).toBe("nothing to type into b; b! TEXT");
});

test("P36 P100 in a team of one PeerB is refused, and everything else is for PeerA", () => {
  const single = "Single-peer mode, use /a; a: TEXT speaks to the one peer";
  for (const line of ["b: x", "/b x", "b! x", "/pb x", "b:", "/restart peerb"])
    expect(refused(line, SOLO)).toBe(single);
  for (const line of ["a: x", "/both x", "both: x", "u: x", "/a x"])
    expect(parseConsoleLine(line, SOLO)).toEqual(said("a", "x"));
  expect(parseConsoleLine("x", { isSolo: true, defaultRoute: "b" })).toEqual({
    kind: "say",
    to: "a",
    text: "x",
    isUnrouted: true,
  });
  expect(parseConsoleLine("a! x", SOLO)).toEqual({ kind: "keys", to: "a", text: "x" });
  expect(parseConsoleLine("/restart both", SOLO)).toMatchObject({ words: ["both"] });
  expect(parseConsoleLine("/restart peera", SOLO)).toMatchObject({ words: ["peera"] });
  expect(parseConsoleLine("/restart peerb", PAIR)).toMatchObject({ words: ["peerb"] });
  expect(parseConsoleLine("/why peerb", SOLO)).toMatchObject({ words: ["peerb"] });
});

test("P86 each line names the right that it needs; what only reads needs less", () => {
  const rights: [string, ReturnType<typeof rightFor>][] = [
    ["a: x", "talk"],
    ["x", "talk"],
    ["a! x", "operate"],
    ["/pause", "operate"],
    ["/foreman now", "operate"],
    ["/foreman status", "read"],
    ["/filter off", "operate"],
    ["/filter status", "read"],
    ["/status", "read"],
    ["/task", "read"],
    ["/verbose on", "operate"],
    ["/rfd", "read"],
    ["/rfd x approve", "approve"],
    ["/release x", "approve"],
    ["/aux x", "operate"],
    ["/why x", "read"],
  ];
  for (const [line, right] of rights) expect([line, rightFor(parseConsoleLine(line, PAIR))]).toEqual([line, right]);
});
