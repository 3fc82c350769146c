import type { Millis } from "../core/ids.ts";
import type { Agent } from "../core/state.ts";

/** The oldest first. Objects alone do not keep it: an id of digits only stands before all others. */
export const byAge = (agents: Record<string, Agent>): Agent[] =>
  Object.values(agents).toSorted((a, b) => a.hiredAt - b.hiredAt);

/** The moment for which lists of a page are made: every ten seconds a new one, and never one that is still to come. */
export const listedAt = (now: Millis): Millis => Math.floor(now / 10_000) * 10_000;
