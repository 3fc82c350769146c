import { type FSWatcher, lstatSync, watch } from "node:fs";
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { FaultPoint } from "../core/fault-points.ts";
import type { TeamName } from "../core/ids.ts";
import type { Claims, Clock, Mailbox, Random } from "../core/ports.ts";
import { ClaimFolder, claimFile } from "./claims.ts";
import { claimsOf, ensureMailbox, folderOf, type SeatFolders, seatFolders } from "./folders.ts";
import { Leftovers } from "./leftovers.ts";
import { BOXES, boxOfName, claimName, isTemporary, orderOf } from "./names.ts";
import { Rejects } from "./rejects.ts";
import { Settling } from "./settling.ts";

export interface MailboxParts {
  repo: string;
  team: TeamName;
  /** When the team was formed: names in `out/` are unique within one life of a team. */
  era: number;
  seats: string[];
  /** `processed/` keeps so many letters. */
  retention?: number;
  clock: Clock;
  random: Random;
  /** Reads a foreign file safely; throws an error without a code when it must not be read. */
  read(path: string): Promise<Uint8Array>;
  /** Called at named points; tests kill the process there. */
  faultPoint?(name: FaultPoint): void;
}

interface Seat {
  name: string;
  folders: SeatFolders;
  rejects: Rejects;
  /** Listed and not looked at yet. */
  backlog: Entry[];
}

/** A name need not be UTF-8. */
interface Entry {
  bytes: Buffer;
  name: string;
  order: string;
}

/** Files looked at per seat and round: other work of the daemon comes between the rounds. */
const BATCH = 200;
const PATCHES_KEPT = 200;
/** Letters that `processed/` keeps unless the settings say otherwise. */
const KEPT = 200;
/** A letter of ours, by whatever way it came: `muster-`, `tg-`, `foreman-`. */
const FILED = /^\d{6,}\.([a-z]+-\d+-[0-9a-f]{6}(?:-\d+)?)\.txt$/;
const NO_RECIPIENT = "it names no recipient: end its name in .to_peer.md, .to_user.md or .patch.diff";

/** Asked without a thread: boxes are empty at most looks, and this takes a third off an empty look (0.24 to 0.15 ms). */
function isMissing(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) === undefined;
  } catch {
    return false;
  }
}

const compare = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

/** Letters of one team: claimed by rename, read safely, each handed out until it is done (docs/team.md). */
export class TeamMailbox implements Mailbox {
  private readonly seats: Seat[];
  private readonly settling: Settling;
  private readonly claims: ClaimFolder;
  private readonly leftovers = new Leftovers();
  private readonly filedBefore = new Set<string>();
  private readonly foundBefore = new Set<string>();
  private readonly watchers = new Map<string, FSWatcher>();
  private wake: (() => void) | null = null;
  private count = 0;

  constructor(private readonly parts: MailboxParts) {
    this.settling = new Settling(parts.clock, parts.read);
    this.seats = parts.seats.map((name) => {
      const folders = seatFolders(parts.repo, name);
      return { name, folders, rejects: new Rejects(folders.rejected, () => this.unique()), backlog: [] };
    });
    this.claims = new ClaimFolder({
      folder: claimsOf(parts.repo),
      prefix: `${parts.team}@${parts.era}`,
      settling: this.settling,
      seat: (folder) => this.seats.find((seat) => folderOf(seat.name) === folder) ?? null,
    });
  }

  async claim(): Promise<Claims> {
    const round: Claims = { letters: [], refused: [], filed: [], found: [] };
    for (const folder of ensureMailbox(this.parts.repo, this.parts.seats)) this.arm(folder);
    for (const seat of this.seats) {
      for (const file of Object.keys(BOXES)) await this.takeFile(seat, file, false, round);
      await this.takeOut(seat, round);
      await this.noteFiled(seat, round);
      await this.noteForeign(seat, round);
    }
    await this.readClaims(round);
    await this.leftovers.sweep(
      this.seats.map(({ folders }) => folders.out),
      this.parts.clock.now(),
    );
    return round;
  }

  async archive(seat: string, name: string, text: string): Promise<void> {
    const folder = join(seatFolders(this.parts.repo, seat).processed, "patches");
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const temporary = join(folder, `.${this.unique()}.tmp`);
    await writeFile(temporary, text, { mode: 0o600, flag: "wx" });
    await rename(temporary, join(folder, name));
    const names = (await readdir(folder)).sort();
    for (const old of names.slice(0, Math.max(0, names.length - PATCHES_KEPT))) {
      await rm(join(folder, old), { force: true }).catch(() => {});
    }
  }

  watch(wake: () => void, signal: AbortSignal): void {
    if (signal.aborted) return;
    this.wake = wake;
    ensureMailbox(this.parts.repo, this.parts.seats);
    for (const { folders } of this.seats) for (const path of [folders.box, folders.out]) this.arm(path);
    signal.addEventListener("abort", () => {
      this.wake = null;
      for (const watcher of this.watchers.values()) watcher.close();
      this.watchers.clear();
    });
  }

  private unique(): string {
    const count = this.count++ % 36 ** 4;
    return `${this.parts.clock.now().toString(36).padStart(9, "0")}${count.toString(36).padStart(4, "0")}${this.parts.random.hex(6)}`;
  }

