import type { Event, FactType } from "../facts.ts";
import { isLead, LEAD } from "../ids.ts";
import type { State } from "../state.ts";
import { type Lead, leadOf, noLead } from "./state.ts";

type Step<T extends FactType> = (lead: Lead, event: Event<T>) => void;

/** A new life: of the one before, only what it was for and its notes are left. */
const summoned = ({ notes, tags: before }: Lead, { at, tags = before }: Event<"lead.summoned">): Lead => ({
  ...{ ...noLead(), isWanted: true, tags, summonedAt: at, resume: "summoned", notes },
});

const STEPS: { [T in FactType]?: Step<T> } = {
  "lead.retired": (lead) => {
    lead.isWanted = false;
    lead.clearing = undefined;
    lead.resume = undefined;
  },
  "lead.warned": (lead, { at }) => {
    lead.warnedAt = at;
  },
  "lead.clearing": (lead, { control, percent, at }) => {
    lead.clearing = { control, percent, at };
  },
  "lead.uncleared": (lead, { at }) => {
    lead.clearing = undefined;
    lead.unclearedAt = at;
  },
  "lead.resumed": (lead) => {
    lead.resume = undefined;
  },
  "lead.noted": (lead, { text }) => {
    lead.notes = text;
  },
};

/** What happens to its CLI changes where the lead stands. */
const OF_AGENT: { [T in FactType]?: Step<T> } = {
  "terminal.opened": (lead, { seq }) => {
    lead.opens += 1;
    lead.openedSeq = seq;
    lead.clearing = undefined;
    if (lead.opens > 1) lead.resume = "restarted";
  },
  "control.finished": (lead, { control, ok, at }) => {
    if (!ok || lead.clearing?.control !== control) return;
    lead.clearing = undefined;
    lead.clearedAt = at;
    lead.resume = "cleared";
  },
  "usage.measured": (lead, { at }) => {
    lead.measuredAt = at;
  },
};

export function foldLead(state: State, event: Event): void {
  const { lead: id = LEAD } = event as { lead?: string };
  const lead = leadOf(state, id);
  state.leads[id] = event.type === "lead.summoned" ? summoned(lead, event) : lead;
  (STEPS[event.type] as Step<FactType> | undefined)?.(lead, event);
}

/** The share of an agent's fact that is about a lead. */
export function foldLeadAgent(state: State, event: Event): void {
  const { agent = "" } = event as { agent?: string };
  const lead = isLead(agent) ? state.leads[agent] : undefined;
  if (lead?.isWanted) (OF_AGENT[event.type] as Step<FactType> | undefined)?.(lead, event);
}
