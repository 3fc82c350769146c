import type { AgentId, Mid } from "../ids.ts";

/** Which lead a fact is about; absent = `orch`, as in facts from before there were others. */
interface OfLead {
  lead?: AgentId;
}

/** What becomes of a lead beside what becomes of every agent. */
export type LeadFact = OfLead & LeadChange;

type LeadChange =
  /** A person, or what a person allowed, wants a lead: it is started again when it dies. `tags`: what it is for. */
  | { type: "lead.summoned"; tags?: string[] }
  | { type: "lead.retired"; reason: string }
  /** Its context is nearly full: it was asked to write its notes. `percent` of the context, 0 to 100. */
  | { type: "lead.warned"; percent: number }
  /** Its context is cleared, by the control `control`. */
  | { type: "lead.clearing"; percent: number; control: string }
  /** The control ended, and its context did not become smaller or nothing was typed. */
  | { type: "lead.uncleared"; reason: string }
  /** After a clear or a new start it was told where its state stands. */
  | { type: "lead.resumed"; mid: Mid }
  /** What it wants to know after a clear. */
  | { type: "lead.noted"; text: string };

/** Only the daemon sees these. */
export const LEAD_OBSERVED = [
  "lead.warned",
  "lead.clearing",
  "lead.uncleared",
  "lead.resumed",
] as const satisfies readonly LeadFact["type"][];
