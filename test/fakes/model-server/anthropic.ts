import type { Reply, Turn } from "./script.ts";

interface Block {
  type: string;
  text?: string;
  content?: unknown;
}

interface Body {
  model?: string;
  stream?: boolean;
  system?: unknown;
  messages?: { role: string; content: unknown }[];
  tools?: { name: string }[];
}

/** Notes which Claude Code 2.1.328 writes into user messages by itself. */
const NOTES = /<(system-reminder|command-[a-z-]+|local-command-[a-z-]+)>[\s\S]*?<\/\1>/g;
const MID_TURN = /^The user sent a new message while you were working:/;
const INTERRUPTED = /^\[Request interrupted by user[^\]]*\]$/;

const blocksOf = (content: unknown): Block[] => {
  if (typeof content === "string") return [{ type: "text", text: content }];
  return Array.isArray(content) ? (content as Block[]) : [];
};
const textOf = (content: unknown): string =>
  blocksOf(content)
    .map((block) => block.text ?? "")
    .join("\n");

/** One user message: may hold tool results and, after an interrupt, the next prompt as well. */
function readMessage(content: unknown, results: string[]): { words: string[]; all: string[] } {
  const words: string[] = [];
  const all: string[] = [];
  for (const block of blocksOf(content)) {
    if (block.type === "tool_result") {
      results.push(textOf(block.content));
      continue;
    }
    const raw = block.text ?? "";
    if (raw) all.push(raw);
    const text = raw.replace(NOTES, "").trim();
    if (MID_TURN.test(text)) results.push(`${results.pop() ?? ""}\n${text}`);
    else if (text && !INTERRUPTED.test(text)) words.push(text);
  }
  return { words, all };
}

/** Request of the Messages API -> turn. */
export function parse(raw: string): Turn {
  const body = JSON.parse(raw) as Body;
  let user = "";
  let toolResults: string[] = [];
  const said: string[] = [];
  for (const message of body.messages ?? []) {
    // Notes of hooks come as messages of the system between those of the user.
    if (message.role === "system") said.push(textOf(message.content));
    if (message.role !== "user") continue;
    const { words, all } = readMessage(message.content, toolResults);
    said.push(...all);
    if (words.length === 0) continue;
    // The CLI joins prompts that were never answered into one message: the last one is the newest.
    user = words.at(-1) ?? "";
    toolResults = [];
  }
  return {
    model: body.model ?? "",
    isStream: body.stream === true,
    system: textOf(body.system),
    user,
    said,
    toolResults,
    tools: (body.tools ?? []).map((tool) => tool.name),
    inputTokens: Math.ceil(raw.length / 4),
  };
}

let counter = 0;
export const newId = (prefix: string): string => `${prefix}_${Date.now().toString(36)}${counter++}`;

/** The whole answer as JSON. */
export function answer(reply: Reply, turn: Turn) {
  const text = reply.text ? [{ type: "text" as const, text: reply.text }] : [];
  const calls = (reply.calls ?? []).map((call) => ({
    type: "tool_use" as const,
    id: newId("toolu"),
    name: call.tool,
    input: call.input,
  }));
  return {
    id: newId("msg"),
    type: "message",
    role: "assistant",
    model: turn.model,
    content: [...text, ...calls],
    stop_reason: calls.length > 0 ? "tool_use" : "end_turn",
    stop_sequence: null,
    usage: {
      input_tokens: reply.usage?.input ?? turn.inputTokens,
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: reply.usage?.cacheRead ?? 0,
      output_tokens: reply.usage?.output ?? Math.ceil(JSON.stringify([text, calls]).length / 4),
    },
  };
}

/** The same answer as server-sent events, in pieces as a model streams them. */
export function events(reply: Reply, turn: Turn): { type: string }[] {
  const whole = answer(reply, turn);
  const start = { ...whole, content: [], stop_reason: null, usage: { ...whole.usage, output_tokens: 1 } };
  const list: { type: string; [field: string]: unknown }[] = [{ type: "message_start", message: start }];
  whole.content.forEach((block, index) => {
    const empty = block.type === "text" ? { type: "text", text: "" } : { ...block, input: {} };
    const deltas =
      block.type === "text"
        ? (block.text.match(/\S+\s*|\s+/g) ?? []).map((text) => ({ type: "text_delta", text }))
        : [{ type: "input_json_delta", partial_json: JSON.stringify(block.input) }];
    list.push({ type: "content_block_start", index, content_block: empty });
    for (const delta of deltas) list.push({ type: "content_block_delta", index, delta });
    list.push({ type: "content_block_stop", index });
  });
  const delta = { stop_reason: whole.stop_reason, stop_sequence: null };
  list.push({ type: "message_delta", delta, usage: whole.usage }, { type: "message_stop" });
  return list;
}

const ERRORS: Record<number, string> = {
  400: "invalid_request_error",
  401: "authentication_error",
  403: "permission_error",
  404: "not_found_error",
  429: "rate_limit_error",
  529: "overloaded_error",
};

export const errorBody = (status: number, message: string) => ({
  type: "error",
  error: { type: ERRORS[status] ?? "api_error", message },
  request_id: newId("req"),
});
