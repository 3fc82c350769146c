import type { Database } from "bun:sqlite";
import { existsSync, rmSync } from "node:fs";
import { Refusal } from "../core/refusal.ts";
import { closeDatabase, openDatabase } from "./database.ts";
import { STEPS } from "./layout.ts";

const layoutOf = (database: Database): number =>
  (database.query("PRAGMA user_version").get() as { user_version: number }).user_version;

const isNew = (database: Database): boolean =>
  (database.query("SELECT COUNT(*) AS count FROM sqlite_master").get() as { count: number }).count === 0;

/** A copy of the database as it was, beside it; one of an earlier try is replaced. */
function backUp(database: Database, path: string, layout: number): void {
  const copy = `${path}.layout-${layout}.bak`;
  if (existsSync(copy)) rmSync(copy);
  database.query("VACUUM INTO ?").run(copy);
}

/**
 * Opens dashboard.db in its present layout. An older one is copied first and then brought forward, all or nothing; a newer one
 * is refused.
 */
export function openDashboard(path: string): Database {
  const database = openDatabase(path, "NORMAL");
  const found = layoutOf(database);
  if (found > STEPS.length) {
    closeDatabase(database);
    throw new Refusal("state", `${path} has layout ${found}; this Muster knows ${STEPS.length}`, "update Muster");
  }
  if (found === STEPS.length) return database;
  if (path !== ":memory:" && !isNew(database)) backUp(database, path, found);
  database
    .transaction(() => {
      for (const step of STEPS.slice(found)) database.exec(step);
      database.exec(`PRAGMA user_version=${STEPS.length}`);
    })
    .immediate();
  return database;
}
