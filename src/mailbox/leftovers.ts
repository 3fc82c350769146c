import { lstat, readdir, unlink } from "node:fs/promises";
import { join } from "node:path";
import type { Millis } from "../core/ids.ts";
import { isTemporary } from "./names.ts";

const KEPT_MS = 36 * 3_600_000;
/** So often is enough for what is a day and a half old. */
const EVERY_MS = 3_600_000;

/** Half-written files of writers that died: nobody's letters. They go after 36 hours without a change (reliability F17). */
export class Leftovers {
  private last = Number.NEGATIVE_INFINITY;

  async sweep(folders: string[], now: Millis): Promise<void> {
    if (now - this.last < EVERY_MS) return;
    this.last = now;
    for (const folder of folders) {
      for (const name of (await readdir(folder)).filter(isTemporary)) await this.look(join(folder, name), now);
    }
  }

  private async look(path: string, now: Millis): Promise<void> {
    const found = await lstat(path).catch(() => null);
    if (found?.isFile() && now - found.mtimeMs > KEPT_MS) await unlink(path).catch(() => {});
  }
}
