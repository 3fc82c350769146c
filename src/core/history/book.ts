import type { AgentId, JobId, Millis, Seq } from "../ids.ts";
import type { Tokens, ToolResult, ToolUse } from "../jobs/account.ts";
import type { ReadNotices } from "../notices.ts";

export type Cell = string | number | null;
export type Row = Record<string, Cell>;

/** Tables that are kept row by row. */
export type KeptTable = "job_history" | "orchestrator_queue" | "approvals" | "teams";
/** Tables that are written anew as a whole. */
export type ReplacedTable = "orchestrator_triggers" | "orchestrator_modes";
/** Tables whose rows never change. */
export type AddedTable = "orchestrator_activity" | "notifications";

/** What is to be written into the tables. */
export type Entry =
  | { keep: KeptTable; row: Row }
  | { replace: ReplacedTable; rows: Row[] }
  | { add: AddedTable; row: Row }
  | { removed: AgentId; at: Millis }
  | { read: ReadNotices; at: Millis };

/** A tool call of a job, as far as its conversation tells. */
export interface CallRow extends Omit<ToolUse, "call"> {
  call: string;
  at: Millis | null;
}

export interface ResultRow extends Omit<ToolResult, "call"> {
  call: string;
  at: Millis | null;
}

/** What a job's conversations came to, for its row; `null` = unknown. */
export interface Enriched {
  model: string | null;
  tokens: Tokens | null;
  contextTokens: number | null;
  /** US dollars by the price table. */
  cost: number | null;
  toolCalls: number;
  failedCalls: number;
  primaryTool: string | null;
  files: string[];
  messages: number;
  thinking: number;
  subagents: number;
  lastWords: string;
  durationMs: Millis | null;
}

/** The tables of what was, for questions. */
export interface HistoryBook {
  /** Newest fact that is in the tables. */
  seq(): Seq;
  write(entries: Entry[], seq: Seq): void;
  /** Transcripts that were read for a job, the first one first. */
  transcripts(job: JobId): string[];
  enrich(job: JobId, transcripts: string[], enriched: Enriched, calls: CallRow[], results: ResultRow[]): void;
}
