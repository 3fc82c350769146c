import { Database } from "bun:sqlite";
import { chmodSync } from "node:fs";
import { Refusal } from "../core/refusal.ts";

/** SQLite before 3.51.3 can corrupt a WAL database when the log is reset (sqlite.org, fixed in 3.51.3). */
const OLDEST = [3, 51, 3];

/** Open databases. Bun closes a Database that nobody references, and its locks with it (seen with Bun 1.4.4). */
const open = new Set<Database>();

function requireVersion(database: Database): void {
  const { version } = database.query("select sqlite_version() as version").get() as { version: string };
  const parts = version.split(".").map(Number);
  for (const [index, least] of OLDEST.entries()) {
    const part = parts[index] ?? 0;
    if (part > least) return;
    if (part < least) throw new Refusal("failed", `SQLite ${version} is older than ${OLDEST.join(".")}`, "update Bun");
  }
}

/** Opens a database of ours: private, WAL, durable against power loss, five seconds of patience with other readers. */
export function openDatabase(path: string, synchronous: "FULL" | "NORMAL"): Database {
  const database = new Database(path, { strict: true, create: true });
  open.add(database);
  requireVersion(database);
  database.exec(`PRAGMA journal_mode=WAL; PRAGMA synchronous=${synchronous}; PRAGMA busy_timeout=5000`);
  if (path !== ":memory:") chmodSync(path, 0o600);
  return database;
}

export function closeDatabase(database: Database): void {
  open.delete(database);
  database.close();
}

/** Takes the lock that only one daemon of a home can hold; null when another one has it. Freed by the kernel at death. */
export function lockHome(path: string): (() => void) | null {
  const database = new Database(path, { create: true });
  try {
    database.exec("PRAGMA busy_timeout=0; PRAGMA journal_mode=DELETE; BEGIN EXCLUSIVE");
  } catch {
    database.close();
    return null;
  }
  open.add(database);
  return () => closeDatabase(database);
}
