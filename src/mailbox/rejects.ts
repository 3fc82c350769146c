import { constants } from "node:fs";
import { lstat, open, readdir, rename, unlink } from "node:fs/promises";
import { join } from "node:path";
import { preview } from "../core/text.ts";

/** Refused files kept for their writer. */
const KEPT = 1000;
const REASONS = "reasons.txt";

/** Appends to a plain file only: an agent may have put a link or a FIFO in its place. */
async function appendSafely(path: string, text: string): Promise<void> {
  const { O_WRONLY, O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants;
  try {
    const file = await open(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600);
    try {
      const found = await file.stat();
      if (found.isFile() && found.nlink === 1) await file.write(text);
    } finally {
      await file.close();
    }
  } catch {
    // Whoever planted something here loses only his own reasons: they are in the log as well.
  }
}

const shown = (name: string | Buffer): string => preview(name.toString(), 80);

/** Moves refused files away, each with its reason line. One per seat. */
export class Rejects {
  private count = 0;

  constructor(
    private readonly folder: string,
    private readonly unique: () => string,
  ) {}

  /** Returns the name as it may be shown. Whatever the thing is, only its name moves. */
  async take(path: string | Buffer, name: string | Buffer, reason: string): Promise<string> {
    const safe = name
      .toString()
      .replace(/[^A-Za-z0-9._-]/g, "_")
      .replace(/^[.-]+/, "_")
      .slice(0, 80);
    const kept = `${this.unique()}__${safe || "_"}`;
    await rename(path, join(this.folder, kept)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error;
    });
    await appendSafely(join(this.folder, REASONS), `${kept} (${shown(name)}): ${preview(reason, 300)}\n`);
    this.count += 1;
    if (this.count % KEPT === 0) await this.prune();
    return shown(name);
  }

  private async prune(): Promise<void> {
    const names = (await readdir(this.folder)).filter((name) => name !== REASONS).sort();
    for (const name of names.slice(0, Math.max(0, names.length - KEPT))) {
      const path = join(this.folder, name);
      const found = await lstat(path).catch(() => null);
      if (found && !found.isDirectory()) await unlink(path).catch(() => {});
    }
  }
}
