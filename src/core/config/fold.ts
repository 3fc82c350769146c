import type { Event } from "../facts.ts";
import type { QueueLimits } from "../queue/facts.ts";
import { noQueue } from "../queue/state.ts";
import type { State } from "../state.ts";

/** A limit that the file says anew counts from now on; one that it says no more is the usual one again. */
function tuned(state: State, said: Partial<QueueLimits>): QueueLimits {
  const before = state.config.limits ?? {};
  const usual = noQueue().limits;
  const limits = { ...state.queue.limits };
  for (const key of Object.keys(usual) as (keyof QueueLimits)[])
    if (said[key] !== before[key]) limits[key] = said[key] ?? usual[key];
  return limits;
}

export function foldConfig(state: State, event: Event): void {
  if (event.type !== "config.loaded") return;
  state.queue.limits = tuned(state, event.changes.limits ?? {});
  state.config = event.changes;
}
