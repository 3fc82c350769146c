import {
  closeSync,
  constants,
  type FSWatcher,
  fstatSync,
  lstatSync,
  openSync,
  readSync,
  watch as watchFolder,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Offset } from "../core/ports.ts";
import { Refusal } from "../core/refusal.ts";

/** Bytes of a log from `offset` on. */
export interface LogBytes {
  offset: Offset;
  bytes: Uint8Array;
}

const CHUNK = 64 * 1024;
/** After so many bytes without a pause a reader lets others run. */
const BURST = 1024 * 1024;
const RESTAT_MS = 2;
const SWEEP_MS = 1000;
const OPEN_FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** One log with its kept descriptor and the readers that wait for it to grow. */
interface Kept {
  path: string;
  fd: number;
  size: number;
  readers: number;
  waiting: Set<() => void>;
}

/**
 * All byte logs of one folder behind one watcher. Bun's fs.watch drops events of a path within about 1 ms (1.4.4), so an
 * event is a hint: the file is looked at again 2 ms later until it rests, and all once a second. Readers pull, so a slow
 * one costs no memory.
 */
export class ByteLogs {
  private readonly kept = new Map<string, Kept>();
  private fresh = new Set<string>();
  private ripe = new Set<string>();
  private restat: Timer | null = null;
  private isStopped = false;
  private readonly watcher: FSWatcher;
  private readonly sweep: Timer;

  /** `onGrowth` is a hint that a file of the folder changed, subscribed or not. */
  constructor(
    private readonly folder: string,
    private readonly onGrowth?: (name: string) => void,
  ) {
    this.watcher = watchFolder(folder, (_, name) => this.heard(name));
    // An error of the watcher leaves the sweep, late but complete.
    this.watcher.on("error", () => {});
    this.sweep = setInterval(() => this.lookAtAll(), SWEEP_MS);
    this.sweep.unref();
  }

  /** New bytes from `offset` on until the signal aborts; chunks of at most 64 KB, in order, without gaps. */
  async *watch(log: string, offset: Offset, signal: AbortSignal): AsyncIterable<LogBytes> {
    const it = this.keep(log);
    try {
      let at = offset;
      let burst = 0;
      while (!signal.aborted && !this.isStopped) {
        const bytes = this.read(it, at);
        if (bytes) {
          yield { offset: at, bytes };
          at += bytes.length;
          burst += bytes.length;
          if (burst < BURST) continue;
          burst = 0;
          await new Promise((resolve) => setImmediate(resolve));
        } else {
          burst = 0;
          await growth(it, signal);
        }
      }
    } finally {
      this.release(it);
    }
  }

  /** Ends all readers. */
  stop(): void {
    this.isStopped = true;
    this.watcher.close();
    clearInterval(this.sweep);
    if (this.restat) clearTimeout(this.restat);
    for (const it of this.kept.values()) for (const wake of it.waiting) wake();
  }

  private keep(log: string): Kept {
    const name = basename(log);
    if (dirname(log) !== this.folder || name === ".." || join(this.folder, name) !== log)
      throw new Refusal("usage", "not a terminal's log");
    const known = this.kept.get(name);
    const it = known ?? { path: log, fd: -1, size: 0, readers: 0, waiting: new Set() };
    it.readers++;
    this.kept.set(name, it);
    // The event of a growth right before this reader came may have swallowed that of the next one.
    this.arm(name);
    return it;
  }

  private release(it: Kept): void {
    if (--it.readers > 0) return;
    this.kept.delete(basename(it.path));
    if (it.fd >= 0) closeSync(it.fd);
    it.fd = -1;
  }

  private heard(name: string | null): void {
    // A null name = the kernel's queue overflowed.
    if (name === null) {
      this.lookAtAll();
      return;
    }
    this.onGrowth?.(name);
    if (!this.kept.has(name)) return;
    this.look(name);
    this.arm(name);
  }

  private arm(name: string): void {
    this.fresh.add(name);
    this.restat ??= setTimeout(() => this.lookAgain(), RESTAT_MS);
  }

  /** Names wait in `fresh` until one whole pause has passed; one timer serves all. */
  private lookAgain(): void {
    this.restat = null;
    const due = this.ripe;
    this.ripe = this.fresh;
    this.fresh = new Set();
    for (const name of due) if (this.look(name)) this.fresh.add(name);
    if (this.ripe.size + this.fresh.size > 0) this.restat = setTimeout(() => this.lookAgain(), RESTAT_MS);
  }

  private lookAtAll(): void {
    for (const name of this.kept.keys()) if (this.look(name)) this.arm(name);
  }

  /** Wakes the readers of a log that grew. */
  private look(name: string): boolean {
    const it = this.kept.get(name);
    if (!it || !isOpen(it)) return false;
    const size = fstatSync(it.fd).size;
    if (size === it.size) return false;
    it.size = size;
    for (const wake of it.waiting) wake();
    it.waiting.clear();
    return true;
  }

  private read(it: Kept, at: Offset): Uint8Array | null {
    if (!isOpen(it)) return null;
    const buffer = Buffer.allocUnsafeSlow(Math.min(CHUNK, Math.max(fstatSync(it.fd).size - at, 0)));
    const count = buffer.length > 0 ? readSync(it.fd, buffer, 0, buffer.length, at) : 0;
    return count > 0 ? buffer.subarray(0, count) : null;
  }
}

/** The file may be born later than its first reader. */
function isOpen(it: Kept): boolean {
  if (it.fd >= 0) return true;
  try {
    it.fd = openSync(it.path, OPEN_FLAGS);
    return true;
  } catch {
    return false;
  }
}

function growth(it: Kept, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = () => {
      signal.removeEventListener("abort", wake);
      it.waiting.delete(wake);
      resolve();
    };
    it.waiting.add(wake);
    signal.addEventListener("abort", wake, { once: true });
  });
}

/** Length of a log; 0 when there is none yet. A link in its place has none: what it leads to is no log (security S14). */
export function logSize(log: string): Offset {
  const found = lstatSync(log, { throwIfNoEntry: false });
  return found?.isFile() ? found.size : 0;
}

/** The bytes of a log in `[from, to)`, as far as they exist. */
export function readRange(log: string, from: Offset, to: Offset): Uint8Array {
  const fd = openSync(log, OPEN_FLAGS);
  try {
    const wanted = Math.max(0, Math.min(to, fstatSync(fd).size) - from);
    const buffer = Buffer.alloc(wanted);
    let count = 0;
    for (let got = -1; got !== 0 && count < wanted; count += got)
      got = readSync(fd, buffer, count, wanted - count, from + count);
    return buffer.subarray(0, count);
  } finally {
    closeSync(fd);
  }
}
