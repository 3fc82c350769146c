import { appendFile, open, readFile, rename, stat, truncate, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Seq } from "../core/ids.ts";
import type { LedgerLine } from "../core/ledger-kinds.ts";

/** A ledger file that has grown to this is put aside. */
const LARGEST = 64 * 1024 * 1024;

const idOf = (line: string): Seq | null => {
  try {
    const { id } = JSON.parse(line);
    return typeof id === "number" ? id : null;
  } catch {
    return null;
  }
};

/**
 * A team's facts as JSON lines in its repository, for people and Unix tools (P37). It is a copy: the log is the truth, and what
 * is missing here is written from it.
 */
export class LedgerCopy {
  private last: Seq | null = null;

  constructor(
    private readonly path: string,
    private readonly largest = LARGEST,
  ) {}

  /** The id of the newest whole line; 0 = none. A torn last line goes to `ledger.bad`, and `torn` hears of it. */
  async lastId(torn: (bytes: number) => void): Promise<Seq> {
    if (this.last !== null) return this.last;
    const text = await readFile(this.path, "utf8").catch(() => "");
    const end = text.lastIndexOf("\n") + 1;
    const rest = text.slice(end);
    if (rest !== "") {
      await appendFile(join(dirname(this.path), "ledger.bad"), `${rest}\n`, { mode: 0o600 });
      await truncate(this.path, Buffer.byteLength(text.slice(0, end)));
      torn(Buffer.byteLength(rest));
    }
    const lines = text.slice(0, end).trimEnd().split("\n");
    this.last = lines.map(idOf).findLast((id) => id !== null) ?? 0;
    return this.last;
  }

  /** Appends lines and makes them durable, all together. `upTo`: the newest fact that they cover. */
  async append(lines: LedgerLine[], upTo: Seq): Promise<void> {
    if (lines.length > 0) {
      const size = (await stat(this.path).catch(() => null))?.size ?? 0;
      if (size > this.largest) await rename(this.path, `${this.path}.1`);
      const file = await open(this.path, "a", 0o600);
      try {
        await file.write(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
        await file.sync();
      } finally {
        await file.close();
      }
    }
    this.last = upTo;
  }
}

/** Writes a document whole, by rename. */
export async function writeCopy(path: string, value: unknown): Promise<void> {
  const draft = `${path}.${process.pid}.tmp`;
  await writeFile(draft, `${JSON.stringify(value, null, 1)}\n`, { mode: 0o600 });
  await rename(draft, path);
}
