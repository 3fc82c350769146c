import { afterEach, expect, test } from "bun:test";
import { ConsoleLab, TEAM } from "../../test/fakes/console-lab.ts";
import { ANN, BOB } from "../../test/fakes/history.ts";
import type { Fact } from "../core/facts.ts";
import { Refusal } from "../core/refusal.ts";

const labs: ConsoleLab[] = [];
const lab = (options: ConstructorParameters<typeof ConsoleLab>[0] = {}): Promise<ConsoleLab> => {
  const made = new ConsoleLab(options);
  labs.push(made);
  return made.open();
};
afterEach(() => {
  for (const made of labs.splice(0)) made.end();
});

const CONSOLE = `/api/teams/${TEAM}/console`;
const posted = (line: string) => ({ path: CONSOLE, body: { line, channel: "tui" } });
const _notice = (text: string): Fact => ({ type: "notice.raised", level: "info", text });

test("P81 a line goes to the daemon as it was written, and is then history", async () => {
  const desk = await lab();
  await desk.type("a: look\r");
  await desk.type("/pause\rb! y\r");
  expect(desk.posts).toEqual([posted("a: look"), posted("/pause"), posted("b! y")]);
  expect(desk.line).toBe("");
  await desk.type("\x1b[A\x1b[A\x1b[A");
  expect(desk.line).toBe("a: look");
  await desk.type("\x1b[B");
  expect(desk.line).toBe("/pause");
});

test("P81 where a text without a prefix goes is said while it is written, before it is sent", async () => {
  const desk = await lab();
  await desk.type("hello");
  expect(desk.screen).toContain("no prefix: goes to PeerA and PeerB");
  await desk.type("\x15a: x");
  expect(desk.screen).toContain("to PeerA");
  await desk.type("\x15b! x");
  expect(desk.screen).toContain("keys into the terminal of PeerB, and Enter");
  await desk.type("\x15/restart ");
  expect(desk.screen).toContain("/restart peera|peerb|both  start a peer's program again");
  expect(desk.posts).toEqual([]);
  desk.answer = () => ({ lines: ["to PeerA and PeerB", "no prefix"], tone: "plain", isUnrouted: true });
  await desk.type("\x15hello\r");
  expect(desk.hint).toBe("to PeerA and PeerB; no prefix");
  await desk.type("/both hello\r");
  expect(desk.hint).toBe("to PeerA and PeerB; no prefix");
});

test("P81 an unknown command is sent to nobody; the line stays, with the nearest name", async () => {
  const desk = await lab();
  await desk.type("/statsu\r");
  expect(desk.posts).toEqual([]);
  expect(desk.line).toBe("/statsu");
  expect(desk.hint).toContain("no command /statsu; did you mean /status?");
  await desk.type("x");
  expect(desk.hint).toBe("");
});

test("P100 a team of one is told so", async () => {
  const desk = await lab({ isSolo: true });
  await desk.type("b: x\r");
  expect(desk.hint).toBe("Single-peer mode, use /a; a: TEXT speaks to the one peer");
  expect(desk.posts).toEqual([]);
  expect(desk.screen).toContain("crew solo");
});

