import type { ToolResult, ToolUse, TranscriptEntry } from "../core/jobs/account.ts";

type Fields = Record<string, unknown>;

const EDITORS = new Set(["Write", "Edit", "MultiEdit", "NotebookEdit"]);

/** Longest part of a tool's answer that is handed on: whole ones are megabytes. */
const OUTPUT = 1000;

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
const count = (value: unknown): number => (typeof value === "number" && value >= 0 ? value : 0);
const fields = (value: unknown): Fields => (value && typeof value === "object" ? (value as Fields) : {});

const blocksOf = (content: unknown): Fields[] =>
  typeof content === "string" ? [{ type: "text", text: content }] : Array.isArray(content) ? content.map(fields) : [];

const textIn = (blocks: Fields[]): string =>
  blocks
    .flatMap((block) => (block.type === "text" ? (text(block.text) ?? []) : []))
    .join("\n")
    .trim();

/** Tools that start a sub-agent: `Agent` since 2.1, `Task` before. */
const AGENTS = new Set(["Agent", "Task"]);

function toolIn({ id, name, input }: Fields): ToolUse {
  const given = fields(input);
  const file = text(given.file_path) ?? text(given.notebook_path);
  const tool = text(name) ?? "unknown";
  const call = text(id);
  return {
    ...{ name: tool, input: JSON.stringify(given), isEdit: EDITORS.has(tool), ...(file ? { file } : {}) },
    ...(call ? { call } : {}),
    ...(AGENTS.has(tool) ? { isAgent: true } : {}),
  };
}

function answered(message: Fields): TranscriptEntry {
  const blocks = blocksOf(message.content);
  const usage = fields(message.usage);
  const said = textIn(blocks);
  const tools = blocks.filter(({ type }) => type === "tool_use").map(toolIn);
  const thinking = blocks.filter(({ type }) => type === "thinking" || type === "redacted_thinking").length;
  // What the CLI itself says in the model's place, of an error for instance, is no model.
  const model = message.model === "<synthetic>" ? undefined : text(message.model);
  return {
    role: "assistant",
    ...(said ? { text: said } : {}),
    ...(model ? { model } : {}),
    ...(tools.length > 0 ? { tools } : {}),
    ...(thinking > 0 ? { thinking } : {}),
    ...(message.usage === undefined
      ? {}
      : {
          tokens: {
            id: text(message.id),
            input: count(usage.input_tokens),
            output: count(usage.output_tokens),
            cacheRead: count(usage.cache_read_input_tokens),
            cacheWrite: count(usage.cache_creation_input_tokens),
          },
        }),
  };
}

/** What a sub-agent came to stands beside its result. */
function agentIn(told: unknown): ToolResult["agent"] {
  const { agentId, totalTokens, totalToolUseCount, status } = fields(told);
  if (typeof agentId !== "string") return undefined;
  return {
    id: agentId,
    ...(typeof totalTokens === "number" ? { tokens: totalTokens } : {}),
    ...(typeof totalToolUseCount === "number" ? { toolCalls: totalToolUseCount } : {}),
    ...(status === "async_launched" ? { isRunning: true } : {}),
  };
}

function resultIn(block: Fields, told: unknown): ToolResult {
  const call = text(block.tool_use_id);
  const agent = agentIn(told);
  return {
    ...(call ? { call } : {}),
    ...{ isError: block.is_error === true, output: textIn(blocksOf(block.content)).slice(0, OUTPUT) },
    ...(agent ? { agent } : {}),
  };
}

const within = (tag: string, told: string): string | undefined =>
  new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(told)?.[1];

/** What the CLI tells the model when a sub-agent in the background stops; it may come more than once (seen with 2.1.328). */
function notified(told: string): TranscriptEntry {
  const call = within("tool-use-id", told);
  const id = within("task-id", told);
  if (!call || !id) return {};
  const number = (tag: string) => Number(within(tag, told) ?? Number.NaN);
  const [tokens, toolCalls] = [number("subagent_tokens"), number("tool_uses")];
  const isError = within("status", told) !== "completed";
  const agent = {
    ...{ id, ...(Number.isFinite(tokens) ? { tokens } : {}) },
    ...(Number.isFinite(toolCalls) ? { toolCalls } : {}),
  };
  const output = (within("result", told) ?? within("summary", told) ?? "").slice(0, OUTPUT);
  return { results: [{ call, isError, output, agent }], ...(isError ? { failed: 1 } : {}) };
}

function asked(line: Fields): TranscriptEntry | null {
  const blocks = blocksOf(fields(line.message).content);
  const results = blocks.filter(({ type }) => type === "tool_result").map((one) => resultIn(one, line.toolUseResult));
  const failed = results.filter(({ isError }) => isError).length;
  if (results.length > 0) return { results, ...(failed > 0 ? { failed } : {}) };
  const said = textIn(blocks);
  if (fields(line.origin).kind === "task-notification") return notified(said);
  return line.isMeta || said === "" ? {} : { role: "user", text: said };
}

/** What a line of `~/.claude/projects/*.jsonl` holds of the conversation; null = nothing (seen with 2.1.328). */
export function entry(line: string): TranscriptEntry | null {
  // Lines of up to megabytes carry whole requests: parse only what can be a step.
  if (!/"type":"(?:assistant|user)"/.test(line)) return null;
  try {
    const read = fields(JSON.parse(line));
    const at = text(read.timestamp);
    const found =
      read.type === "assistant" ? answered(fields(read.message)) : read.type === "user" ? asked(read) : null;
    return found && { ...found, ...(at ? { at } : {}), ...(read.isSidechain === true ? { isSide: true } : {}) };
  } catch {
    // The last line of a killed program may be torn.
    return null;
  }
}

/** Sub-agents write beside their session, in its folder (seen with 2.1.328). */
export const subagentFile = (transcript: string, id: string): string | undefined =>
  /^[A-Za-z0-9_-]{1,64}$/.test(id) && transcript.endsWith(".jsonl")
    ? `${transcript.slice(0, -".jsonl".length)}/subagents/agent-${id}.jsonl`
    : undefined;
