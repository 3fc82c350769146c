import { type AgentId, LEAD, LEADS, type Millis, type Seq } from "../ids.ts";
import { isAlive, type State } from "../state.ts";

/** Why the lead is to be spoken to: it is new, or was cleared or started again and must be told where its state stands. */
export type ResumeCause = "summoned" | "cleared" | "restarted";

/** Where a lead stands in its life; its terminal and CLI are those of the agent of its id. */
export interface Lead {
  isWanted: boolean;
  /** What it is for: tasks with these tags are given to it. */
  tags: string[];
  summonedAt?: Millis;
  /** The fact of the last start of its program. */
  openedSeq?: Seq;
  /** How often its program was started since. */
  opens: number;
  warnedAt?: Millis;
  clearing?: { control: string; percent: number; at: Millis };
  /** A clear that came to nothing: when. */
  unclearedAt?: Millis;
  clearedAt?: Millis;
  /** When its CLI last said how full the context is. */
  measuredAt?: Millis;
  resume?: ResumeCause;
  notes: string;
}

export const noLead = (): Lead => ({ isWanted: false, tags: [], opens: 0, notes: "" });

export const leadOf = ({ leads }: Pick<State, "leads">, lead: AgentId): Lead => leads[lead] ?? noLead();

/** What people call a lead: the first one is "the lead". */
export const leadName = (lead = LEAD): string => (lead === LEAD ? "the lead" : lead);

/** The leads that somebody wants, the first one first. */
export const wantedLeads = ({ leads }: Pick<State, "leads">): AgentId[] =>
  LEADS.filter((lead) => leads[lead]?.isWanted);

/**
 * The lead that what is meant for "the lead" goes to: of those that run the one that has run longest, so that it changes only
 * when that one ends, in the same moment. While none runs, the first that is wanted; without any the first lead.
 */
export function leaderOf({ leads, agents }: Pick<State, "leads" | "agents">): AgentId {
  const wanted = wantedLeads({ leads });
  const opened = (lead: AgentId): Seq => leads[lead]?.openedSeq ?? 0;
  const running = wanted.filter((lead) => {
    const agent = agents[lead];
    return agent !== undefined && !agent.dismissed && isAlive(agent);
  });
  return running.toSorted((left, right) => opened(left) - opened(right))[0] ?? wanted[0] ?? LEAD;
}
