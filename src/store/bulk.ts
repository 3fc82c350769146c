import type { Database } from "bun:sqlite";
import type { Clock } from "../core/ports.ts";
import { closeDatabase } from "./database.ts";

/** One hook event as it came in. */
export interface HookRow {
  id: number;
  at: number;
  /** Empty: a session that Muster did not start. */
  agent: string;
  event: string;
  tool: string | null;
  payload: string;
}

/** Large payloads are cut: what is not kept is said in the row. */
const PAYLOAD_KEPT = 64 * 1024;

/** Where the session is: kept also of a payload that is cut. */
function placeOf(payload: unknown): Record<string, unknown> {
  const { session_id, cwd, transcript_path } = payload as Record<string, unknown>;
  const fields = Object.entries({ session_id, cwd, transcript_path });
  return Object.fromEntries(fields.filter(([, value]) => typeof value === "string" && value.length <= 4096));
}

/** The file that a tool works on, as its CLI names it. */
function fileOf(payload: unknown): string | null {
  const { tool_input } = payload as { tool_input?: { file_path?: unknown; notebook_path?: unknown } };
  const path = tool_input?.file_path ?? tool_input?.notebook_path;
  return typeof path === "string" && path.length <= 4096 ? path : null;
}

/** `job`: the one that its agent had then. */
interface KeptHook {
  agent: string;
  job?: string;
  event: string;
  tool?: string;
  origin: string;
  payload: unknown;
}

/** The tables that are too big for the log. For questions by people; rebuilt or lost without harm. */
export class Bulk {
  private readonly insert;

  constructor(
    /** dashboard.db. */
    readonly database: Database,
    private readonly clock: Clock,
    /** Newest row that the log knows: a table that was lost goes on above it. */
    private readonly above: number,
  ) {
    this.insert = database.prepare(
      "INSERT INTO hook_events (id, at, agent, event, tool, origin, payload, job, file) VALUES ((SELECT MAX(COALESCE(MAX(id), 0), ?7) + 1 FROM hook_events), ?1, ?2, ?3, ?4, ?5, ?6, ?8, ?9) ON CONFLICT (origin) DO UPDATE SET origin = excluded.origin RETURNING id",
    );
  }

  /** Stores a hook's payload once per origin and returns its row, also when it was there already. */
  keepHook(hook: KeptHook): number {
    const text = JSON.stringify(hook.payload);
    const kept =
      text.length <= PAYLOAD_KEPT
        ? text
        : JSON.stringify({ cut: text.length, ...placeOf(hook.payload), start: text.slice(0, PAYLOAD_KEPT) });
    // Not `get`: it leaves the statement open, and an open one keeps the WAL from being checkpointed (Bun 1.4.4).
    const [row] = this.insert.values(
      this.clock.now(),
      hook.agent,
      hook.event,
      hook.tool ?? null,
      hook.origin,
      kept,
      this.above,
      hook.job ?? null,
      fileOf(hook.payload),
    );
    return Number(row?.[0]);
  }

  /** Newest first. */
  hooks(filter: { agent?: string; job?: string; before?: number; limit: number }): HookRow[] {
    const sql = `SELECT id, at, agent, event, tool, payload FROM hook_events
      WHERE (?1 IS NULL OR agent = ?1) AND (?2 IS NULL OR id < ?2) AND (?4 IS NULL OR job = ?4) ORDER BY id DESC LIMIT ?3`;
    return this.database
      .query(sql)
      .all(filter.agent ?? null, filter.before ?? null, filter.limit, filter.job ?? null) as HookRow[];
  }

  /** Oldest first, at most `limit` above a row. */
  following(row: number, limit: number): HookRow[] {
    const sql = "SELECT id, at, agent, event, tool, payload FROM hook_events WHERE id > ? ORDER BY id LIMIT ?";
    return this.database.query(sql).all(row, limit) as HookRow[];
  }

  close(): void {
    closeDatabase(this.database);
  }
}