test("P81 an answer of the daemon stands in the timeline; a refusal brings the line back", async () => {
  const desk = await lab();
  desk.answer = () => ({ lines: ["A idle", "B busy\x1b[31m"], tone: "plain" });
  await desk.type("/status\r");
  expect(desk.screen).toMatch(/\/status +A idle\n\d\d:\d\d +B busy\ufffd\[31m\n/);
  desk.answer = () => {
    throw new Refusal("state", "the team has ended", "muster run starts it again");
  };
  await desk.type("/pause\r");
  expect(desk.hint).toBe("the team has ended; muster run starts it again");
  expect(desk.line).toBe("/pause");
});

test("P81 quit leaves and says nothing to the daemon; so does Ctrl-D on an empty line, and Ctrl-C takes the line back", async () => {
  for (const keys of ["/quit\r", "q\r", "\x04"]) {
    const desk = await lab();
    await desk.type(keys);
    expect([keys, desk.isOver, desk.posts]).toEqual([keys, true, []]);
  }
  const desk = await lab();
  await desk.type("a: x\x03");
  expect([desk.line, desk.isOver]).toEqual(["", false]);
  await desk.type("\x03");
  expect(desk.hint).toContain("/quit or Ctrl-D leaves; the team works on");
  await desk.type("ab\x1b[D\x04");
  expect([desk.line, desk.isOver]).toEqual(["a", false]);
});

test("P81 Tab completes commands, their words and ids; Tab after Tab and Shift-Tab go through them", async () => {
  const desk = await lab();
  await desk.type("/sta\t");
  expect(desk.line).toBe("/status ");
  await desk.type("\x15/fore\to\t");
  expect([desk.line, desk.hint]).toEqual(["/foreman on ", "on  off"]);
  await desk.type("\t");
  expect(desk.line).toBe("/foreman off ");
  await desk.type("\t");
  expect(desk.line).toBe("/foreman on ");
  await desk.type("\x1b[Z");
  expect(desk.line).toBe("/foreman off ");
  await desk.type("\x15/foreman \x1b[Z");
  expect(desk.line).toBe("/foreman now ");
  await desk.type("\x15b\t");
  expect([desk.line, desk.hint]).toEqual(["b: ", "b:  both:"]);
  await desk.type("\x15/re\t");
  expect(desk.hint).toBe("/resume  /restart  /review  /reset  /refresh  /release");
  await desk.type("\x15nothing here\t");
  expect(desk.line).toBe("nothing here");
  await desk.tell(desk.letter("muster-1-abcdef", ANN, BOB, "hi"));
  await desk.type("\x15/release \t");
  expect(desk.line).toBe("/release muster-1-abcdef ");
  await desk.type("\x15/why PeerA\t");
  expect(desk.line).toBe("/why PeerA");
});

test("P81 Ctrl-R finds an older line, and Enter takes it without sending it", async () => {
  const desk = await lab();
  await desk.type("a: first thing\r");
  await desk.type("a: second thing\r");
  await desk.type("\x12thing");
  expect([desk.screen.split("\n").at(-1), desk.hint]).toEqual(["recall: thing", "a: second thing"]);
  await desk.type("\x12");
  expect(desk.hint).toBe("a: first thing");
  await desk.type("\r");
  expect([desk.line, desk.posts.length]).toEqual(["a: first thing", 2]);
  await desk.type("\x15\x12zzz");
  expect(desk.hint).toBe("no such line");
  await desk.type("\x1b");
  expect([desk.line, desk.console.view.mode.kind]).toEqual(["", "input"]);
});

test("P81 a paste of several lines is one text, and Enter in it sends nothing", async () => {
  const desk = await lab();
  await desk.type("a: \x1b[200~one\rtwo\r\x1b[201~");
  expect([desk.line, desk.posts.length]).toEqual(["a: one\ntwo\n", 0]);
  expect(desk.screen).toMatch(/› a: one\n {2}two\n *$/);
  await desk.type("\r");
  expect(desk.posts).toEqual([posted("a: one\ntwo\n")]);
});

test("P82 an id may be written as the timeline shows it, an agent by its seat", async () => {
  const desk = await lab();
  await desk.tell(desk.letter("muster-1764000000-3fa2c1", ANN, BOB, "hi"));
  await desk.type("/release 3FA2C1\r/why peerb\r/why 123456\ra: 3fa2c1\r");
  expect(desk.posts).toEqual([
    posted("/release muster-1764000000-3fa2c1"),
    posted(`/why ${BOB}`),
    posted("/why 123456"),
    posted("a: 3fa2c1"),
  ]);
});

test("what a deed is answered is a hint: the deed itself stands in the timeline", async () => {
  const desk = await lab();
  desk.answer = () => ({ lines: ["paused", "both wait"], tone: "good" });
  const { size } = desk.console.view.timeline;
  await desk.type("/pause\r");
  expect([desk.hint, desk.console.view.hint?.style]).toEqual(["paused; both wait", "good"]);
  expect(desk.console.view.timeline.size).toBe(size);
});

test("an answer that was cut is said so, and the line comes back", async () => {
  const desk = await lab();
  desk.answer = () => {
    throw new SyntaxError("Unexpected end of JSON input");
  };
  await desk.type("a: x\r");
  expect([desk.hint, desk.line]).toEqual(["the answer was cut; the timeline shows whether it was done", "a: x"]);
});
