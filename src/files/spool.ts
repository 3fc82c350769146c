import { watch } from "node:fs";
import { lstat, mkdir, readdir, rename, unlink } from "node:fs/promises";
import { join } from "node:path";
import { type AgentId, isAgentId } from "../core/ids.ts";
import type { Clock } from "../core/ports.ts";
import { preview } from "../core/text.ts";
import { splitDocuments } from "./documents.ts";
import { takeOverflow } from "./overflow.ts";
import { readForeignText, Unreadable } from "./safe-read.ts";

/** One document that a hook left. */
export interface Spooled {
  /** Agent whose hook wrote it, from the file's name; empty = a session that Muster did not start. */
  agent: string;
  /** Unique per document, the same when it is read again after a crash. */
  origin: string;
  document: Record<string, unknown>;
}

export interface SpoolRules {
  folder: string;
  clock: Clock;
  /** Must have stored the documents when it resolves: the file is removed then. */
  take(documents: Spooled[]): void | Promise<void>;
  /** A file that cannot be a hook's, or tool events dropped because too many wait. */
  refuse(reason: string): void;
}

/** More files than this wait: PreToolUse events are dropped, counted and shown; never anything else. */
export const SPOOL_LIMIT = 10_000;
/** One payload may have this many bytes (a tool's input can be a whole file). */
const PAYLOAD_LIMIT = 8 * 1024 * 1024;
const SWEEP_MS = 1000;
const FIRST_PATIENCE_MS = 2;
/** A torn document is waited for this long, then set aside. */
const TORN_MS = 60_000;
/** What cannot be a hook's is told once in this time, with a count: a flood of it must not become one of notices (S46). */
const REFUSALS_MS = 60_000;
/** What opening a thing that is no plain file of ours answers; other errors are the machine's and pass. */
const REFUSED_CODES = new Set(["ELOOP", "ENXIO", "EACCES", "EPERM", "ENODEV", "EISDIR"]);
/** In the place of an agent: hooks of a person's own settings (cli/hooks/relay). */
const NOBODY = "user";
const NAME = /^([a-z0-9-]{1,8})\.[A-Za-z0-9.-]{1,40}\.json$/;

/** Whose file this is by its name; undefined = no hook wrote it. */
function ownerOf(name: string): AgentId | undefined {
  const [, owner = ""] = NAME.exec(name) ?? [];
  return owner === NOBODY || isAgentId(owner) ? owner : undefined;
}

/** Process numbers begin anew at the end of their range: so far apart within a tick, the lower one is the later. */
const FAR = 16_384;

/** Orders two hooks' files of one moment by their processes: > 0 = the first one began later. */
function startedAfter(first: string, second: string): number {
  const [left = 0, right = 0] = [first, second].map((name) => Number(name.split(".")[1]) || 0);
  return Math.abs(left - right) > FAR ? right - left : left - right;
}

