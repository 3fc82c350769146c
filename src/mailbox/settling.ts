import { letterForm } from "../core/letter/form.ts";
import type { Box, Clock } from "../core/ports.ts";
import { type Decoded, decodeLetter, decodePatch } from "./decode.ts";

/** A file of unclear form is whole after so long without a change. */
const STILL_MS = 300;
/** A file that is plainly unfinished is given so long, then its writer is told (P28). */
const OPEN_MS = 10_000;
/** Unfinished files are looked at so often; Bun 1.4.4 may drop the event of the last write. */
const LOOK_MS = 50;
/** What opening a thing that is no plain file answers; other errors are the machine's and pass. */
const REFUSED_CODES = new Set(["ELOOP", "ENXIO", "EACCES", "EPERM", "ENODEV", "EISDIR"]);

export type Look =
  | ({ is: "whole"; sha: string } & Decoded)
  | { is: "growing"; again: number }
  | { is: "gone" }
  | { is: "bad"; reason: string };

/** Reads foreign files and says which are whole. Remembers by content: times of a file system are too coarse. */
export class Settling {
  private readonly seen = new Map<string, { sha: string; since: number }>();

  constructor(
    private readonly clock: Clock,
    private readonly read: (path: string) => Promise<Uint8Array>,
  ) {}

  async look(path: string, box: Box): Promise<Look> {
    let bytes: Uint8Array;
    try {
      bytes = await this.read(path);
    } catch (error) {
      return this.failed(path, error as NodeJS.ErrnoException);
    }
    const decoded = box === "patch" ? decodePatch(bytes) : decodeLetter(bytes);
    const sha = new Bun.CryptoHasher("sha256").update(bytes).digest("hex");
    const form = bytes.length === 0 ? "empty" : box === "patch" ? "loose" : letterForm(decoded?.text ?? "?");
    if (form === "complete" && decoded) return { is: "whole", sha, ...decoded };
    const limit = form === "loose" ? STILL_MS : OPEN_MS;
    const left = limit - this.still(path, sha);
    if (left > 0) return { is: "growing", again: Math.min(left, LOOK_MS) };
    if (form === "empty") return { is: "bad", reason: "it is empty" };
    if (form === "open") return { is: "bad", reason: "its tag or its fence is never closed" };
    return decoded ? { is: "whole", sha, ...decoded } : { is: "bad", reason: "it is not text" };
  }

  /** The same file under another name. */
  move(from: string, to: string): void {
    const known = this.seen.get(from);
    if (known) this.seen.set(to, known);
    this.seen.delete(from);
  }

  forget(path: string): void {
    this.seen.delete(path);
  }

  /** Milliseconds without a change, as far as we have looked. */
  private still(path: string, sha: string): number {
    const now = this.clock.monotonic();
    const known = this.seen.get(path);
    if (known?.sha === sha) return now - known.since;
    this.seen.set(path, { sha, since: now });
    return 0;
  }

  private failed(path: string, error: NodeJS.ErrnoException): Look {
    this.seen.delete(path);
    if (error.code === "ENOENT") return { is: "gone" };
    if (error.code === undefined) return { is: "bad", reason: error.message };
    if (REFUSED_CODES.has(error.code)) return { is: "bad", reason: `it cannot be read (${error.code})` };
    throw error;
  }
}
