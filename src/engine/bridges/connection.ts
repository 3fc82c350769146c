import { type Bridge, BridgeDown, type Outgoing, TooFast, Unsendable } from "../../core/bridges/port.ts";
import type { Millis } from "../../core/ids.ts";
import type { Clock } from "../../core/ports.ts";

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 60_000;

/** 1, 2, 4 … 60 seconds. */
export const backoff = (failures: number): Millis =>
  Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.max(0, failures - 1));

/** What became of one sending. */
export type Sent =
  | { is: "sent"; id: string }
  | { is: "wait"; ms: Millis; failure?: string }
  | { is: "never"; reason: string };

/** One bridge that runs, and how fast it may be spoken to. */
export class Connection {
  private pausedUntil: Millis = 0;
  private failures = 0;
  private times: Millis[] = [];

  constructor(
    readonly bridge: Bridge,
    private readonly clock: Clock,
    private readonly end: () => void,
  ) {}

  /** Milliseconds until something may be sent; 0 = now. */
  get wait(): Millis {
    const now = this.clock.now();
    const { rate } = this.bridge.abilities;
    const paused = Math.max(0, this.pausedUntil - now);
    if (!rate) return paused;
    this.times = this.times.filter((at) => at > now - rate.windowMs);
    const oldest = this.times.at(-rate.messages);
    return oldest === undefined ? paused : Math.max(paused, oldest + rate.windowMs - now);
  }

  /** Why nothing is sent at the moment; empty = nothing stands in the way. */
  get trouble(): string {
    return this.failures > 0 ? `no answer, ${this.failures} in a row` : "";
  }

  async send(outgoing: Outgoing): Promise<Sent> {
    if (this.wait > 0) return { is: "wait", ms: this.wait };
    this.times.push(this.clock.now());
    try {
      const id = await this.bridge.send(outgoing);
      this.failures = 0;
      return { is: "sent", id };
    } catch (error) {
      if (error instanceof Unsendable) return { is: "never", reason: error.message };
      if (error instanceof TooFast) return this.pause(error.retryAfterMs);
      this.failures += 1;
      if (!(error instanceof BridgeDown) && this.failures === 1) console.error("bridge:", error);
      const failure = error instanceof Error ? error.message : String(error);
      return { ...this.pause(backoff(this.failures)), failure };
    }
  }

  close(): void {
    this.end();
  }

  private pause(ms: Millis): Sent & { is: "wait" } {
    this.pausedUntil = this.clock.now() + Math.max(1, ms);
    return { is: "wait", ms: Math.max(1, ms) };
  }
}
