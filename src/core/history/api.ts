import type { AgentId, JobId, Millis, Seq } from "../ids.ts";

/** One page of a listing; `total` counts all that match. */
export interface Page<T> {
  rows: T[];
  total: number;
  /** From 1. */
  page: number;
  limit: number;
}

/** One assignment that ever was, also when its files are gone. `null` = unknown. */
export interface JobHistoryRow {
  id: JobId;
  agent: AgentId;
  /** 1, 2, …: which assignment of its agent. */
  run: number;
  /** As `jobs --json` has it, and its finer state. */
  status: string;
  state: string;
  outcome: string | null;
  /** Start of it; the whole one is in `JobDetail`. */
  prompt: string;
  driver: string;
  model: string | null;
  reasoning: string | null;
  sandbox: string;
  parent: string | null;
  team: string | null;
  cwd: string;
  worktree: string | null;
  createdAt: Millis;
  startedAt: Millis | null;
  finishedAt: Millis | null;
  /** From its start to its end. */
  elapsedMs: Millis | null;
  exitCode: number | null;
  error: string | null;
  session: string | null;
  tokensIn: number | null;
  tokensOut: number | null;
  cacheRead: number | null;
  cacheWrite: number | null;
  contextTokens: number | null;
  contextSize: number | null;
  contextPercent: number | null;
  /** US dollars. */
  cost: number | null;
  /** `prices`: reckoned from the price table; `cli`: as the CLI tells. */
  costFrom: "prices" | "cli" | null;
  toolCalls: number | null;
  failedCalls: number | null;
  /** The tool that was called most. */
  primaryTool: string | null;
  filesModified: number | null;
  messages: number | null;
  thinking: number | null;
  subagents: number | null;
  /** The model's last words, at most 500 characters. */
  summary: string | null;
  /** From the first to the last line of its conversation. */
  durationMs: Millis | null;
  /** When its files were removed. */
  removedAt: Millis | null;
}

export interface JobDetail extends JobHistoryRow {
  wholePrompt: string;
  originalPrompt: string;
  files: string[];
  /** How often each tool was called. */
  tools: Record<string, number>;
  dependsOn: string[];
  tmuxSession: string;
  pid: number | null;
  reuseCount: number;
  /** Its agent's other assignments. */
  runs: JobHistoryRow[];
}

export interface ToolCallRow {
  job: JobId;
  call: string;
  name: string;
  file: string | null;
  at: Millis | null;
  /** null = it was not answered yet. */
  isError: boolean | null;
  durationMs: Millis | null;
  /** At most 500 characters each. */
  input: string;
  output: string | null;
}

export interface SubagentRow {
  job: JobId;
  call: string;
  agent: string | null;
  kind: string | null;
  description: string;
  at: Millis | null;
  endedAt: Millis | null;
  isError: boolean | null;
  tokens: number | null;
  toolCalls: number | null;
  output: string | null;
}

export interface ToolStat {
  name: string;
  calls: number;
  failed: number;
  jobs: number;
  lastAt: Millis | null;
}

/** One local day. Sums leave out what is unknown; null = nothing of it is known. */
export interface DailyMetrics {
  /** `YYYY-MM-DD`, local. */
  day: string;
  started: number;
  completed: number;
  failed: number;
  tokensIn: number | null;
  tokensOut: number | null;
  cacheRead: number | null;
  cacheWrite: number | null;
  cost: number | null;
  /** Of the jobs that ended on that day. */
  elapsedMs: Millis;
  files: number;
}

export interface Totals {
  jobs: number;
  pending: number;
  active: number;
  completed: number;
  failed: number;
  tokensIn: number | null;
  tokensOut: number | null;
  cacheRead: number | null;
  cacheWrite: number | null;
  cost: number | null;
  /** Jobs of which nobody knows the cost. */
  costUnknown: number;
  elapsedMs: Millis;
  toolCalls: number;
  failedCalls: number;
  files: number;
}

export interface Metrics extends Totals {
  /** Agents whose program lives. */
  agents: number;
  today: DailyMetrics;
}

export type Range = "7d" | "30d" | "90d" | "all";

export interface MetricsHistory {
  range: Range;
  /** Every day of the range, the oldest first. */
  days: DailyMetrics[];
}

export interface Analytics extends MetricsHistory {
  totals: Totals;
  models: {
    model: string | null;
    jobs: number;
    tokensIn: number | null;
    tokensOut: number | null;
    cost: number | null;
    elapsedMs: Millis;
  }[];
  drivers: { driver: string; jobs: number; completed: number; failed: number }[];
  tools: ToolStat[];
  files: { file: string; jobs: number }[];
}

export interface Overview {
  path: string;
  /** Bytes. */
  size: number;
  layout: number;
  /** Newest fact that is in the tables. */
  seq: Seq;
  tables: { name: string; rows: number; oldest: Millis | null; newest: Millis | null }[];
  totals: Totals;
}

export interface EventRow {
  id: number;
  at: Millis;
  agent: string;
  job: string | null;
  event: string;
  tool: string | null;
  file: string | null;
  /** JSON, as the hook told it. */
  payload: string;
}

export interface NotificationRow {
  id: Seq;
  at: Millis;
  kind: "notice" | "job_completed" | "job_failed" | "approval" | "context";
  level: "info" | "warning" | "error";
  text: string;
  about: string | null;
  isRead: boolean;
}

export interface Notifications {
  rows: NotificationRow[];
  unread: number;
}
