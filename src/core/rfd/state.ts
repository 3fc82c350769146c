import type { Address, AgentId, Mid, Millis, TeamName } from "../ids.ts";
import type { DecisionChannel, RfdDecision, RfdKind } from "./facts.ts";

export interface Signature {
  by: Address;
  decision: RfdDecision;
  reason: string;
  at: Millis;
}

/** A request for decision and everything that was said to it. */
export interface Rfd {
  id: string;
  team: TeamName;
  kind: RfdKind;
  author: AgentId;
  title: string;
  tasks: string[];
  /** The one patch that it would let pass, and its digest. */
  patch?: string;
  sha?: string;
  mid?: Mid;
  at: Millis;
  signatures: Signature[];
  decided?: { decision: RfdDecision | "expired"; by: Address; channel?: DecisionChannel; at: Millis };
}

/** An advisory lock on files (P51). */
export interface Lock {
  agent: AgentId;
  files: string[];
  mid: Mid;
  until: Millis;
  ttlMs: Millis;
}
