import type { Activity } from "../core/facts.ts";
import type { Reading, Signal } from "../core/ports.ts";
import { REFUSED } from "./prompt-hook.ts";

type Payload = Record<string, unknown>;

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
const number = (value: unknown): number | undefined => (typeof value === "number" ? value : undefined);
const object = (value: unknown): Payload => (value && typeof value === "object" ? (value as Payload) : {});
const isEmpty = (value: unknown): boolean => !Array.isArray(value) || value.length === 0;

/** A name of the prototype is nobody's entry. */
const own = <T>(table: Record<string, T>, key: unknown): T | undefined =>
  typeof key === "string" && Object.hasOwn(table, key) ? table[key] : undefined;

/** Where the session is, in every payload. */
function placeOf(payload: Payload): Reading {
  const session = text(payload.session_id);
  const transcript = text(payload.transcript_path);
  return { ...(session ? { session } : {}), ...(transcript ? { transcript } : {}) };
}

function stopped(payload: Payload): Reading {
  const summary = text(payload.last_assistant_message) ?? "";
  // A Stop with background tasks is followed by another one.
  if (!isEmpty(payload.background_tasks)) return { summary };
  return { activity: "idle", turn: "done", summary };
}

function failed(payload: Payload): Reading {
  const error = text(payload.error) ?? "unknown";
  const activity: Activity = error === "rate_limit" ? "limited" : "idle";
  return { activity, turn: "failed", detail: error, summary: text(payload.last_assistant_message) ?? error };
}

function notified(payload: Payload): Reading | null {
  const kind = text(payload.notification_type);
  if (kind === "idle_prompt") return { activity: "idle" };
  if (kind === "permission_prompt" || kind === "elicitation_dialog")
    return { activity: "waiting", detail: text(payload.message) ?? kind };
  return null;
}

function asked(payload: Payload): Reading {
  const tool = text(payload.tool_name) ?? "unknown";
  return {
    activity: "waiting",
    detail: `permission: ${tool}`,
    question: { tool, input: JSON.stringify(payload.tool_input ?? {}) },
  };
}

/** Subagents' tools are of the same agent: it is busy. */
const used = (payload: Payload): Reading => {
  const tool = text(payload.tool_name);
  return { activity: "busy", ...(tool ? { tool } : {}) };
};

/** Longest command that is looked at for a letter's name. */
const COMMAND = 1000;

/** A file it has read, or a command that names something of an inbox: perhaps a letter. */
function readBy(payload: Payload): string | undefined {
  const { file_path, command } = object(payload.tool_input);
  if (payload.tool_name === "Read") return text(file_path);
  return payload.tool_name === "Bash" && text(command)?.includes("/inbox")
    ? text(command)?.slice(0, COMMAND)
    : undefined;
}

function finished(payload: Payload): Reading {
  const reads = readBy(payload);
  return { ...used(payload), ...(reads ? { reads } : {}) };
}

const HOOKS: Record<string, (payload: Payload) => Reading | null> = {
  // During an automatic compaction the turn goes on.
  SessionStart: (payload) => (payload.source === "compact" ? {} : { activity: "idle" }),
  SessionEnd: (payload) => (payload.reason === "clear" || payload.reason === "resume" ? null : { activity: "exited" }),
  UserPromptSubmit: (payload) => ({ activity: "busy", turn: "started", prompt: text(payload.prompt) ?? "" }),
  PreToolUse: used,
  PostToolUse: finished,
  PostToolUseFailure: used,
  PermissionRequest: asked,
  Notification: notified,
  Stop: stopped,
  StopFailure: failed,
  PreCompact: () => ({ activity: "busy", detail: "compacting" }),
  PostCompact: (payload) => ({ ...(payload.trigger === "manual" ? { activity: "idle" } : {}), isCompacted: true }),
};

/** `shell`: a command runs in the background, the composer is free. */
const STATES: Record<string, Activity> = { idle: "idle", shell: "idle", busy: "busy", waiting: "waiting" };

function recorded(record: Payload): Reading | null {
  const activity = own(STATES, record.status);
  if (!activity) return null;
  const session = text(record.sessionId);
  const detail = text(record.waitingFor);
  return { activity, ...(session ? { session } : {}), ...(detail ? { detail } : {}) };
}

function measured(payload: Payload): Reading {
  const window = object(payload.context_window);
  const contextTokens = number(window.total_input_tokens);
  if (contextTokens === undefined) return placeOf(payload);
  const contextSize = number(window.context_window_size);
  const cost = number(object(payload.cost).total_cost_usd);
  const usage = {
    contextTokens,
    ...(contextSize === undefined ? {} : { contextSize }),
    ...(cost === undefined ? {} : { cost }),
  };
  return { ...placeOf(payload), usage };
}

/** Hook payloads, the record sessions/PID.json and the status line of Claude Code. */
export function hear(signal: Signal): Reading | null {
  if (signal.from === "record") return recorded(signal.record);
  if (signal.from === "status") return measured(signal.payload);
  if (signal.payload[REFUSED]) return null;
  const reading = own(HOOKS, signal.event)?.(signal.payload);
  return reading ? { ...placeOf(signal.payload), ...reading } : null;
}
