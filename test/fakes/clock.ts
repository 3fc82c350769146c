import type { Clock } from "../../src/core/ports.ts";

/** A clock that stands still until it is moved. */
export class HandClock implements Clock {
  private time = 1_700_000_000_000;
  private sleepers: { at: number; wake: () => void }[] = [];

  now(): number {
    return this.time;
  }

  monotonic(): number {
    return this.time;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((wake, fail) => {
      if (signal?.aborted) return fail(signal.reason);
      const sleeper = { at: this.time + ms, wake };
      this.sleepers.push(sleeper);
      signal?.addEventListener("abort", () => {
        this.sleepers = this.sleepers.filter((other) => other !== sleeper);
        fail(signal.reason);
      });
    });
  }

  /** When the next sleeper wakes, in milliseconds from now; null = nobody sleeps. */
  get next(): number | null {
    return this.sleepers.length === 0 ? null : Math.min(...this.sleepers.map(({ at }) => at)) - this.time;
  }

  /** Lets time pass, and everything that follows from it happen. */
  async pass(ms: number): Promise<void> {
    this.time += ms;
    const due = this.sleepers.filter(({ at }) => at <= this.time);
    this.sleepers = this.sleepers.filter(({ at }) => at > this.time);
    for (const { wake } of due) wake();
    await settle();
  }
}

/** Lets promises that wait for nothing outside come to rest. */
export const settle = (): Promise<void> => new Promise((done) => setImmediate(() => setImmediate(done)));
