import { expect, test } from "bun:test";
import {
  accountOf,
  countEntry,
  newAccount,
  primaryTool,
  sumAccounts,
  type ToolUse,
  type TranscriptEntry,
} from "./account.ts";

const tokens = (input: number, output = 0, cacheRead = 0, cacheWrite = 0) => ({ input, output, cacheRead, cacheWrite });
const edit = (file: string): ToolUse => ({ name: "Edit", input: file, file, isEdit: true });
const read = (file: string): ToolUse => ({ name: "Read", input: file, file, isEdit: false });
const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();

const EMPTY = {
  ...{ messages: { user: 0, assistant: 0 }, tools: {}, failedTools: 0, thinking: 0, subagents: 0, tokens: null },
  ...{ models: {}, contextTokens: null, files: [], duration: null, summary: "" },
};

test("A41 of a conversation without a line nothing is known", () => {
  expect(accountOf([])).toEqual(EMPTY);
  expect(primaryTool(accountOf([]))).toBeNull();
  expect(sumAccounts([])).toEqual(EMPTY);
});

test("A41 messages, tools, failures, thinking, files and time of a conversation are counted", () => {
  const account = accountOf([
    { at: at(5), role: "user", text: "go" },
    { at: at(6), role: "assistant", model: "m", thinking: 2, tools: [read("/a"), edit("/b"), edit("/b"), edit("/c")] },
    { failed: 2, thinking: 1, tools: [{ name: "Task", input: "", isEdit: false, isAgent: true }] },
    { at: "no time", role: "assistant", text: "almost" },
    { at: at(9), role: "assistant", text: "done" },
  ]);
  expect(account).toEqual({
    ...{ ...EMPTY, messages: { user: 1, assistant: 2 }, tools: { Read: 1, Edit: 3, Task: 1 }, failedTools: 2 },
    ...{ thinking: 3, subagents: 1, files: ["/b", "/c"], model: "m", duration: 4000, summary: "done" },
  });
  expect(primaryTool(account)).toBe("Edit");
});

test("A41 a time before the first one makes no negative duration", () => {
  expect(accountOf([{ at: at(5) }, { at: at(3) }]).duration).toBe(0);
});

test("A41 what a sub-agent wrote into its parent's conversation does not count there", () => {
  expect(accountOf([{ role: "user", isSide: true }, { role: "user" }]).messages.user).toBe(1);
});

test("A41 a tool may be called as something that every object has", () => {
  expect(accountOf([{ tools: [{ name: "constructor", input: "", isEdit: false }] }]).tools.constructor as unknown).toBe(
    1,
  );
  const named = { role: "assistant", model: "toString", tokens: tokens(1) } as TranscriptEntry;
  expect(accountOf([named]).models.toString as unknown).toEqual(tokens(1));
});

test("A41 last words are kept to 500 characters, whole ones", () => {
  const summary = (text: string) => accountOf([{ role: "assistant", text }]).summary;
  expect(summary("x".repeat(501))).toBe("x".repeat(500));
  expect(summary("🙂".repeat(501))).toBe("🙂".repeat(500));
});

test("A41 tokens of an answer that stands on several lines count once, as its last line says", () => {
  const account = accountOf([
    { model: "m", tokens: { id: "1", ...tokens(10, 1, 100, 1000) } },
    { model: "m", tokens: { id: "1", ...tokens(10, 5, 100, 1000) } },
    { model: "n", tokens: tokens(3, 4, 5, 6) },
    { model: "n", tokens: tokens(3, 4, 5, 6) },
    { tokens: tokens(1) },
  ]);
  expect(account.tokens).toEqual(tokens(17, 13, 110, 1012));
  expect(account.models).toEqual({ m: tokens(10, 5, 100, 1000), n: tokens(6, 8, 10, 12), "": tokens(1) });
  expect(account.contextTokens).toBe(1);
  expect(accountOf([{ tokens: tokens(1, 20, 300, 4000) }]).contextTokens).toBe(4301);
});

test("A41 the newest 64 answers may still be told anew; an older one counts again", () => {
  const tally = newAccount();
  const answer = (id: number) => countEntry(tally, { tokens: { id: String(id), ...tokens(1) } });
  for (let id = 1; id <= 64; id += 1) answer(id);
  answer(1);
  expect([tally.account.tokens?.input, tally.answers.size]).toEqual([64, 64]);
  answer(65);
  expect([tally.account.tokens?.input, tally.answers.size]).toEqual([65, 64]);
  answer(1);
  expect(tally.account.tokens?.input).toBe(66);
});

test("A41 several conversations are one account; of sub-agents count the tokens and the files alone", () => {
  const first = accountOf([
    {
      at: at(0),
      role: "user",
      model: "m",
      failed: 1,
      thinking: 1,
      tools: [edit("/a"), read("/x")],
      tokens: tokens(1, 2, 3, 4),
    },
    {
      at: at(2),
      role: "assistant",
      text: "one",
      model: "m",
      tools: [{ name: "Task", input: "", isEdit: false, isAgent: true }],
    },
  ]);
  const second = accountOf([
    { at: at(10), role: "user", failed: 2, thinking: 4, tools: [edit("/a"), edit("/b")] },
    { at: at(13), role: "assistant", text: "two", model: "n", tokens: tokens(10, 20, 30, 40) },
  ]);
  const side = accountOf([
    { role: "user", failed: 9, thinking: 9, model: "s", tools: [edit("/c")], tokens: tokens(100) },
    { role: "assistant", text: "side", model: "m", tokens: tokens(1000) },
  ]);
  const before = JSON.stringify([first, second, side]);
  expect(sumAccounts([first, second], [side])).toEqual({
    ...{ messages: { user: 2, assistant: 2 }, tools: { Edit: 3, Read: 1, Task: 1 }, failedTools: 3, thinking: 5 },
    ...{ subagents: 1, tokens: tokens(1111, 22, 33, 44), files: ["/a", "/b", "/c"], duration: 5000, summary: "two" },
    ...{ models: { m: tokens(1001, 2, 3, 4), n: tokens(10, 20, 30, 40), s: tokens(100) }, model: "n" },
    contextTokens: 80,
  });
  expect(JSON.stringify([first, second, side])).toBe(before);
});

test("A41 a conversation that says nothing of model, words, context and time leaves what is known of the others", () => {
  const known = accountOf([
    { at: at(0) },
    { at: at(2), role: "assistant", text: "one", model: "m", tokens: tokens(5) },
  ]);
  expect(sumAccounts([known, accountOf([{ role: "user" }])])).toEqual({
    ...known,
    messages: { user: 1, assistant: 1 },
  });
});
