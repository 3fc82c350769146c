import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HandClock } from "../../test/fakes/clock.ts";
import { Bulk } from "./bulk.ts";
import { openDashboard } from "./dashboard.ts";
import { HistoryTables } from "./history.ts";
import { Questions } from "./questions.ts";

const DAY = 86_400_000;

async function inFolder(work: (path: string) => void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "muster-dashboard-"));
  try {
    work(join(folder, "dashboard.db"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const hook = { agent: "a1", event: "Stop", payload: {} };

test("A85 a database of an older layout is copied, then brought forward with all that is in it", () =>
  inFolder((path) => {
    const old = new Database(path);
    old.exec(`CREATE TABLE hook_events (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, agent TEXT NOT NULL, event TEXT NOT NULL,
      tool TEXT, origin TEXT UNIQUE, payload TEXT NOT NULL);
      INSERT INTO hook_events VALUES (7, 1, 'a1', 'Stop', NULL, 'o', '{}')`);
    old.close();
    const bulk = new Bulk(openDashboard(path), new HandClock(), 0);
    expect(bulk.hooks({ limit: 5 }).map(({ id }) => id)).toEqual([7]);
    expect(bulk.keepHook({ ...hook, job: "a1#2", origin: "p", payload: { tool_input: { file_path: "/r/a" } } })).toBe(
      8,
    );
    expect(bulk.hooks({ job: "a1#2", limit: 5 }).map(({ id }) => id)).toEqual([8]);
    const query = { page: 1, limit: 10 };
    expect(new Questions(bulk.database).events(query).rows[0]).toMatchObject({ id: 8, job: "a1#2", file: "/r/a" });
    bulk.close();
    const copy = new Database(`${path}.layout-0.bak`, { readonly: true });
    expect(copy.query("SELECT id FROM hook_events").values()).toEqual([[7]]);
    expect(copy.query("PRAGMA user_version").values()).toEqual([[0]]);
    copy.close();
  }));

test("A85 a database of a newer layout is refused and left as it is; a new one needs no copy", () =>
  inFolder((path) => {
    new Bulk(openDashboard(path), new HandClock(), 0).close();
    expect(existsSync(`${path}.layout-0.bak`)).toBe(false);
    const newer = new Database(path);
    newer.exec("PRAGMA user_version=99");
    newer.close();
    expect(() => new Bulk(openDashboard(path), new HandClock(), 0)).toThrow(/has layout 99; this Muster knows 1$/);
  }));

test("A87 A89 hook events go after 30 days and automatic acts after 90; the newest event stays, by which the next is numbered", () =>
  inFolder((path) => {
    const clock = new HandClock();
    const bulk = new Bulk(openDashboard(path), clock, 0);
    const tables = new HistoryTables(bulk.database);
    for (const origin of ["1", "2", "3"]) bulk.keepHook({ ...hook, origin });
    const acts = { who: "daemon", why: "", what: "x", result: "" };
    tables.write([{ add: "orchestrator_activity", row: { seq: 1, at: clock.now(), ...acts } }], 1);
    tables.prune(clock.now() + 31 * DAY);
    const ids = (table: string, id: string) => bulk.database.query(`SELECT ${id} FROM ${table}`).values().flat();
    expect([ids("hook_events", "id"), ids("orchestrator_activity", "seq")]).toEqual([[3], [1]]);
    tables.prune(clock.now() + 91 * DAY);
    expect(ids("orchestrator_activity", "seq")).toEqual([]);
    expect(bulk.keepHook({ ...hook, origin: "4" })).toBe(4);
    bulk.close();
  }));

test("A85 A90 people may ask the tables with any program while the daemon writes", () =>
  inFolder((path) => {
    const bulk = new Bulk(openDashboard(path), new HandClock(), 0);
    const reader = new Database(path, { readonly: true });
    const names = [
      ...["job_history", "tool_calls", "job_subagents", "hook_events", "daily_metrics", "orchestrator_queue"],
      ...[
        "orchestrator_triggers",
        "orchestrator_modes",
        "approvals",
        "orchestrator_activity",
        "notifications",
        "teams",
      ],
    ];
    for (const name of names) expect(reader.query(`SELECT COUNT(*) FROM ${name}`).values()).toEqual([[0]]);
    bulk.keepHook({ ...hook, origin: "1" });
    expect(reader.query("SELECT event FROM hook_events").values()).toEqual([["Stop"]]);
    reader.close();
    bulk.close();
  }));
