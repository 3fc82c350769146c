import {
  appendFileSync,
  closeSync,
  fstatSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { eventLine, type KeptEvent, LINE_LIMIT } from "./event-lines.ts";

export interface EventsRules {
  path: string;
  /** Bytes of a file that is put aside; files that are kept, the one in use included. */
  largest?: number;
  files?: number;
  /** Events above a row, oldest first, as many as are taken at once. */
  above(row: number): KeptEvent[];
  /** A torn last line was put aside, or the file cannot be written. */
  tell(text: string): void;
}

const LARGEST = 64 * 1024 * 1024;
const FILES = 10;

/** The end of a file, enough for a whole line and a torn one. */
function endOf(path: string): Buffer {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch {
    return Buffer.alloc(0);
  }
  try {
    const { size } = fstatSync(file);
    const end = Buffer.alloc(Math.min(size, 3 * LINE_LIMIT));
    readSync(file, end, 0, end.length, size - end.length);
    return end;
  } finally {
    closeSync(file);
  }
}

function rowOf(line: string): number | null {
  try {
    const { row } = JSON.parse(line);
    return Number.isSafeInteger(row) ? row : null;
  } catch {
    return null;
  }
}

const newestIn = (end: Buffer): number | null =>
  end
    .toString()
    .split("\n")
    .map(rowOf)
    .findLast((row) => row !== null) ?? null;

/**
 * Hook events as JSON lines, for people and Unix tools. A copy of the table: which line is the newest says how far it has come,
 * so what happened while it could not be written is written later, each event once.
 */
export class EventsCopy {
  /** Row of the newest line; 0 = none. */
  last: number;
  private size: number;
  private isEnded = false;
  private hasFailed = false;

  constructor(private readonly rules: EventsRules) {
    this.mend();
    const { path } = rules;
    this.last = newestIn(endOf(path)) ?? newestIn(endOf(`${path}.1`)) ?? 0;
    this.size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  }

  /** Writes what is missing, some at a time: a table of a million events must not stop everything else. */
  async catchUp(): Promise<void> {
    try {
      while (!this.isEnded && this.writeSome()) await new Promise((done) => setImmediate(done));
      this.hasFailed = false;
    } catch (error) {
      if (!this.hasFailed) this.rules.tell(`events.jsonl cannot be written: ${(error as Error).message}`);
      this.hasFailed = true;
    }
  }

  /** What is missing then comes at the next start. */
  end(): void {
    this.isEnded = true;
  }

  private writeSome(): boolean {
    const events = this.rules.above(this.last);
    if (events.length === 0) return false;
    let file = openSync(this.rules.path, "a", 0o600);
    try {
      for (const event of events) {
        const line = Buffer.from(eventLine(event));
        if (this.size > 0 && this.size + line.length > (this.rules.largest ?? LARGEST)) {
          closeSync(file);
          this.rotate();
          file = openSync(this.rules.path, "a", 0o600);
        }
        // A single write for a line: whoever follows the file never sees half of one.
        const written = writeSync(file, line);
        this.size += written;
        if (written < line.length) throw new Error("no room");
        this.last = event.id;
      }
    } catch (error) {
      closeSync(file);
      this.mend();
      throw error;
    }
    closeSync(file);
    return true;
  }

  private rotate(): void {
    const { path, files = FILES } = this.rules;
    for (let at = files - 1; at > 0; at--) {
      const from = at === 1 ? path : `${path}.${at - 1}`;
      if (statSync(from, { throwIfNoEntry: false })) renameSync(from, `${path}.${at}`);
    }
    if (files === 1) rmSync(path, { force: true });
    this.size = 0;
  }

  /** A last line without its end was torn by a crash: aside with it, its event is written again. */
  private mend(): void {
    const { path, tell } = this.rules;
    const end = endOf(path);
    const rest = end.length - (end.lastIndexOf(10) + 1);
    if (rest === 0) return;
    const torn = end.subarray(end.length - rest);
    appendFileSync(join(dirname(path), "events.bad"), Buffer.concat([torn, Buffer.from("\n")]), { mode: 0o600 });
    this.size = statSync(path).size - rest;
    truncateSync(path, this.size);
    tell(`events.jsonl ended in a torn line of ${rest} bytes; it is in events.bad`);
  }
}
