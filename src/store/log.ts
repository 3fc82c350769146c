import type { Event, Fact } from "../core/facts.ts";
import type { Seq } from "../core/ids.ts";
import type { Log } from "../core/ports.ts";
import { Refusal } from "../core/refusal.ts";
import { subjectOf } from "../core/subject.ts";
import { closeDatabase, openDatabase } from "./database.ts";

/** Layout of ledger.db; a newer one is refused, never guessed at. */
const VERSION = 1;

const SCHEMA = `
CREATE TABLE IF NOT EXISTS events (
  seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, by TEXT NOT NULL, cause INTEGER,
  type TEXT NOT NULL, subject TEXT, fact TEXT NOT NULL, body TEXT
);
CREATE INDEX IF NOT EXISTS events_subject ON events (subject, seq) WHERE subject IS NOT NULL;
`;

type Row = [seq: number, at: number, by: string, cause: number | null, fact: string];

/** One parse for all rows: twice as fast as one each, and a replay reads 100,000 (bench: cold start). Loops for the same reason. */
function toEvents(rows: Row[]): Event[] {
  let text = "";
  for (const row of rows) text += text === "" ? row[4] : `,${row[4]}`;
  const events = JSON.parse(`[${text}]`) as Event[];
  for (let index = 0; index < rows.length; index++) {
    const [event, row] = [events[index] as Event, rows[index] as Row];
    event.seq = row[0];
    event.at = row[1];
    event.by = row[2];
    if (row[3] !== null) event.cause = row[3];
  }
  return events;
}

/** The append-only log in SQLite: one writer, bodies in a column of their own that a replay never reads. */
export function openLog(path: string): Log {
  const database = openDatabase(path, "FULL");
  const found = (database.query("PRAGMA user_version").get() as { user_version: number }).user_version;
  if (found > VERSION) {
    throw new Refusal("state", `${path} has layout ${found}; this Muster knows ${VERSION}`, "update Muster");
  }
  database.exec(`${SCHEMA} PRAGMA user_version=${VERSION}`);

  const columns = "seq, at, by, cause, fact";
  const insert = database.prepare(
    "INSERT INTO events (at, by, cause, type, subject, fact, body) VALUES (?, ?, ?, ?, ?, ?, ?)",
  );
  const after = database.prepare(`SELECT ${columns} FROM events WHERE seq > ? ORDER BY seq LIMIT ?`);
  const about = database.prepare(`SELECT ${columns} FROM events WHERE subject = ? ORDER BY seq DESC LIMIT ?`);
  const tail = database.prepare(`SELECT ${columns} FROM events ORDER BY seq DESC LIMIT ?`);
  const body = database.prepare("SELECT body FROM events WHERE seq = ?");

  const appendOne = (fact: Fact, at: number, by: string, cause?: Seq): Event => {
    const { body: text, ...rest } = fact as Fact & { body?: string };
    const { lastInsertRowid } = insert.run(
      at,
      by,
      cause ?? null,
      fact.type,
      subjectOf(fact),
      JSON.stringify(rest),
      text ?? null,
    );
    return { ...fact, seq: Number(lastInsertRowid), at, by, ...(cause === undefined ? {} : { cause }) } as Event;
  };

  return {
    transaction: (work) => database.transaction(work).immediate(),
    append: (facts, at, by, cause) => facts.map((fact) => appendOne(fact, at, by, cause)),
    read: (seq, limit = -1) => toEvents(after.values(seq, limit) as Row[]),
    about: (subject, limit = 200) => toEvents(about.values(subject, limit) as Row[]).reverse(),
    tail: (limit) => toEvents(tail.values(limit) as Row[]).reverse(),
    body: (seq) => (body.get(seq) as { body: string | null } | null)?.body ?? undefined,
    close: () => closeDatabase(database),
  };
}
