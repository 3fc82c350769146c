/** One hook event as the tables keep it. */
export interface KeptEvent {
  id: number;
  /** Milliseconds since 1970. */
  at: number;
  /** Empty: a session that Muster did not start. */
  agent: string;
  event: string;
  tool: string | null;
  payload: string;
}

/** Bytes of one line, its end included. */
export const LINE_LIMIT = 64 * 1024;

const KNOWN = new Set([
  "PreToolUse",
  "PostToolUse",
  "PostToolUseFailure",
  "Stop",
  "StopFailure",
  "SubagentStop",
  "Notification",
  "SessionStart",
  "SessionEnd",
  "PreCompact",
  "PostCompact",
  "UserPromptSubmit",
  "PermissionRequest",
]);

function parsed(payload: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(payload);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** Paths and ids are short; one that is not is somebody's trick and would not leave room for the rest. */
const short = (value: unknown): string => text(value).slice(0, 4096);

/** One event as a line of `events.jsonl`, at most LINE_LIMIT bytes: of data that is longer the begin, marked with its size. */
export function eventLine({ id, at, agent, event, tool, payload }: KeptEvent): string {
  const data = parsed(payload);
  const head = {
    timestamp: at,
    session_id: short(data.session_id),
    event_type: KNOWN.has(event) ? event : "other",
    tool_name: short(tool ?? ""),
    job_id: agent,
    cwd: short(data.cwd),
    transcript_path: short(data.transcript_path),
  };
  const lineOf = (shown: unknown) => `${JSON.stringify({ ...head, data: shown, row: id })}\n`;
  const whole = lineOf(data);
  if (Buffer.byteLength(whole) <= LINE_LIMIT) return whole;
  const cut = typeof data.cut === "number" ? data.cut : payload.length;
  let start = text(data.start) || payload;
  for (;;) {
    start = start.slice(0, Math.min(LINE_LIMIT, Math.floor(start.length * 0.8))).replace(/[\uD800-\uDBFF]$/, "");
    const line = lineOf({ cut, start });
    if (Buffer.byteLength(line) <= LINE_LIMIT) return line;
  }
}
