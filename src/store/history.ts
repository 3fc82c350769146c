import type { Database } from "bun:sqlite";
import type { CallRow, Enriched, Entry, HistoryBook, KeptTable, ResultRow, Row } from "../core/history/book.ts";
import { type JobId, type Millis, type Seq, USER } from "../core/ids.ts";
import type { ReadNotices } from "../core/notices.ts";

const KEYS: Record<KeptTable, string> = { job_history: "id", orchestrator_queue: "id", approvals: "id", teams: "name" };
const DAY_MS = 86_400_000;
/** How long hook events and automatic acts are kept; jobs for ever. */
const EVENTS_KEPT_MS = 30 * DAY_MS;
const ACTIVITY_KEPT_MS = 90 * DAY_MS;
const PREVIEW = 500;

const cut = (text: string): string => [...text.slice(0, 2 * PREVIEW)].slice(0, PREVIEW).join("");
const bit = (is: boolean): number => (is ? 1 : 0);

/** Columns come from our own rows, never from outside. */
function insertion(table: string, row: Row, conflict: string): string {
  const names = Object.keys(row);
  return `INSERT INTO ${table} (${names.join(", ")}) VALUES (${names.map((name) => `$${name}`).join(", ")}) ${conflict}`;
}

const update = (row: Row, key: string): string =>
  `ON CONFLICT (${key}) DO UPDATE SET ${Object.keys(row)
    .filter((name) => name !== key)
    .map((name) => `${name} = excluded.${name}`)
    .join(", ")}`;

/** Writes the history of jobs, the queue, triggers and what people were told: a copy of the log, rebuilt from it when lost. */
export class HistoryTables implements HistoryBook {
  constructor(private readonly database: Database) {}

  seq(): Seq {
    return (this.database.query("SELECT seq FROM history_progress").get() as { seq: number }).seq;
  }

  write(entries: Entry[], seq: Seq): void {
    const { database } = this;
    database
      .transaction(() => {
        for (const entry of entries) this.put(entry);
        database.query("UPDATE history_progress SET seq = ?").run(seq);
      })
      .immediate();
  }

  transcripts(job: JobId): string[] {
    const [row] = this.database.query("SELECT transcripts FROM job_history WHERE id = ?").values(job);
    return row ? JSON.parse(String(row[0])) : [];
  }

  enrich(job: JobId, transcripts: string[], enriched: Enriched, calls: CallRow[], results: ResultRow[]): void {
    const { database } = this;
    database
      .transaction(() => {
        for (const call of calls) this.putCall(job, call);
        for (const result of results) this.putResult(job, result);
        database
          .query(`UPDATE job_history SET ${ENRICHED.map((name) => `${name} = $${name}`).join(", ")} WHERE id = $id`)
          .run({ ...enrichedRow(transcripts, enriched), id: job });
      })
      .immediate();
  }

  /** What is too old goes. The newest hook event stays, by which the next one is numbered. */
  prune(now: Millis): void {
    const events = "DELETE FROM hook_events WHERE at < ? AND id < (SELECT MAX(id) FROM hook_events)";
    this.database.query(events).run(now - EVENTS_KEPT_MS);
    this.database.query("DELETE FROM orchestrator_activity WHERE at < ?").run(now - ACTIVITY_KEPT_MS);
  }

  private markRead({ upTo, ids }: ReadNotices, at: Millis): void {
    const sql = `INSERT INTO notification_reads SELECT ?1, id, ?2 FROM notifications WHERE id <= ?3 OR id IN (SELECT value FROM json_each(?4))
      ON CONFLICT DO NOTHING`;
    this.database.query(sql).run(USER, at, upTo, JSON.stringify(ids));
  }

  private put(entry: Entry): void {
    const { database } = this;
    if ("keep" in entry) {
      const key = KEYS[entry.keep];
      database.query(insertion(entry.keep, entry.row, update(entry.row, key))).run(entry.row);
    } else if ("add" in entry) {
      database.query(insertion(entry.add, entry.row, "ON CONFLICT DO NOTHING")).run(entry.row);
    } else if ("replace" in entry) {
      database.exec(`DELETE FROM ${entry.replace}`);
      for (const row of entry.rows) database.query(insertion(entry.replace, row, "")).run(row);
    } else if ("read" in entry) {
      this.markRead(entry.read, entry.at);
    } else {
      database.query("UPDATE job_history SET removed_at = ?, pid = NULL WHERE agent = ?").run(entry.at, entry.removed);
    }
  }

  private putCall(job: JobId, { call, name, file, at, isEdit, isAgent, input }: CallRow): void {
    const row: Row = { job, call, name, file: file ?? null, at, is_edit: bit(isEdit), input: cut(input) };
    this.database.query(insertion("tool_calls", row, "ON CONFLICT DO NOTHING")).run(row);
    if (!isAgent) return;
    const order: Row = { job, call, at, ...orderOf(input) };
    this.database.query(insertion("job_subagents", order, "ON CONFLICT DO NOTHING")).run(order);
  }

  private putResult(job: JobId, { call, at, isError, output, agent }: ResultRow): void {
    const told: Row = { job, call, at, is_error: bit(isError), output: cut(output) };
    this.database
      .query(
        "UPDATE tool_calls SET is_error = $is_error, output = $output, duration_ms = $at - at WHERE job = $job AND call = $call",
      )
      .run(told);
    const { id = null, tokens = null, toolCalls = null, isRunning } = agent ?? {};
    this.database
      .query(
        `UPDATE job_subagents SET is_error = $is_error, output = $output, ended_at = $ended, agent = $agent, tokens = $tokens,
         tool_calls = $calls WHERE job = $job AND call = $call`,
      )
      .run({
        ...{ job, call, is_error: isRunning ? null : bit(isError), output: cut(output) },
        ...{ ended: isRunning ? null : at, agent: id, tokens, calls: toolCalls },
      });
  }
}

/** What a sub-agent was asked, as its tool call says. */
function orderOf(input: string): Row {
  const { subagent_type, description, prompt } = JSON.parse(input) as Record<string, unknown>;
  const words = [description, prompt].find((one) => typeof one === "string") ?? "";
  return { kind: typeof subagent_type === "string" ? subagent_type : null, description: cut(String(words)) };
}

const ENRICHED = [
  ...["transcripts", "told_model", "tokens_in", "tokens_out", "cache_read", "cache_write", "reckoned_cost"],
  ...["tool_calls", "failed_calls", "primary_tool", "files_modified", "files", "messages", "thinking", "subagents"],
  ...["last_words", "duration_ms", "read_context"],
];

function enrichedRow(transcripts: string[], enriched: Enriched): Row {
  const { tokens, files, model, cost, toolCalls, failedCalls, primaryTool, messages, thinking, subagents } = enriched;
  return {
    ...{ transcripts: JSON.stringify(transcripts), told_model: model, tokens_in: tokens?.input ?? null },
    ...{ tokens_out: tokens?.output ?? null, cache_read: tokens?.cacheRead ?? null },
    ...{ cache_write: tokens?.cacheWrite ?? null, reckoned_cost: cost, tool_calls: toolCalls },
    ...{ failed_calls: failedCalls, primary_tool: primaryTool, files_modified: files.length },
    ...{ files: JSON.stringify(files), messages, thinking, subagents, last_words: enriched.lastWords || null },
    ...{ duration_ms: enriched.durationMs, read_context: enriched.contextTokens },
  };
}
