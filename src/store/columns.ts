import type { DailyMetrics, JobHistoryRow, Totals } from "../core/history/api.ts";

const camel = (name: string): string => name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** Rows with names as the API has them; these columns hold 0, 1 or nothing. */
export function named<T>(rows: unknown[], flags: readonly string[] = []): T[] {
  return (rows as Record<string, unknown>[]).map((row) => {
    const fields = Object.entries(row).map(([name, value]): [string, unknown] => {
      return [camel(name), flags.includes(name) && value !== null ? value === 1 : value];
    });
    return Object.fromEntries(fields) as T;
  });
}

/** What a listing shows of a job. */
export const JOB = [
  ...[
    "id",
    "agent",
    "run",
    "status",
    "state",
    "outcome",
    "prompt",
    "driver",
    "model",
    "reasoning",
    "sandbox",
    "parent",
  ],
  ...[
    "team",
    "cwd",
    "worktree",
    "created_at",
    "started_at",
    "finished_at",
    "elapsed_ms",
    "exit_code",
    "error",
    "session",
  ],
  ...[
    "tokens_in",
    "tokens_out",
    "cache_read",
    "cache_write",
    "context_tokens",
    "context_size",
    "context_percent",
    "cost",
  ],
  ...["cost_from", "tool_calls", "failed_calls", "primary_tool", "files_modified", "messages", "thinking", "subagents"],
  ...["summary", "duration_ms", "removed_at"],
].join(", ") satisfies string;

export const jobRows = (rows: unknown[]): JobHistoryRow[] => named<JobHistoryRow>(rows);

const SUMS = "tokens_in tokens_out cache_read cache_write cost".split(" ").map((name) => `SUM(${name}) AS ${name}`);

/** Sums over jobs. What is unknown is left out; when all of it is, the sum is unknown. */
export const TOTALS = [
  "COUNT(*) AS jobs",
  "COUNT(*) FILTER (WHERE status = 'pending') AS pending",
  "COUNT(*) FILTER (WHERE status = 'running') AS active",
  "COUNT(*) FILTER (WHERE outcome = 'completed') AS completed",
  "COUNT(*) FILTER (WHERE outcome <> 'completed') AS failed",
  ...SUMS,
  "COUNT(*) FILTER (WHERE cost IS NULL) AS cost_unknown",
  "COALESCE(SUM(elapsed_ms), 0) AS elapsed_ms",
  "COALESCE(SUM(tool_calls), 0) AS tool_calls",
  "COALESCE(SUM(failed_calls), 0) AS failed_calls",
  "COALESCE(SUM(files_modified), 0) AS files",
].join(", ");

export const totalsIn = (rows: unknown[]): Totals => named<Totals>(rows)[0] as Totals;

export const EMPTY_DAY: Omit<DailyMetrics, "day"> = {
  ...{ started: 0, completed: 0, failed: 0, tokensIn: null, tokensOut: null, cacheRead: null, cacheWrite: null },
  ...{ cost: null, elapsedMs: 0, files: 0 },
};
