import type { Event, FactType } from "../facts.ts";
import { LEAD } from "../ids.ts";
import type { State } from "../state.ts";
import { type Lead, noLead } from "./state.ts";

type Step<T extends FactType> = (lead: Lead, event: Event<T>, state: State) => void;

const STEPS: { [T in FactType]?: Step<T> } = {
  "lead.summoned": (_, { at }, state) => {
    state.lead = { ...noLead(), isWanted: true, summonedAt: at, resume: "summoned", notes: state.lead.notes };
  },
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
  "terminal.opened": (lead) => {
    lead.opens += 1;
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
  (STEPS[event.type] as Step<FactType> | undefined)?.(state.lead, event, state);
}

/** The share of an agent's fact that is about the lead. */
export function foldLeadAgent(state: State, event: Event): void {
  if ((event as { agent?: string }).agent !== LEAD || !state.lead.isWanted) return;
  (OF_AGENT[event.type] as Step<FactType> | undefined)?.(state.lead, event, state);
}
