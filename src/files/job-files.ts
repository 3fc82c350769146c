import { existsSync, readdirSync, rmSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { readForeign, Unreadable } from "./safe-read.ts";

/** Longest transcript that is kept. */
const LARGEST = 64 * 1024 * 1024;

const codeOf = (error: unknown): string | undefined => (error as { code?: string } | null)?.code;

/** The files of jobs in one folder: each is written beside its place and renamed, so that a reader never sees half of one. */
export class JobFiles {
  /** Size and time of the transcript that each copy was made of. */
  private readonly copied = new Map<string, string>();

  constructor(private readonly folder: string) {
    // Drafts of a daemon that was killed.
    if (!existsSync(folder)) return;
    for (const name of readdirSync(folder)) if (/\.\d+\.tmp$/.test(name)) rmSync(join(folder, name), { force: true });
  }

  /** Harmless when it says that already. */
  async write(name: string, text: string): Promise<void> {
    const path = join(this.folder, name);
    if ((await readFile(path, "utf8").catch(() => null)) === text) return;
    await this.replace(path, text);
  }

  /** A transcript that is gone, or is no plain file of ours, is passed over: the copy stays as it is. */
  async copy(name: string, from: string): Promise<void> {
    const path = join(this.folder, name);
    const found = await stat(from).catch(() => null);
    if (!found) return;
    const version = `${from} ${found.size} ${found.mtimeMs}`;
    const isThere = await stat(path).then(
      () => true,
      () => false,
    );
    if (isThere && this.copied.get(name) === version) return;
    try {
      await this.replace(path, await readForeign(from, LARGEST));
      this.copied.set(name, version);
    } catch (error) {
      if (!(error instanceof Unreadable) && codeOf(error) !== "ENOENT") throw error;
    }
  }

  /** Removes the files that belong to somebody, and these folders of theirs. */
  async remove(belongs: (name: string) => boolean, folders: string[]): Promise<void> {
    for (const name of await readdir(this.folder)) {
      if (!belongs(name)) continue;
      await rm(join(this.folder, name), { recursive: true, force: true });
      this.copied.delete(name);
    }
    for (const folder of folders) await rm(folder, { recursive: true, force: true });
  }

  private async replace(path: string, content: string | Uint8Array): Promise<void> {
    const draft = `${path}.${process.pid}.tmp`;
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(draft, content, { mode: 0o600 });
    await rename(draft, path);
  }
}
