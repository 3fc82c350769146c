import type { TranscriptPrompt } from "../core/ports.ts";

interface Line {
  type?: string;
  isMeta?: boolean;
  isSidechain?: boolean;
  origin?: { kind?: string };
  message?: { content?: unknown };
  attachment?: { type?: string; prompt?: unknown; origin?: { kind?: string } };
}

/** Text of a string or of content blocks. */
function textOf(content: unknown): string | null {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return null;
  const blocks = content as { type?: string; text?: string }[];
  return blocks.map((block) => (block.type === "text" ? (block.text ?? "") : "")).join("\n");
}

function promptOf(line: Line): string | null {
  // Seen with 2.1.328: a prompt of an idle CLI, or one that became a turn of its own.
  if (line.type === "user" && line.origin?.kind === "human" && !line.isMeta && !line.isSidechain)
    return textOf(line.message?.content);
  // A prompt queued while busy and given to the model between two steps of the turn. The `queue-operation` lines before it
  // prove nothing: they are written at queueing time too.
  if (line.type === "attachment" && line.attachment?.type === "queued_command")
    return line.attachment.origin?.kind === "human" ? textOf(line.attachment.prompt) : null;
  return null;
}

/** A prompt of a person's hand that reached the model, if this line of `~/.claude/projects/*.jsonl` is one. */
export function transcript(line: string): TranscriptPrompt | null {
  // Lines of up to megabytes carry whole requests: parse only what can be a prompt.
  if (!line.includes('"human"')) return null;
  try {
    const text = promptOf(JSON.parse(line) as Line);
    return text === null ? null : { text };
  } catch {
    return null;
  }
}
