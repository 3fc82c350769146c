import type { AgentId, Mid, Millis } from "../../core/ids.ts";
import type { Message, State } from "../../core/state.ts";
import type { Outcome } from "./reconcile.ts";

/**
 * Earliest next attempts for one agent, as this daemon knows them. Not in the log: a restarted daemon cannot know when its
 * predecessor last saw the text, so it waits a whole grace for everything that was being typed.
 */
export class Pacing {
  private readonly times = new Map<Mid, Millis>();
  /** A message was typed more than once: the prompt hook may still refuse a copy, and its text comes back. */
  private quietUntil: Millis = 0;

  constructor(
    private readonly startedAt: Millis,
    private readonly graceMs: Millis,
  ) {}

  nextAt(message: Message): Millis {
    if (message.state === "queued") return this.quietUntil;
    return this.times.get(message.mid) ?? Math.max(message.nextAt, this.startedAt + this.graceMs);
  }

  note(message: Message, outcome: Outcome, now: Millis): void {
    const { mid, attempt } = message;
    if (outcome.end !== "closed") {
      if (outcome.until !== undefined) this.times.set(mid, Math.max(outcome.until, this.times.get(mid) ?? 0));
      return;
    }
    this.times.delete(mid);
    if (attempt > 1) this.quietUntil = now + this.graceMs;
  }

  /** After a restart: what was typed more than once lately still counts. */
  static after(state: State, agent: AgentId, startedAt: Millis, graceMs: Millis): Pacing {
    const pacing = new Pacing(startedAt, graceMs);
    const isRecent = (message: Message) =>
      message.to === agent && message.attempt > 1 && message.nextAt > startedAt - graceMs;
    if (Object.values(state.messages).some(isRecent)) pacing.quietUntil = startedAt + graceMs;
    return pacing;
  }
}
