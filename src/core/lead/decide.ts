import type { CommandOf } from "../commands.ts";
import type { Fact } from "../facts.ts";
import { type AgentId, isLead, LEAD, LEADS, type Principal } from "../ids.ts";
import { requireTags } from "../queue/tags.ts";
import { Refusal } from "../refusal.ts";
import type { State } from "../state.ts";
import { visible } from "../text.ts";
import { leaderOf } from "./state.ts";

/** Longest notes kept, in characters. */
const NOTES_LIMIT = 8000;

/** Starts a lead, as it was started last or as `hire` says; one that is there stays. */
export function summon(state: State, { lead = LEAD, hire, tags }: CommandOf<"summon">): Fact[] {
  requireLead(lead);
  requireTags(tags ?? []);
  const known = state.agents[lead];
  if (known && !known.dismissed) return [];
  const wanted = hire ?? known?.hire;
  if (!wanted) throw new Refusal("state", "no lead was ever started", "muster orchestrator start");
  const summoned: Fact = { type: "lead.summoned", lead, ...(tags ? { tags } : {}) };
  return [summoned, { type: "agent.hired", hire: { ...wanted, agent: lead } }];
}

/** Ids of leads are few and fixed, so that nobody's agent becomes one. */
export function requireLead(lead: AgentId): void {
  if (!isLead(lead)) throw new Refusal("usage", `${lead} is no lead`, `one of ${LEADS.join(", ")}`);
}

/** A lead writes its own notes; what a person writes is for the one that leads. */
export function note(state: State, { text, lead = leaderOf(state) }: CommandOf<"note">, by: Principal): Fact[] {
  const whose = by.kind === "agent" ? by.agent : lead;
  requireLead(whose);
  const kept = visible(text).trim();
  if (kept === "") throw new Refusal("usage", "the note is empty", 'muster orchestrator note "what to remember"');
  if (kept.length > NOTES_LIMIT)
    throw new Refusal("usage", `the note has ${kept.length} characters; at most ${NOTES_LIMIT}`, "sum it up");
  return [{ type: "lead.noted", lead: whose, text: kept }];
}
