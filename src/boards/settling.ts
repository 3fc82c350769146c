import type { Clock } from "../core/ports.ts";
import { statOf, versionOf } from "./ground.ts";

/** What a file held: its text, why it could not be read, or null = there is none. */
export type Found = { text: string; updatedAt: number } | { error: string } | null;

interface Entry {
  version: string;
  found: Found;
  /** When this version was first seen. */
  since: number;
  /** What stands for the file until the newest version has settled. */
  settled: Found;
  /** Read again after the moment: two writes within one tick of the file system's clock look the same from outside. */
  isSure: boolean;
  /** The second reading found another text. */
  isOther?: boolean;
}

/** A change counts after so long without another one: editors and CLIs write in pieces, or remove and make again. */
const STILL_MS = 300;

/** Reads foreign files and tells the last version that stood still for a moment. */
export class Settling {
  private readonly entries = new Map<string, Entry>();

  constructor(
    private readonly clock: Pick<Clock, "monotonic">,
    private readonly read: (path: string) => Promise<Uint8Array>,
  ) {}

  /** `version` changes with what is found, and with what is about to be. `isFirst`: nothing was known of its folder before, so there is nothing to wait for. */
  async look(path: string, isFirst: boolean): Promise<{ found: Found; version: string; again?: number }> {
    const stat = statOf(path);
    const version = stat ? versionOf(stat) : "";
    let entry = this.entries.get(path);
    if (!entry && !stat) return { found: null, version };
    if (entry?.version !== version) {
      const found = stat ? await this.readNow(path, Number(stat.mtimeMs)) : null;
      const settled = isFirst ? found : (entry?.settled ?? null);
      entry = { version, found, since: this.clock.monotonic(), settled, isSure: !stat };
      this.entries.set(path, entry);
    }
    const left = STILL_MS - (this.clock.monotonic() - entry.since);
    if (left <= 0) await this.settle(path, entry, Number(stat?.mtimeMs));
    if (entry.settled !== entry.found) return { found: entry.settled, version: `${version}?`, again: left };
    if (version === "") this.entries.delete(path);
    return { found: entry.settled, version: entry.isOther ? `${version}!` : version };
  }

  /** Paths looked at before that are not among these: their folder is gone. */
  others(paths: Set<string>): string[] {
    return [...this.entries.keys()].filter((path) => !paths.has(path));
  }

  /** We wrote it ourselves: there is nothing to wait for. */
  async trust(path: string): Promise<void> {
    this.entries.delete(path);
    await this.look(path, true);
  }

  private async settle(path: string, entry: Entry, updatedAt: number): Promise<void> {
    const again = entry.isSure ? entry.found : await this.readNow(path, updatedAt);
    if (JSON.stringify(again) !== JSON.stringify(entry.found)) {
      entry.isOther = true;
      entry.found = again;
    }
    entry.isSure = true;
    entry.settled = entry.found;
  }

  private async readNow(path: string, updatedAt: number): Promise<Found> {
    try {
      const text = new TextDecoder("utf-8", { fatal: true }).decode(await this.read(path));
      return { text, updatedAt: Math.floor(updatedAt) };
    } catch (error) {
      if ((error as { code?: string }).code === "ENOENT") return null;
      return { error: error instanceof TypeError ? "it is not UTF-8" : (error as Error).message };
    }
  }
}
