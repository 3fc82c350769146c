import { lstatSync } from "node:fs";
import { readdir, rename, stat, unlink } from "node:fs/promises";
import { join } from "node:path";
import type { FoundLetter } from "../core/ports.ts";
import { type Claim, readClaimName } from "./names.ts";
import type { Rejects } from "./rejects.ts";
import type { Settling } from "./settling.ts";

export interface ClaimsParts {
  folder: string;
  /** Names the sources of this life of a team in origin keys. */
  prefix: string;
  settling: Settling;
  /** The seat of a mailbox folder, if this team has it. */
  seat(folder: string): { name: string; rejects: Rejects } | null;
}

export type ClaimLook =
  | { letter: FoundLetter }
  | { again: number }
  | { refused: { seat: string; file: string; reason: string } }
  | null;

/** The claimed files, which nobody else touches; what a crash left behind is found here again. */
export class ClaimFolder {
  constructor(private readonly parts: ClaimsParts) {}

  /** In the order of claiming. */
  async list(): Promise<Claim[]> {
    const names = (await readdir(this.parts.folder)).sort();
    return names.map(readClaimName).filter((claim): claim is Claim => claim !== null);
  }

  async look(claim: Claim): Promise<ClaimLook> {
    const { folder, settling, seat: seatOf } = this.parts;
    const seat = seatOf(claim.folder);
    if (!seat) return null;
    const path = join(folder, claim.name);
    // A writer that still had the file open when it was renamed goes on writing here.
    const look = await settling.look(path, claim.box);
    if (look.is === "gone") return null;
    if (look.is === "growing") return { again: look.again };
    if (look.is === "bad") {
      const file = await seat.rejects.take(path, claim.file, look.reason);
      return { refused: { seat: seat.name, file, reason: look.reason } };
    }
    const source = claim.isNamed ? `${seat.name}/out/${claim.file}#${look.sha.slice(0, 16)}` : claim.name;
    const size = lstatSync(path, { throwIfNoEntry: false })?.size;
    const letter: FoundLetter = {
      origin: `${this.parts.prefix}/${source}`,
      at: claim.at,
      seat: seat.name,
      file: claim.file,
      box: claim.box,
      text: look.text,
      encoding: look.encoding,
      done: () => this.remove(path, size, claim, seat.rejects),
      refuse: async (reason) => {
        settling.forget(path);
        await seat.rejects.take(path, claim.file, reason);
      },
    };
    return { letter };
  }

  /** What was written into the file after it was read is not thrown away unseen. */
  private async remove(path: string, size: number | undefined, claim: Claim, rejects: Rejects): Promise<void> {
    this.parts.settling.forget(path);
    const found = await stat(path).catch(() => null);
    if (!found) return;
    if (found.size === size) await unlink(path);
    else await rejects.take(path, claim.file, "it was written on after it had been read");
  }
}

/** Moves a file into the claims; false when it vanished first. */
export async function claimFile(path: string, target: string): Promise<boolean> {
  try {
    await rename(path, target);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}
