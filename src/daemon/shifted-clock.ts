import { readFileSync } from "node:fs";
import type { Environment } from "../core/environment.ts";
import type { Clock } from "../core/ports.ts";
import { systemClock } from "./system.ts";

/** So often the file is looked at. */
const LOOK_MS = 5;

interface Sleeper {
  due: number;
  wake(): void;
}

const offsetIn = (path: string, before: number): number => {
  try {
    const offset = Number(readFileSync(path, "utf8"));
    return Number.isFinite(offset) ? Math.max(before, offset) : before;
  } catch {
    return before;
  }
};

/** The machine's clock, moved on by the milliseconds that a file says; whoever sleeps wakes when its time has come by that. */
class ShiftedClock implements Clock {
  private offset = 0;
  private readonly sleepers = new Set<Sleeper>();

  constructor(private readonly path: string) {
    this.offset = offsetIn(path, 0);
    setInterval(() => this.look(), LOOK_MS).unref();
  }

  now = (): number => systemClock.now() + this.offset;
  monotonic = (): number => systemClock.monotonic() + this.offset;

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((done, fail) => {
      if (signal?.aborted) return fail(signal.reason);
      const end = (finish: () => void) => {
        clearTimeout(timer);
        this.sleepers.delete(sleeper);
        signal?.removeEventListener("abort", abort);
        finish();
      };
      const abort = () => end(() => fail(signal?.reason));
      const sleeper: Sleeper = { due: this.now() + ms, wake: () => end(done) };
      const timer = setTimeout(sleeper.wake, ms);
      this.sleepers.add(sleeper);
      signal?.addEventListener("abort", abort, { once: true });
    });
  }

  private look(): void {
    const offset = offsetIn(this.path, this.offset);
    if (offset === this.offset) return;
    this.offset = offset;
    for (const sleeper of [...this.sleepers]) if (sleeper.due <= this.now()) sleeper.wake();
  }
}

/**
 * The clock of this daemon. Only a journey sets MUSTER_CLOCK, for a home of its own: an hour of a team's rhythm passes in
 * seconds, across restarts of the daemon, while its agents' programs run as they do.
 */
export function clockFrom(env: Environment): Clock {
  const path = env.MUSTER_CLOCK;
  env.MUSTER_CLOCK = undefined;
  delete env.MUSTER_CLOCK;
  return path ? new ShiftedClock(path) : systemClock;
}
