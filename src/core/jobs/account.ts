/** One step of a conversation, as its CLI wrote it down. Only what it holds is set. */
export interface TranscriptEntry {
  /** ISO. */
  at?: string;
  /** `user`: a prompt that the model got; tool results are no messages. */
  role?: "user" | "assistant";
  text?: string;
  model?: string;
  tools?: ToolUse[];
  /** Tool calls that failed. */
  failed?: number;
  results?: ToolResult[];
  /** Steps of thinking. */
  thinking?: number;
  /** Of a sub-agent, not of the conversation itself. */
  isSide?: true;
  /** `id`: the same answer of the model may stand on several lines, and counts once. */
  tokens?: Tokens & { id?: string };
}

/** `call`: by which its result is found. `isAgent`: it starts a sub-agent. */
export interface ToolUse {
  name: string;
  input: string;
  file?: string;
  isEdit: boolean;
  call?: string;
  isAgent?: true;
}

/** What a tool gave back; of a long answer the beginning. `agent`: the sub-agent that it was, and what it used. */
export interface ToolResult {
  call?: string;
  isError: boolean;
  output: string;
  agent?: { id?: string; tokens?: number; toolCalls?: number; isRunning?: true };
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
  thinking: number;
  subagents: number;
  tokens: Tokens | null;
  /** The same by model; under `` those of which nobody knows the model. */
  models: Record<string, Tokens>;
  /** What the model's last answer took of its context; null = unknown. */
  contextTokens: number | null;
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
/** Answers whose tokens may still be told anew, on a further line. */
const ANSWERS_KEPT = 64;
const KINDS = ["input", "output", "cacheRead", "cacheWrite"] as const;

/** What was counted of a conversation so far; it grows line by line. */
export interface AccountTally {
  account: SessionAccount;
  answers: Map<string, Tokens>;
  files: Set<string>;
  began: number | null;
}

const none = (): Tokens => ({ input: 0, output: 0, cacheRead: 0, cacheWrite: 0 });

export const newAccount = (): AccountTally => ({
  account: {
    ...{
      messages: { user: 0, assistant: 0 },
      tools: {},
      failedTools: 0,
      thinking: 0,
      subagents: 0,
      tokens: null,
      models: {},
    },
    ...{ contextTokens: null, files: [], duration: null, summary: "" },
  },
  answers: new Map(),
  files: new Set(),
  began: null,
});

/** The same answer may stand on several lines: the last one tells its tokens. */
function countTokens(tally: AccountTally, tokens: NonNullable<TranscriptEntry["tokens"]>, model: string): void {
  const { account, answers } = tally;
  const { id } = tokens;
  const before = id === undefined ? undefined : answers.get(id);
  account.tokens ??= none();
  if (!Object.hasOwn(account.models, model)) account.models[model] = none();
  for (const sum of [account.tokens, account.models[model] ?? none()])
    for (const kind of KINDS) sum[kind] += tokens[kind] - (before?.[kind] ?? 0);
  account.contextTokens = tokens.input + tokens.cacheRead + tokens.cacheWrite;
  if (id === undefined) return;
  answers.set(id, tokens);
  const [oldest] = answers.keys();
  if (answers.size > ANSWERS_KEPT && oldest !== undefined) answers.delete(oldest);
}

function countTool({ account, files }: AccountTally, { name, file, isEdit, isAgent }: ToolUse): void {
  account.tools[name] = (Object.hasOwn(account.tools, name) ? (account.tools[name] ?? 0) : 0) + 1;
  if (isAgent) account.subagents += 1;
  if (file === undefined || !isEdit || files.has(file)) return;
  files.add(file);
  account.files.push(file);
}

function countTime(tally: AccountTally, at: string | undefined): void {
  const time = at === undefined ? Number.NaN : Date.parse(at);
  if (!Number.isFinite(time)) return;
  tally.began ??= time;
  tally.account.duration = Math.max(0, time - tally.began);
}

/** Counts one step more. */
export function countEntry(tally: AccountTally, entry: TranscriptEntry): void {
  const { account } = tally;
  const { at, role, text, model, tools = [], failed = 0, thinking = 0, tokens } = entry;
  if (role === "user") account.messages.user += 1;
  if (role === "assistant" && text) {
    account.messages.assistant += 1;
    account.summary = [...text.slice(0, 2 * SUMMARY)].slice(0, SUMMARY).join("");
  }
  if (model !== undefined) account.model = model;
  account.failedTools += failed;
  account.thinking += thinking;
  for (const tool of tools) countTool(tally, tool);
  if (tokens) countTokens(tally, tokens, model ?? "");
  countTime(tally, at);
}

/** Counts a conversation. */
export function accountOf(entries: TranscriptEntry[]): SessionAccount {
  const tally = newAccount();
  for (const entry of entries) if (!entry.isSide) countEntry(tally, entry);
  return tally.account;
}

/** The tool that was called most. */
export const primaryTool = ({ tools }: Pick<SessionAccount, "tools">): string | null =>
  Object.entries(tools).toSorted(([, left], [, right]) => right - left)[0]?.[0] ?? null;

/** Several conversations of one job, the first one first, as one. Of sub-agents count the tokens and the files. */
export function sumAccounts(accounts: SessionAccount[], sides: SessionAccount[] = []): SessionAccount {
  const sum = newAccount().account;
  for (const one of accounts) addAccount(sum, one);
  for (const one of [...accounts, ...sides]) addUse(sum, one);
  return sum;
}

function addAccount(sum: SessionAccount, one: SessionAccount): void {
  sum.messages.user += one.messages.user;
  sum.messages.assistant += one.messages.assistant;
  for (const [name, count] of Object.entries(one.tools)) sum.tools[name] = (sum.tools[name] ?? 0) + count;
  for (const key of ["failedTools", "thinking", "subagents"] as const) sum[key] += one[key];
  if (one.duration !== null) sum.duration = (sum.duration ?? 0) + one.duration;
  sum.model = one.model ?? sum.model;
  sum.summary = one.summary || sum.summary;
  sum.contextTokens = one.contextTokens ?? sum.contextTokens;
}

function addUse(sum: SessionAccount, one: SessionAccount): void {
  sum.files = [...new Set([...sum.files, ...one.files])];
  sum.tokens = addTokens(sum.tokens, one.tokens);
  for (const [model, tokens] of Object.entries(one.models))
    sum.models[model] = addTokens(sum.models[model] ?? null, tokens) ?? tokens;
}

function addTokens(left: Tokens | null, right: Tokens | null): Tokens | null {
  if (!left || !right) return left ? { ...left } : right && { ...right };
  const sum = { ...left };
  for (const kind of KINDS) sum[kind] += right[kind];
  return sum;
}