/** Reads what hooks left, also while the daemon was down; each document once per `origin`. */
export class Spool {
  private readonly claimed: string;
  private isSweeping = false;
  private isDirty = false;
  private isTorn = false;
  private patience = FIRST_PATIENCE_MS;
  private signal?: AbortSignal;
  private count = 0;
  /** Since when each claimed file that is not whole is known (monotonic ms). */
  private readonly torn = new Map<string, number>();
  private dropped = 0;
  private refused: string[] = [];
  private refusedAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly rules: SpoolRules) {
    this.claimed = join(rules.folder, "claimed");
  }

  /** Takes in everything that waits, then follows the folder until the signal ends it. */
  async start(signal: AbortSignal): Promise<void> {
    await mkdir(this.claimed, { recursive: true, mode: 0o700 });
    this.signal = signal;
    const watcher = watch(this.rules.folder, () => void this.sweep());
    signal.addEventListener("abort", () => watcher.close(), { once: true });
    await this.sweep();
    void this.keepSweeping(signal);
  }

  private async keepSweeping(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.rules.clock.sleep(SWEEP_MS, signal).catch(() => {});
      if (!signal.aborted) await this.sweep();
    }
  }

  /** One sweep at a time; a wake during a sweep asks for another. */
  private async sweep(): Promise<void> {
    this.isDirty = true;
    if (this.isSweeping) return;
    this.isSweeping = true;
    try {
      while (this.isDirty) {
        this.isDirty = false;
        await this.sweepOnce();
      }
    } catch (error) {
      // A sweep that is still under way when the daemon ends says nothing any more.
      if (!this.signal?.aborted) this.rules.refuse(`the spool could not be read: ${String(error)}`);
    } finally {
      this.isSweeping = false;
    }
    if (this.isTorn) this.sweepSoon();
    else this.patience = FIRST_PATIENCE_MS;
  }

  /** A hook is still writing: the rest comes within milliseconds, and no event tells it (Bun 1.4.4 drops close ones). */
  private sweepSoon(): void {
    const { clock } = this.rules;
    void clock.sleep(this.patience, this.signal).then(
      () => this.sweep(),
      () => {},
    );
    this.patience = Math.min(this.patience * 2, SWEEP_MS);
  }

  private async sweepOnce(): Promise<void> {
    this.isTorn = false;
    for (const name of await readdir(this.claimed)) await this.ingest(name);
    const names = await this.oldestFirst();
    for (const { bytes, name } of names) {
      if (!Buffer.from(name).equals(bytes)) {
        // As text this name would lead nowhere, for ever.
        await this.setAside(Buffer.concat([Buffer.from(`${this.rules.folder}/`), bytes]), "a name is not UTF-8");
        continue;
      }
      // Claiming by rename: a hook that starts now gets a file of its own; one that still writes goes on in ours.
      const target = `${name.replace(/\.json$/, "")}.${Date.now().toString(36)}${(this.count++).toString(36)}.json`;
      await rename(join(this.rules.folder, name), join(this.claimed, target)).catch(() => {});
      await this.ingest(target, names.length > SPOOL_LIMIT);
    }
    this.dropped += takeOverflow(join(this.rules.folder, "..", "hooks"));
    this.tellDropped();
  }

  /** One notice for all of a sweep: as many notices as events would be a storm of their own. */
  private tellDropped(): void {
    if (this.dropped > 0) this.rules.refuse(`too many hook events waited: ${this.dropped} PreToolUse dropped`);
    this.dropped = 0;
    const [first, ...others] = this.refused;
    const now = this.rules.clock.monotonic();
    if (first === undefined || now - this.refusedAt < REFUSALS_MS) return;
    this.refusedAt = now;
    this.refused = [];
    this.rules.refuse(others.length > 0 ? `${first}, and ${others.length} more are no hooks' files` : first);
  }

  /** The time of the last write says it; within a tick of the kernel's clock (some ms) the hooks' processes do. */
  private async oldestFirst(): Promise<{ bytes: Buffer; name: string }[]> {
    const listed = await readdir(this.rules.folder, { encoding: "buffer" });
    const names = listed.map((bytes) => ({ bytes, name: bytes.toString() })).filter(({ name }) => name !== "claimed");
    if (names.length < 2) return names;
    const times = await Promise.all(
      names.map(({ name }) =>
        lstat(join(this.rules.folder, name)).then(
          (found) => found.mtimeMs,
          () => 0,
        ),
      ),
    );
    const timed = names.map((one, index) => ({ ...one, time: times[index] ?? 0 }));
    return timed.sort((a, b) => a.time - b.time || startedAfter(a.name, b.name));
  }

  private async ingest(name: string, isOverfull = false): Promise<void> {
    const path = join(this.claimed, name);
    const agent = ownerOf(name);
    if (!agent) return this.setAside(path, `${preview(name, 60)} is not a hook's file`);
    let text: string;
    try {
      text = await readForeignText(path, PAYLOAD_LIMIT);
    } catch (error) {
      const { message, code = "" } = error as NodeJS.ErrnoException;
      const isRefused = error instanceof Unreadable || REFUSED_CODES.has(code);
      return isRefused ? this.setAside(path, `${name}: ${message}`) : undefined;
    }
    const { documents, rest } = splitDocuments(text);
    if (rest !== "" || documents.length === 0) {
      return this.waitFor(name, path);
    }
    this.torn.delete(name);
    await this.hand(agent === NOBODY ? "" : agent, name, documents, isOverfull);
    await unlink(path).catch(() => {});
  }

  /** By our own clock since it was first seen: a file's time and a clock that was set would give a hook no time at all. */
  private async waitFor(name: string, path: string): Promise<void> {
    const now = this.rules.clock.monotonic();
    const since = this.torn.get(name) ?? now;
    if (now - since <= TORN_MS) {
      this.torn.set(name, since);
      this.isTorn = true;
      return;
    }
    this.torn.delete(name);
    await this.setAside(path, `${name} holds a torn document`);
  }

  private async hand(agent: string, name: string, documents: string[], isOverfull: boolean): Promise<void> {
    const spooled: Spooled[] = [];
    for (const [index, text] of documents.entries()) {
      const document = parse(text);
      if (!document) this.refused.push(`${name} holds something else than a JSON object`);
      else if (isOverfull && document.hook_event_name === "PreToolUse") this.dropped += 1;
      else spooled.push({ agent, origin: `${name}#${index}`, document });
    }
    if (spooled.length > 0) await this.rules.take(spooled);
  }

  private async setAside(path: string | Buffer, reason: string): Promise<void> {
    this.refused.push(reason);
    const aside = join(this.rules.folder, "..", "refused");
    await mkdir(aside, { recursive: true, mode: 0o700 });
    await rename(path, join(aside, `${Date.now().toString(36)}-${this.count++}`)).catch(() => {});
  }
}

function parse(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}
