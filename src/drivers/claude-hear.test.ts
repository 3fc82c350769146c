import { describe, expect, test } from "bun:test";
import type { Reading } from "../core/ports.ts";
import { hear } from "./claude-hear.ts";
import { REFUSED } from "./prompt-hook.ts";

const BASE = { session_id: "s-1", transcript_path: "/h/s-1.jsonl", cwd: "/w" };
const WHERE = { session: "s-1", transcript: "/h/s-1.jsonl" };
const hook = (event: string, more: Record<string, unknown> = {}): Reading | null =>
  hear({ from: "hook", event, payload: { ...BASE, hook_event_name: event, ...more } });

describe("hooks of Claude Code 2.1.328", () => {
  const table: [string, string, Record<string, unknown>, Reading | null][] = [
    ["a start is idle", "SessionStart", { source: "startup" }, { activity: "idle" }],
    ["a start within a compaction says only where", "SessionStart", { source: "compact" }, {}],
    ["the end of a cleared session is no exit", "SessionEnd", { reason: "clear" }, null],
    ["an end is an exit", "SessionEnd", { reason: "prompt_input_exit" }, { activity: "exited" }],
    [
      "a prompt starts a turn",
      "UserPromptSubmit",
      { prompt: "hi" },
      { activity: "busy", turn: "started", prompt: "hi" },
    ],
    ["a refused repeat says nothing", "UserPromptSubmit", { prompt: "hi", [REFUSED]: true }, null],
    ["a tool is work", "PreToolUse", { tool_name: "Bash" }, { activity: "busy", tool: "Bash" }],
    ["a failed tool is work", "PostToolUseFailure", { tool_name: "Bash" }, { activity: "busy", tool: "Bash" }],
    [
      "a permission is a question",
      "PermissionRequest",
      { tool_name: "Bash", tool_input: { command: "x" } },
      { activity: "waiting", detail: "permission: Bash", question: { tool: "Bash", input: '{"command":"x"}' } },
    ],
    [
      "a notified permission waits",
      "Notification",
      { notification_type: "permission_prompt", message: "Claude needs your permission" },
      { activity: "waiting", detail: "Claude needs your permission" },
    ],
    ["a notified idleness is idle", "Notification", { notification_type: "idle_prompt" }, { activity: "idle" }],
    ["other notifications say nothing", "Notification", { notification_type: "auth_success" }, null],
    [
      "a stop without background tasks ends the turn",
      "Stop",
      { last_assistant_message: "DONE", background_tasks: [], session_crons: [] },
      { activity: "idle", turn: "done", summary: "DONE" },
    ],
    [
      "a stop with background tasks does not",
      "Stop",
      { last_assistant_message: "DONE", background_tasks: [{ id: "1" }] },
      { summary: "DONE" },
    ],
    [
      "a failed turn is over",
      "StopFailure",
      { error: "server_error", last_assistant_message: "API Error" },
      { activity: "idle", turn: "failed", detail: "server_error", summary: "API Error" },
    ],
    [
      "a rate limit is a limit",
      "StopFailure",
      { error: "rate_limit" },
      { activity: "limited", turn: "failed", detail: "rate_limit", summary: "rate_limit" },
    ],
    ["a compaction is work", "PreCompact", { trigger: "auto" }, { activity: "busy", detail: "compacting" }],
    [
      "after a compaction by hand it is idle",
      "PostCompact",
      { trigger: "manual" },
      { activity: "idle", isCompacted: true },
    ],
    ["after an automatic one the turn goes on", "PostCompact", { trigger: "auto" }, { isCompacted: true }],
    [
      "a file that was read may be a letter",
      "PostToolUse",
      { tool_name: "Read", tool_input: { file_path: "/r/inbox/000001.x.txt" } },
      { activity: "busy", tool: "Read", reads: "/r/inbox/000001.x.txt" },
    ],
    [
      "a command that names an inbox may read one",
      "PostToolUse",
      { tool_name: "Bash", tool_input: { command: "cat /r/inbox/000001.x.txt" } },
      { activity: "busy", tool: "Bash", reads: "cat /r/inbox/000001.x.txt" },
    ],
    [
      "other commands read none",
      "PostToolUse",
      { tool_name: "Bash", tool_input: { command: "ls" } },
      { activity: "busy", tool: "Bash" },
    ],
    ["unknown events say nothing", "TeammateIdle", {}, null],
    ["names of the prototype are unknown events", "constructor", {}, null],
  ];
  for (const [title, event, payload, reading] of table)
    test(title, () => {
      expect(hook(event, payload)).toEqual(reading && { ...WHERE, ...reading });
    });

  test("a payload of the wrong shape is no crash", () => {
    expect(hook("Stop", { last_assistant_message: 5, background_tasks: "x" })?.turn).toBe("done");
    expect(hook("PermissionRequest", { tool_name: null })?.question).toEqual({ tool: "unknown", input: "{}" });
  });
});

describe("the record sessions/PID.json", () => {
  const table: [Record<string, unknown>, Reading | null][] = [
    [
      { status: "idle", sessionId: "s" },
      { activity: "idle", session: "s" },
    ],
    [{ status: "busy" }, { activity: "busy" }],
    [{ status: "shell" }, { activity: "idle" }],
    [
      { status: "waiting", waitingFor: "permission prompt" },
      { activity: "waiting", detail: "permission prompt" },
    ],
    [{ status: "new in a later version" }, null],
    [{ status: "toString" }, null],
    [{}, null],
  ];
  for (const [record, reading] of table)
    test(`${JSON.stringify(record)}`, () => expect(hear({ from: "record", record })).toEqual(reading));
});

describe("the status line", () => {
  test("tells tokens, size of the window and cost", () => {
    const payload = {
      ...BASE,
      context_window: { total_input_tokens: 13_694, context_window_size: 1_000_000 },
      cost: { total_cost_usd: 0.27 },
    };
    const usage = { contextTokens: 13_694, contextSize: 1_000_000, cost: 0.27 };
    expect(hear({ from: "status", payload })).toEqual({ ...WHERE, usage });
  });
  test("without numbers it tells only where", () => {
    expect(hear({ from: "status", payload: BASE })).toEqual(WHERE);
  });
});
