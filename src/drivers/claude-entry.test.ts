import { expect, test } from "bun:test";
import { accountOf } from "../core/jobs/account.ts";
import { entry, subagentFile } from "./claude-entry.ts";

const usage = { input_tokens: 10, output_tokens: 20, cache_read_input_tokens: 300, cache_creation_input_tokens: 40 };
const assistant = (id: string, content: object[], more: object = {}) => ({
  type: "assistant",
  message: { id, role: "assistant", model: "opus", content, usage },
  ...more,
});
const user = (content: unknown, more: object = {}) => ({ type: "user", message: { role: "user", content }, ...more });
const tool = (name: string, input: object) => ({ type: "tool_use", id: "t", name, input });

const LINES = [
  { type: "mode", mode: "x" },
  user("Please look.", { timestamp: "2026-01-01T10:00:00.000Z", origin: { kind: "human" } }),
  assistant("a1", [{ type: "thinking", thinking: "hm" }]),
  assistant("a1", [{ type: "text", text: "I edit it." }]),
  assistant("a1", [tool("Edit", { file_path: "/r/a.ts" }), tool("Read", { file_path: "/r/b.ts" })]),
  user([{ type: "tool_result", tool_use_id: "t", content: "no", is_error: true }]),
  user("<system-reminder>", { isMeta: true }),
  assistant("a2", [tool("Edit", { file_path: "/r/a.ts" }), tool("NotebookEdit", { notebook_path: "/r/n.ipynb" })]),
  assistant("side", [{ type: "text", text: "a subagent" }], { isSidechain: true }),
  assistant("a3", [{ type: "text", text: "Done." }], { timestamp: "2026-01-01T10:01:30.000Z" }),
].map((line) => JSON.stringify(line));

const read = (lines: string[]) => accountOf(lines.flatMap((line) => entry(line) ?? []));

test("A14 messages, tool calls, tokens, files, duration and last words of a conversation are counted", () => {
  expect(read(LINES)).toEqual({
    messages: { user: 1, assistant: 2 },
    tools: { Edit: 2, Read: 1, NotebookEdit: 1 },
    failedTools: 1,
    thinking: 1,
    subagents: 0,
    models: { opus: { input: 30, output: 60, cacheRead: 900, cacheWrite: 120 } },
    contextTokens: 350,
    tokens: { input: 30, output: 60, cacheRead: 900, cacheWrite: 120 },
    files: ["/r/a.ts", "/r/n.ipynb"],
    model: "opus",
    duration: 90_000,
    summary: "Done.",
  });
});

test("A14 A-fault 26: an answer that stands on several lines has its tokens counted once", () => {
  expect(read(LINES.slice(2, 5)).tokens).toEqual({ input: 10, output: 20, cacheRead: 300, cacheWrite: 40 });
});

test("A14 torn lines and foreign ones hold nothing; an empty conversation has unknown numbers", () => {
  for (const line of ["", "{", "null", "[]", "7", '{"type":"assistant"', '{"type":"summary"}'])
    expect([line, entry(line)]).toEqual([line, null]);
  expect(entry('{"type":"assistant","message":7}')).toEqual({ role: "assistant" });
  expect(read([])).toMatchObject({ tokens: null, duration: null, summary: "", tools: {} });
});

test("A14 the last words are at most 500 characters", () => {
  const line = JSON.stringify(assistant("a", [{ type: "text", text: "ä".repeat(600) }]));
  expect(read([line]).summary).toBe("ä".repeat(500));
});

test("A86 a tool's answer is handed on with its call, cut when it is long, with the sub-agent that it came from", () => {
  const answer = [{ type: "tool_result", tool_use_id: "t1", content: "x".repeat(5000) }];
  const toolUseResult = { agentId: "s1", totalTokens: 7, totalToolUseCount: 2, status: "completed" };
  expect(entry(JSON.stringify(user(answer, { toolUseResult })))?.results).toEqual([
    { call: "t1", isError: false, output: "x".repeat(1000), agent: { id: "s1", tokens: 7, toolCalls: 2 } },
  ]);
});

test("A41 a sub-agent's transcript lies beside the session; an id that could lead elsewhere has none", () => {
  expect(subagentFile("/p/s.jsonl", "a1b2")).toBe("/p/s/subagents/agent-a1b2.jsonl");
  for (const id of ["", "../x", "a/b", "a.b", "x".repeat(65)])
    expect([id, subagentFile("/p/s.jsonl", id)]).toEqual([id, undefined]);
  expect(subagentFile("/p/s.txt", "a1b2")).toBeUndefined();
});
