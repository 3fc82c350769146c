/** One step of a conversation, as its CLI wrote it down. Only what it holds is set. */
export interface TranscriptEntry {
  /** ISO. */
  at?: string;
  /** `user`: a prompt that the model got; tool results are no messages. */
  role?: "user" | "assistant";
  text?: string;
  model?: string;
  tools?: { name: string; input: string; file?: string; isEdit: boolean }[];
  /** Tool calls that failed. */
  failed?: number;
  /** `id`: the same answer of the model may stand on several lines, and counts once. */
  tokens?: Tokens & { id?: string };
}

export interface Tokens {
  input: number;
  output: number;
  cacheRead: number;
  cacheWrite: number;
}

/** What a conversation came to. `tokens` null = its CLI wrote none down. */
export interface SessionAccount {
  messages: { user: number; assistant: number };
  tools: Record<string, number>;
  failedTools: number;
  tokens: Tokens | null;
  /** Files that it wrote or edited. */
  files: string[];
  model?: string;
  /** Milliseconds from its first entry to its last; null = unknown. */
  duration: number | null;
  /** The model's last words. */
  summary: string;
}

/** The model's last words, at most so many characters (A41). */
const SUMMARY = 500;

function tokensOf(entries: TranscriptEntry[]): Tokens | null {
  const seen = new Set<string>();
  let sum: Tokens | null = null;
  for (const { tokens } of entries) {
    if (!tokens || (tokens.id !== undefined && seen.has(tokens.id))) continue;
    if (tokens.id !== undefined) seen.add(tokens.id);
    sum ??= { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };
    for (const kind of ["input", "output", "cacheRead", "cacheWrite"] as const) sum[kind] += tokens[kind];
  }
  return sum;
}

function durationOf(entries: TranscriptEntry[]): number | null {
  const times = entries.flatMap(({ at }) => (at === undefined ? [] : [Date.parse(at)])).filter(Number.isFinite);
  const [first] = times;
  return first === undefined ? null : Math.max(0, (times.at(-1) ?? first) - first);
}

/** Counts a conversation. */
export function accountOf(entries: TranscriptEntry[]): SessionAccount {
  const calls = entries.flatMap(({ tools = [] }) => tools);
  const counts = new Map<string, number>();
  for (const { name } of calls) counts.set(name, (counts.get(name) ?? 0) + 1);
  const files = calls.flatMap(({ file, isEdit }) => (file !== undefined && isEdit ? [file] : []));
  const said = entries.filter(({ role, text }) => role === "assistant" && text);
  return {
    messages: { user: entries.filter(({ role }) => role === "user").length, assistant: said.length },
    tools: Object.fromEntries(counts),
    failedTools: entries.reduce((sum, { failed = 0 }) => sum + failed, 0),
    tokens: tokensOf(entries),
    files: [...new Set(files)],
    model: entries.findLast(({ model }) => model !== undefined)?.model,
    duration: durationOf(entries),
    summary: [...(said.at(-1)?.text ?? "")].slice(0, SUMMARY).join(""),
  };
}
