import type { AgentId } from "../core/ids.ts";
import { Refusal } from "../core/refusal.ts";
import type { Agent, State } from "../core/state.ts";

/** The agents that a prefix means; exactly one, or a Refusal that lists what it could be. */
export function agentNamed(state: State, prefix: string): Agent {
  const id = prefix.split("#")[0] ?? "";
  const exact = state.agents[id];
  if (exact) return exact;
  const bySeat = Object.values(state.agents).filter(
    (agent) => !agent.dismissed && agent.hire.seat?.toLowerCase() === id.toLowerCase(),
  );
  const found =
    id.length < 4
      ? bySeat
      : [...Object.values(state.agents).filter((agent) => agent.hire.agent.startsWith(id)), ...bySeat];
  const [first, ...others] = found;
  if (first && others.length === 0) return first;
  if (first)
    throw new Refusal(
      "usage",
      `${prefix} is ambiguous`,
      `it could be ${found.map((agent) => agent.hire.agent).join(", ")}`,
    );
  throw new Refusal("missing", `no agent or job ${prefix}`, "muster jobs lists them");
}

/** An agent that another one may come after. */
export function parentNamed(state: State, prefix: string): AgentId {
  const { hire, job } = agentNamed(state, prefix);
  const { outcome } = state.jobs[job ?? ""] ?? {};
  if (job === undefined) throw new Refusal("usage", `agent ${hire.agent} has no job`, "name one that has");
  if (outcome === undefined || outcome === "completed") return hire.agent;
  throw new Refusal("state", `the job of ${hire.agent} has ${outcome}: what comes after it would never begin`);
}
