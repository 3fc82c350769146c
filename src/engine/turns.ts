import type { Millis } from "../core/ids.ts";
import { type Performed, RETRY_MS } from "./reactor.ts";

/** A timer may come a little before its time. */
const SLACK_MS = 100;

/**
 * Whose turn it is when work is owed to many: only so many at once, or ten thousand at a daemon's start would all hold their
 * files and texts. Those of whom something was told come first, then those that slept, then the rest.
 */
export class Turns {
  private readonly due = new Set<string>();
  /** Those that are looked at again, and when. */
  private readonly later = new Map<string, Millis>();
  private readonly rest = new Set<string>();
  private busy = 0;

  constructor(
    private readonly now: () => Millis,
    private readonly atOnce: number,
  ) {}

  add(id: string): void {
    this.due.add(id);
  }

  /** After all others. */
  addLast(id: string): void {
    this.rest.add(id);
  }

  forget(id: string): void {
    this.due.delete(id);
    this.later.delete(id);
    this.rest.delete(id);
  }

  /** Whose turn it is, of those to whom work is owed; the others are let go. */
  next(isOwed: (id: string) => boolean): string[] {
    const some = new Set<string>();
    for (const id of this.ready()) {
      if (some.size >= this.atOnce - this.busy) break;
      if (isOwed(id)) some.add(id);
      else this.forget(id);
    }
    return [...some];
  }

  /** Its turn: what is told of it from now on is another one. After a failure it sleeps, so that others come first. */
  async take(id: string, work: () => Promise<Performed>): Promise<Performed> {
    this.forget(id);
    this.busy += 1;
    try {
      return await work();
    } catch (error) {
      this.again(id, RETRY_MS);
      throw error;
    } finally {
      this.busy -= 1;
    }
  }

  again(id: string, again: Millis): Performed {
    this.later.set(id, this.now() + again);
    return { again };
  }

  private *ready(): Generator<string> {
    yield* this.due;
    const soon = this.now() + SLACK_MS;
    for (const [id, until] of this.later) if (until <= soon) yield id;
    yield* this.rest;
  }
}
