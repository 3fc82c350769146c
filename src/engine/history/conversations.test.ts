import { beforeEach, expect, test } from "bun:test";
import type { TranscriptEntry } from "../../core/jobs/account.ts";
import { BUILT_IN_PRICES } from "../../core/jobs/prices.ts";
import { Conversations, type Reading } from "./conversations.ts";

/** Transcripts as arrays of lines; a new array is a file that was begun again. */
let files: Record<string, string[]>;
let opened: string[];

const reading: Reading = {
  entry: (line) => (line.startsWith("{") ? (JSON.parse(line) as TranscriptEntry) : null),
  subagentFile: (transcript, id) => (id === "nowhere" ? undefined : `${transcript}/${id}`),
  lines(path) {
    opened.push(path);
    let at = 0;
    let known: string[] | undefined;
    return {
      path,
      async readOn(take, began) {
        const lines = files[path];
        if (!lines) return null;
        if (known !== lines) {
          if (known) began();
          [at, known] = [0, lines];
        }
        const fresh = lines.slice(at);
        at = lines.length;
        for (const line of fresh) take(line);
        return fresh.join("").length;
      },
    };
  },
};

const line = (entry: TranscriptEntry): string => JSON.stringify(entry);
const said = (text: string): string => line({ role: "assistant", text });
const tokens = (input: number) => ({ input, output: 0, cacheRead: 0, cacheWrite: 0 });
const numbers = (of: Conversations) => of.enriched(BUILT_IN_PRICES);

beforeEach(() => {
  files = {};
  opened = [];
});

test("A41 of a job without a conversation nothing is known", async () => {
  const none = new Conversations(reading, []);
  expect([none.size, await none.readOn("copy"), none.hasNews, none.isTorn, none.paths]).toEqual([
    0,
    0,
    false,
    false,
    [],
  ]);
  expect(numbers(none)).toEqual({
    ...{ model: null, tokens: null, contextTokens: null, cost: null, failedCalls: 0, files: [], thinking: 0 },
    ...{ subagents: 0, primaryTool: null, messages: 0, toolCalls: 0, lastWords: "", durationMs: null },
  });
});

test("A41 A85 what a conversation says comes to the numbers of its job's row", async () => {
  files.a = [
    line({ at: "2026-01-01T00:00:00Z", role: "user", text: "go" }),
    "noise",
    "",
    line({
      ...{ role: "assistant", text: "hi", model: "claude-opus-5", thinking: 2, failed: 1, tokens: tokens(1_000_000) },
      tools: [
        { name: "Edit", input: "x", file: "/x", isEdit: true },
        { name: "Edit", input: "y", file: "/y", isEdit: true },
        { name: "Task", input: "z", isEdit: false, isAgent: true },
      ],
    }),
    line({ at: "2026-01-01T00:00:03Z", role: "assistant", text: "done" }),
  ];
  const it = new Conversations(reading, []);
  it.add("a");
  expect(await it.readOn()).toBe(files.a.join("").length);
  expect(numbers(it)).toEqual({
    ...{ model: "claude-opus-5", tokens: tokens(1_000_000), contextTokens: 1_000_000, cost: 5, failedCalls: 1 },
    ...{ files: ["/x", "/y"], thinking: 2, subagents: 1, primaryTool: "Edit", messages: 3, toolCalls: 3 },
    ...{ lastWords: "done", durationMs: 3000 },
  });
});

test("A41 each line is read once; what was told as written is not told again", async () => {
  files.a = [line({ tools: [{ name: "Bash", input: "ls", isEdit: false, call: "c1" }] })];
  const it = new Conversations(reading, []);
  it.add("a");
  await it.readOn();
  expect([it.hasNews, it.heard.calls.map(({ call }) => call)]).toEqual([true, ["c1"]]);
  it.written();
  expect([it.hasNews, it.heard]).toEqual([false, { calls: [], results: [] }]);
  expect([await it.readOn(), it.hasNews]).toEqual([0, false]);
  files.a.push(line({ results: [{ call: "c1", isError: true, output: "no" }] }));
  await it.readOn();
  expect([it.hasNews, it.heard.calls, it.heard.results]).toEqual([
    ...[true, [], [{ call: "c1", isError: true, output: "no", at: null }]],
  ]);
  it.written();
  expect([it.heard.results, numbers(it).toolCalls]).toEqual([[], 1]);
});

test("A41 calls and results bear the time of their line, if it is one", async () => {
  const tools = [{ name: "Bash", input: "ls", isEdit: false, call: "c1" }];
  const results = [{ call: "c1", isError: false, output: "" }];
  files.a = [
    line({ at: "2026-01-01T00:00:00Z", tools, results }),
    line({ at: "today", tools, results }),
    line({ tools }),
  ];
  const it = new Conversations(reading, []);
  it.add("a");
  await it.readOn();
  const time = Date.UTC(2026, 0, 1);
  expect(it.heard.calls.map(({ at }) => at)).toEqual([time, null, null]);
  expect(it.heard.results.map(({ at }) => at)).toEqual([time, null]);
});

