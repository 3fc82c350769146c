import type { CommandOf } from "../commands.ts";
import type { Fact } from "../facts.ts";
import { Refusal } from "../refusal.ts";
import type { State } from "../state.ts";

/** A person says that a limited agent goes on: its limit is over, or its account has more than it said. */
export function unlimit(state: State, { agent: id }: CommandOf<"unlimit">): Fact[] {
  const agent = state.agents[id];
  if (!agent) throw new Refusal("missing", `no agent ${id}`, "muster jobs lists them");
  if (agent.limit && !agent.dismissed) return [{ type: "limit.ended", agent: id }];
  throw new Refusal("state", `agent ${id} waits for no usage limit`, `muster why ${id}`);
}
