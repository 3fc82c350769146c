import type { CommandOf } from "../commands.ts";
import type { Fact } from "../facts.ts";
import { LEAD } from "../ids.ts";
import { Refusal } from "../refusal.ts";
import type { State } from "../state.ts";

/** Starts the lead, as it was started last or as `hire` says; one that is there stays. */
export function summon(state: State, { hire }: CommandOf<"summon">): Fact[] {
  const known = state.agents[LEAD];
  if (known && !known.dismissed) return [];
  const wanted = hire ?? known?.hire;
  if (!wanted) throw new Refusal("state", "no lead was ever started", "start it yourself the first time");
  return [{ type: "agent.hired", hire: { ...wanted, agent: LEAD } }];
}