test("A41 a call without an id is named by its place, the same when its conversation is read again; a result without one is nobody's", async () => {
  const bare = line({
    tools: [{ name: "Bash", input: "ls", isEdit: false }],
    results: [{ isError: false, output: "" }],
  });
  files.a = [bare, bare];
  const it = new Conversations(reading, []);
  it.add("a");
  await it.readOn();
  expect(it.heard).toMatchObject({ calls: [{ call: "a#1" }, { call: "a#2" }], results: [] });
  it.written();
  files.a = [bare];
  await it.readOn();
  expect(it.heard.calls.map(({ call }) => call)).toEqual(["a#1"]);
  expect(numbers(it).toolCalls).toBe(1);
});

test("A41 the same path added twice is one conversation", async () => {
  files.a = [said("hello")];
  const it = new Conversations(reading, ["a"]);
  it.add("a");
  await it.readOn();
  expect([it.size, it.paths, opened, numbers(it).messages]).toEqual([1, ["a"], ["a"], 1]);
});

test("A41 a further conversation is counted on, and only those that were read are told as counted", async () => {
  files.a = [said("one")];
  const it = new Conversations(reading, []);
  for (const path of ["a", "b"]) it.add(path);
  await it.readOn();
  expect([it.paths, it.isTorn]).toEqual([["a"], false]);
  files.b = [said("two")];
  await it.readOn();
  expect([it.paths, numbers(it).messages, numbers(it).lastWords]).toEqual([["a", "b"], 2, "two"]);
});

test("A41 numbers are torn while a conversation that was counted before cannot be read", async () => {
  files.b = [said("two")];
  const it = new Conversations(reading, ["a"]);
  it.add("b");
  await it.readOn();
  expect(it.isTorn).toBe(true);
  files.a = [said("one")];
  await it.readOn();
  expect([it.isTorn, numbers(it).messages]).toEqual([false, 2]);
});

test("A41 the copy stands in for a conversation whose own file is gone, under the path of its own", async () => {
  files.copy = [said("kept")];
  const it = new Conversations(reading, ["a"]);
  expect(await it.readOn("copy")).toBe(files.copy[0]?.length ?? 0);
  expect([it.isTorn, it.paths, numbers(it).lastWords]).toEqual([false, ["a"], "kept"]);
});

test("A41 no copy stands in while the own file is there, was read, or is one of several", async () => {
  files.copy = [said("kept")];
  files.a = [said("own")];
  const own = new Conversations(reading, ["a"]);
  await own.readOn("copy");
  delete files.a;
  expect([await own.readOn("copy"), numbers(own).messages, numbers(own).lastWords]).toEqual([0, 1, "own"]);
  const several = new Conversations(reading, ["b", "c"]);
  expect([await several.readOn("copy"), several.paths]).toEqual([0, []]);
  const without = new Conversations(reading, ["b"]);
  expect([await without.readOn(), without.isTorn]).toEqual([0, true]);
});

const ASKED = (id: string) => line({ results: [{ call: "c", isError: false, output: "", agent: { id } }] });

test("A41 tokens and files of a sub-agent count, from the file it writes; its words and calls do not", async () => {
  files.a = [ASKED("s1"), ASKED("s1"), said("mine")];
  files["a/s1"] = [
    line({
      ...{ isSide: true, role: "assistant", text: "side", tokens: tokens(7) },
      tools: [{ name: "Edit", input: "", file: "/side", isEdit: true }],
    }),
    line({ role: "assistant", text: "not a side's line", tokens: tokens(1000) }),
  ];
  const it = new Conversations(reading, []);
  it.add("a");
  const bytes = await it.readOn();
  expect(bytes).toBe([...files.a, ...files["a/s1"]].join("").length);
  expect(numbers(it)).toMatchObject({
    tokens: tokens(7),
    files: ["/side"],
    messages: 1,
    lastWords: "mine",
    toolCalls: 0,
  });
  expect([it.heard.calls, it.paths, opened]).toEqual([[], ["a"], ["a", "a/s1"]]);
});

test("A41 a side's lines in its parent's own conversation are passed over there", async () => {
  files.a = [line({ isSide: true, role: "user", tokens: tokens(5) }), said("mine")];
  const it = new Conversations(reading, []);
  it.add("a");
  await it.readOn();
  expect(numbers(it)).toMatchObject({ messages: 1, tokens: null });
});

test("A41 a sub-agent that writes nowhere, or has no id, or has not begun, changes nothing", async () => {
  files.a = [
    ASKED("nowhere"),
    line({ results: [{ call: "c", isError: false, output: "", agent: { isRunning: true } }] }),
    ASKED("later"),
  ];
  const it = new Conversations(reading, []);
  it.add("a");
  expect(await it.readOn()).toBe(files.a.join("").length);
  expect([opened, it.isTorn]).toEqual([["a", "a/later"], false]);
  files["a/later"] = [line({ isSide: true, tokens: tokens(3) })];
  await it.readOn();
  expect(numbers(it).tokens).toEqual(tokens(3));
});
