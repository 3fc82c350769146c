import type { Agent } from "../core/state.ts";

/** The oldest first. Objects alone do not keep it: an id of digits only stands before all others. */
export const byAge = (agents: Record<string, Agent>): Agent[] =>
  Object.values(agents).toSorted((a, b) => a.hiredAt - b.hiredAt);
