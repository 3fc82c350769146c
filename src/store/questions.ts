import type { Database } from "bun:sqlite";
import type {
  Analytics,
  DailyMetrics,
  EventRow,
  MetricsHistory,
  Notifications,
  Overview,
  Page,
  Range,
  ToolStat,
  Totals,
} from "../core/history/api.ts";
import type { Row } from "../core/history/book.ts";
import { beginOf, daysIn, daysUpTo, localDay } from "../core/history/days.ts";
import type { EventQuery } from "../core/history/query.ts";
import type { Millis } from "../core/ids.ts";
import { EMPTY_DAY, named, TOTALS, totalsIn } from "./columns.ts";
import { LIKE, literal } from "./job-questions.ts";
import { dailyMetrics } from "./layout.ts";

/** The tables that people ask, and the column by which they are old. */
const TABLES: [name: string, time: string | null][] = [
  ["job_history", "created_at"],
  ["tool_calls", "at"],
  ["job_subagents", "at"],
  ["hook_events", "at"],
  ["daily_metrics", null],
  ["orchestrator_queue", "added_at"],
  ["orchestrator_triggers", "added_at"],
  ["orchestrator_modes", null],
  ["approvals", "asked_at"],
  ["orchestrator_activity", "at"],
  ["notifications", "at"],
  ["teams", "formed_at"],
];
const MOST_FILES = 20;
/** Notifications that are shown. */
const NOTICES_SHOWN = 100;
/** Days that are told when all are asked for. */
const MOST_DAYS = 3660;

/** What people ask about everything that was. */
export class Questions {
  constructor(private readonly database: Database) {}

  totals(since: Millis = 0): Totals {
    return totalsIn(this.database.query(`SELECT ${TOTALS} FROM job_history WHERE created_at >= ?`).all(since));
  }

  /** Each day of a range, also those on which nothing was. */
  days(range: Range, now: Millis): MetricsHistory {
    const known = this.metrics(beginOf(range, now));
    const oldest = known.keys().next().value ?? localDay(now);
    const days = daysUpTo(now, daysIn(range) ?? MOST_DAYS).filter((day) => range !== "all" || day >= oldest);
    return { range, days: days.map((day) => known.get(day) ?? { day, ...EMPTY_DAY }) };
  }

  analytics(range: Range, now: Millis): Analytics {
    const since = beginOf(range, now);
    return {
      ...this.days(range, now),
      totals: this.totals(since),
      models: this.rows(
        `SELECT model, COUNT(*) AS jobs, SUM(tokens_in) AS tokens_in, SUM(tokens_out) AS tokens_out, SUM(cost) AS cost,
         COALESCE(SUM(elapsed_ms), 0) AS elapsed_ms FROM job_history WHERE created_at >= ? GROUP BY model ORDER BY jobs DESC`,
        since,
      ),
      drivers: this.rows(
        `SELECT driver, COUNT(*) AS jobs, COUNT(*) FILTER (WHERE outcome = 'completed') AS completed,
         COUNT(*) FILTER (WHERE outcome <> 'completed') AS failed
         FROM job_history WHERE created_at >= ? GROUP BY driver ORDER BY jobs DESC`,
        since,
      ),
      tools: this.tools(since),
      files: this.rows(
        `SELECT file, COUNT(DISTINCT job) AS jobs FROM tool_calls WHERE is_edit = 1 AND file IS NOT NULL AND at >= ?
         GROUP BY file ORDER BY jobs DESC, file LIMIT ${MOST_FILES}`,
        since,
      ),
    };
  }

  tools(since: Millis = 0): ToolStat[] {
    const time = since === 0 ? "" : "WHERE at >= ?";
    return this.rows(
      `SELECT name, COUNT(*) AS calls, COUNT(*) FILTER (WHERE is_error = 1) AS failed, COUNT(DISTINCT job) AS jobs,
       MAX(at) AS last_at FROM tool_calls ${time} GROUP BY name ORDER BY calls DESC, name`,
      ...(since === 0 ? [] : [since]),
    );
  }

  overview(path: string): Overview {
    const { database } = this;
    const one = (sql: string) => Number(database.query(sql).values()[0]?.[0] ?? 0);
    const tables = TABLES.map(([name, time]) => {
      // Apart, each is found in an index.
      const end = (which: string) => (time === null ? "NULL" : `(SELECT ${which}(${time}) FROM ${name})`);
      const sql = `SELECT (SELECT COUNT(*) FROM ${name}), ${end("MIN")}, ${end("MAX")}`;
      const [row = []] = database.query(sql).values() as (number | null)[][];
      return { name, rows: row[0] ?? 0, oldest: row[1] ?? null, newest: row[2] ?? null };
    });
    const size = one("PRAGMA page_count") * one("PRAGMA page_size");
    const seq = one("SELECT seq FROM history_progress");
    return { path, size, layout: one("PRAGMA user_version"), seq, tables, totals: this.totals() };
  }

  events(query: EventQuery): Page<EventRow> {
    const { page, limit, search } = query;
    const asked: [column: string, value: string | number | undefined][] = [
      ["job = $job", query.job],
      ["agent = $agent", query.agent],
      ["event = $event", query.event],
      ["tool = $tool", query.tool],
      ["at >= $since", query.since],
      [`payload ${LIKE}`, search === undefined ? undefined : literal(search)],
    ];
    const held = asked.filter(([, value]) => value !== undefined);
    const values: Row = Object.fromEntries(
      held.map(([sql, value]) => [/\$(\w+)/.exec(sql)?.[1] ?? "", value as string | number]),
    );
    const from = `hook_events WHERE ${held.map(([sql]) => sql).join(" AND ") || "TRUE"}`;
    const sql = `SELECT id, at, agent, job, event, tool, file, payload FROM ${from} ORDER BY id DESC LIMIT $limit OFFSET $offset`;
    const rows = this.database.query(sql).all({ ...values, limit, offset: (page - 1) * limit });
    const [count] = this.database.query(`SELECT COUNT(*) FROM ${from}`).values(values);
    return { rows: named(rows), total: Number(count?.[0] ?? 0), page, limit };
  }

  /** The newest first, with what this user has read. */
  notifications(user: string): Notifications {
    const read = "EXISTS (SELECT 1 FROM notification_reads WHERE user = ?1 AND notification = id)";
    const sql = `SELECT id, at, kind, level, text, about, ${read} AS is_read FROM notifications ORDER BY id DESC LIMIT ${NOTICES_SHOWN}`;
    const rows = named<Notifications["rows"][number]>(this.database.query(sql).all(user), ["is_read"]);
    const [unread] = this.database.query(`SELECT COUNT(*) FROM notifications WHERE NOT ${read}`).values(user);
    return { rows, unread: Number(unread?.[0] ?? 0) };
  }

  private metrics(since: Millis): Map<string, DailyMetrics> {
    const rows = this.rows<DailyMetrics>(`${dailyMetrics("?1")} ORDER BY day`, since);
    return new Map(rows.map((row) => [row.day, row]));
  }

  private rows<T>(sql: string, ...values: (string | number)[]): T[] {
    return named<T>(this.database.query(sql).all(...values));
  }
}
