import type { CommandOf } from "../commands.ts";
import type { Fact } from "../facts.ts";
import { LEAD } from "../ids.ts";
import { Refusal } from "../refusal.ts";
import type { State } from "../state.ts";
import { visible } from "../text.ts";

/** Longest notes kept, in characters. */
const NOTES_LIMIT = 8000;

/** Starts the lead, as it was started last or as `hire` says; one that is there stays. */
export function summon(state: State, { hire }: CommandOf<"summon">): Fact[] {
  const known = state.agents[LEAD];
  if (known && !known.dismissed) return [];
  const wanted = hire ?? known?.hire;
  if (!wanted) throw new Refusal("state", "no lead was ever started", "muster orchestrator start");
  return [{ type: "lead.summoned" }, { type: "agent.hired", hire: { ...wanted, agent: LEAD } }];
}

export function note(_state: State, { text }: CommandOf<"note">): Fact[] {
  const kept = visible(text).trim();
  if (kept === "") throw new Refusal("usage", "the note is empty", 'muster orchestrator note "what to remember"');
  if (kept.length > NOTES_LIMIT)
    throw new Refusal("usage", `the note has ${kept.length} characters; at most ${NOTES_LIMIT}`, "sum it up");
  return [{ type: "lead.noted", text: kept }];
}
