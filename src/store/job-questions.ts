import type { Database } from "bun:sqlite";
import type { JobDetail, JobHistoryRow, Page, SubagentRow, ToolCallRow } from "../core/history/api.ts";
import type { Row } from "../core/history/book.ts";
import type { CallQuery, JobQuery, Place, Sort } from "../core/history/query.ts";
import { JOB, jobRows, named } from "./columns.ts";

const SORT_BY: Record<Sort, string> = {
  ...{ created: "created_at", started: "started_at", finished: "finished_at", elapsed: "elapsed_ms", cost: "cost" },
  ...{ tokens: "tokens_in + tokens_out", tools: "tool_calls", files: "files_modified", status: "status" },
};

/** What a person types is looked for as it is. */
export const LIKE = "LIKE '%' || $search || '%' ESCAPE '\\'";
export const literal = (text: string): string => text.replaceAll(/[\\%_]/g, "\\$&");

const SEARCHED: Record<Place, string> = {
  prompt: `COALESCE(whole_prompt, prompt) ${LIKE}`,
  file: `files ${LIKE}`,
  tool: `id IN (SELECT job FROM tool_calls WHERE name ${LIKE})`,
  summary: `summary ${LIKE}`,
};

/** The conditions that are asked for, as SQL and its values. */
function conditions(query: JobQuery): { where: string; values: Row } {
  const { search, places, hasSession } = query;
  const asked: [sql: string, values: Row | null][] = [
    ["status = $status", query.status === undefined ? null : { status: query.status }],
    ["model = $model", query.model === undefined ? null : { model: query.model }],
    ["driver = $driver", query.driver === undefined ? null : { driver: query.driver }],
    ["reasoning = $reasoning", query.reasoning === undefined ? null : { reasoning: query.reasoning }],
    ["team = $team", query.team === undefined ? null : { team: query.team }],
    ["cost >= $costMin", query.costMin === undefined ? null : { costMin: query.costMin }],
    ["cost <= $costMax", query.costMax === undefined ? null : { costMax: query.costMax }],
    ["created_at >= $from", query.from === undefined ? null : { from: query.from }],
    ["created_at <= $to", query.to === undefined ? null : { to: query.to }],
    [`session IS ${hasSession ? "NOT " : ""}NULL`, hasSession === undefined ? null : {}],
    [
      `(${places.map((place) => SEARCHED[place]).join(" OR ")})`,
      search === undefined ? null : { search: literal(search) },
    ],
  ];
  const held = asked.filter(([, values]) => values !== null);
  const where = held.map(([sql]) => sql).join(" AND ") || "TRUE";
  return { where, values: Object.assign({}, ...held.map(([, values]) => values)) };
}

/** What people ask about jobs that were. */
export class JobQuestions {
  constructor(private readonly database: Database) {}

  jobs(query: JobQuery): Page<JobHistoryRow> {
    const { where, values } = conditions(query);
    const { page, limit, sort, isAscending } = query;
    const way = isAscending ? "ASC" : "DESC";
    // Alone it is found in its index.
    const order =
      sort === "created" ? `created_at ${way}, id` : `${SORT_BY[sort]} ${way} NULLS LAST, created_at DESC, id`;
    const sql = `SELECT ${JOB} FROM job_history WHERE ${where} ORDER BY ${order} LIMIT $limit OFFSET $offset`;
    const rows = this.database.query(sql).all({ ...values, limit, offset: (page - 1) * limit });
    return { rows: jobRows(rows), total: this.count(`job_history WHERE ${where}`, values), page, limit };
  }

  job(id: string): JobDetail | null {
    const sql = `SELECT ${JOB}, COALESCE(whole_prompt, prompt) AS whole_prompt, original_prompt, files, depends_on,
      tmux_session, pid, reuse_count FROM job_history WHERE id = ?`;
    const [row] = this.database.query(sql).all(id) as Record<string, unknown>[];
    if (!row) return null;
    const { files, depends_on, ...more } = row;
    const detail = named<JobDetail>([more])[0] as JobDetail;
    const tools = this.database
      .query("SELECT name, COUNT(*) AS count FROM tool_calls WHERE job = ? GROUP BY name ORDER BY 2 DESC")
      .all(id) as { name: string; count: number }[];
    const runs = this.database
      .query(`SELECT ${JOB} FROM job_history WHERE agent = ? AND id <> ? ORDER BY run`)
      .all(detail.agent, id);
    return {
      ...detail,
      files: JSON.parse(String(files ?? "[]")),
      dependsOn: JSON.parse(String(depends_on)),
      tools: Object.fromEntries(tools.map(({ name, count }) => [name, count])),
      runs: jobRows(runs),
    };
  }

  /** US dollars by the price table; null = unknown. */
  reckonedCost(id: string): number | null {
    const [row] = this.database.query("SELECT reckoned_cost FROM job_history WHERE id = ?").values(id);
    return (row?.[0] ?? null) as number | null;
  }

  /** The id of the newest job of an agent that is long gone, or of one that begins with this. */
  named(given: string): string[] {
    const [id = "", run] = given.split("#");
    const sql = `SELECT id, agent, MAX(run) FROM job_history WHERE agent LIKE ?1 ESCAPE '\\' AND (?2 IS NULL OR run = ?2)
      GROUP BY agent ORDER BY agent = ?3 DESC LIMIT 2`;
    const found = this.database.query(sql).all(`${literal(id)}%`, run === undefined ? null : Number(run), id);
    const rows = found as { id: string; agent: string }[];
    return rows.slice(0, rows[0]?.agent === id ? 1 : 2).map((row) => row.id);
  }

  calls(query: CallQuery): Page<ToolCallRow> {
    const { job = null, name = null, isFailed, search, page, limit } = query;
    const held = [
      ...(job === null ? [] : ["job = $job"]),
      ...(name === null ? [] : ["name = $name"]),
      ...(isFailed === undefined ? [] : [isFailed ? "is_error = 1" : "is_error = 0"]),
      ...(search === undefined ? [] : [`(input ${LIKE} OR output ${LIKE})`]),
    ];
    const from = `tool_calls WHERE ${held.join(" AND ") || "TRUE"}`;
    const values: Row = {
      ...(job === null ? {} : { job }),
      ...(name === null ? {} : { name }),
      ...(search === undefined ? {} : { search: literal(search) }),
    };
    const sql = `SELECT job, call, name, file, at, is_error, duration_ms, input, output FROM ${from}
      ORDER BY at DESC NULLS LAST, rowid DESC LIMIT $limit OFFSET $offset`;
    const rows = this.database.query(sql).all({ ...values, limit, offset: (page - 1) * limit });
    return { rows: named(rows, ["is_error"]), total: this.count(from, values), page, limit };
  }

  subagents(job: string): SubagentRow[] {
    const rows = this.database.query("SELECT * FROM job_subagents WHERE job = ? ORDER BY at, rowid").all(job);
    return named(rows, ["is_error"]);
  }

  private count(from: string, values: Row): number {
    return (this.database.query(`SELECT COUNT(*) AS count FROM ${from}`).get(values) as { count: number }).count;
  }
}