  /** Watches a folder anew. Bun 1.4.4 drops events of bursts: the reactor's sweep sees what was missed. */
  private arm(path: string): void {
    this.watchers.get(path)?.close();
    this.watchers.delete(path);
    const isWatched = this.seats.some(({ folders }) => folders.box === path || folders.out === path);
    if (!this.wake || !isWatched) return;
    const watcher = watch(path, () => this.wake?.());
    watcher.on("error", () => {});
    this.watchers.set(path, watcher);
  }

  /** What is in `out/`, in the order of names. */
  private async listOut(out: string): Promise<Entry[]> {
    const list = async () => {
      const names = await readdir(out, { encoding: "buffer" });
      await setImmediate();
      return names.map((bytes): Entry => {
        const name = bytes.toString();
        return { bytes, name, order: orderOf(name) };
      });
    };
    const first = await list();
    if (first.length === 0) return [];
    const newest = first.reduce((left, right) => (left.order < right.order ? right : left)).order;
    // The second listing makes the order true: whatever came before a file of the first one is in it.
    const entries = (await list()).filter(({ name, order }) => !isTemporary(name) && order <= newest);
    await setImmediate();
    return entries.sort((left, right) => compare(left.order, right.order) || compare(left.name, right.name));
  }

  private async takeOut(seat: Seat, round: Claims): Promise<void> {
    const { out } = seat.folders;
    if (seat.backlog.length === 0) seat.backlog = await this.listOut(out);
    for (const { bytes, name } of seat.backlog.splice(0, BATCH)) {
      const isOurs = Buffer.from(name).equals(bytes) && boxOfName(name) !== null;
      if (!isOurs) {
        await this.refuse(seat, Buffer.concat([Buffer.from(`${out}/`), bytes]), bytes, NO_RECIPIENT, round);
      } else if (!(await this.takeFile(seat, name, true, round))) {
        seat.backlog = [];
        return;
      }
    }
    if (seat.backlog.length > 0) round.again = 0;
  }

  /** Renames a whole file into the claims. False: it is not whole yet, and those behind it wait. */
  private async takeFile(seat: Seat, file: string, isNamed: boolean, round: Claims): Promise<boolean> {
    const box = isNamed ? boxOfName(file) : BOXES[file];
    const path = join(isNamed ? seat.folders.out : seat.folders.box, file);
    if (isMissing(path)) {
      this.settling.forget(path);
      return true;
    }
    const look = await this.settling.look(path, box ?? "to_peer");
    if (look.is === "growing") {
      round.again = Math.min(round.again ?? look.again, look.again);
      return false;
    }
    if (look.is === "bad") await this.refuse(seat, path, file, look.reason, round);
    if (look.is !== "whole") return true;
    const target = join(claimsOf(this.parts.repo), claimName(this.unique(), folderOf(seat.name), file, isNamed));
    if (await claimFile(path, target)) this.settling.move(path, target);
    this.parts.faultPoint?.("mailbox.claimed");
    return true;
  }

  private async refuse(seat: Seat, path: string | Buffer, name: string | Buffer, reason: string, round: Claims) {
    const file = await seat.rejects.take(path, name, reason);
    this.settling.forget(path.toString());
    round.refused.push({ seat: seat.name, file, reason });
  }

  private async readClaims(round: Claims): Promise<void> {
    const taken: Record<string, number> = {};
    for (const claim of await this.claims.list()) {
      const count = taken[claim.folder] ?? 0;
      taken[claim.folder] = count + 1;
      if (count >= BATCH) continue;
      const look = await this.claims.look(claim);
      if (!look) continue;
      if ("letter" in look) round.letters.push(look.letter);
      else if ("refused" in look) round.refused.push(look.refused);
      else round.again = Math.min(round.again ?? look.again, look.again);
    }
  }

  /** A letter that its reader moved to the read ones is its acknowledgement (docs/team.md). */
  private async noteFiled(seat: Seat, round: Claims): Promise<void> {
    const names = await readdir(seat.folders.processed);
    for (const name of names) {
      const mid = FILED.exec(name)?.[1];
      const key = `${seat.name}/${name}`;
      if (!mid || this.filedBefore.has(key)) continue;
      this.filedBefore.add(key);
      round.filed.push({ seat: seat.name, mid });
    }
    await this.trim(seat, names);
  }

  /** Readers file without end; the oldest of what they filed goes. */
  private async trim({ name: seat, folders }: Seat, names: string[]): Promise<void> {
    const letters = names.filter((name) => FILED.test(name)).sort((a, b) => compare(orderOf(a), orderOf(b)));
    for (const name of letters.slice(0, Math.max(0, letters.length - (this.parts.retention ?? KEPT)))) {
      await rm(join(folders.processed, name), { force: true });
      this.filedBefore.delete(`${seat}/${name}`);
    }
  }

  /** What others put into an inbox: no letter of ours, and still something to read (P30). */
  private async noteForeign(seat: Seat, round: Claims): Promise<void> {
    for (const name of await readdir(seat.folders.inbox)) {
      const key = `${seat.name}/${name}`;
      if (FILED.test(name) || isTemporary(name) || this.foundBefore.has(key)) continue;
      this.foundBefore.add(key);
      round.found.push({ seat: seat.name, file: name });
    }
  }
}
