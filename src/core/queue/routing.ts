import { configOf } from "../config/state.ts";
import type { AgentId } from "../ids.ts";
import { leadPercent } from "../lead/lifecycle.ts";
import { leadName, leadOf, wantedLeads } from "../lead/state.ts";
import { isAlive, type State } from "../state.ts";
import { leadTask, type QueuedTask } from "./state.ts";

/** How many of the task's tags this lead is for. */
const fit = (state: State, lead: AgentId, { order }: QueuedTask): number =>
  (order.tags ?? []).filter((tag) => leadOf(state, lead).tags.includes(tag)).length;

/** May the queue count on it? One that crashed too often waits for a person, and its tasks do not wait along. */
const isCounted = ({ agents }: State, lead: AgentId): boolean =>
  agents[lead] !== undefined && !agents[lead].dismissed && !agents[lead].isAbandoned;

/**
 * The leads that a task is for: those that fit most of its tags, also while they are busy. A task without tags, or with tags
 * that no lead is for, is for all.
 */
export function leadsFor(state: State, task: QueuedTask): AgentId[] {
  const leads = wantedLeads(state).filter((lead) => isCounted(state, lead));
  const best = Math.max(0, ...leads.map((lead) => fit(state, lead, task)));
  return leads.filter((lead) => fit(state, lead, task) === best);
}

/** Why a lead takes no task now; null = it does. */
function leadBusy(state: State, id: AgentId): string | null {
  const lead = leadOf(state, id);
  const agent = state.agents[id];
  const name = leadName(id);
  if (!agent || !isAlive(agent)) return `${name} is not running`;
  if (lead.clearing || lead.resume) return `${name} is being told where it stands`;
  const current = leadTask(state.queue, id);
  if (current) return `${name} works on #${current.task}`;
  if ((leadPercent(state, id) ?? 0) >= configOf(state).clearPct) return `${name}'s context is about to be cleared`;
  return agent.activity === "idle" ? null : `${name} is ${agent.activity}`;
}

/** Every lead that is wanted, and why it takes no task now; looked up once for many tasks. */
export type BusyLeads = ReadonlyMap<AgentId, string | null>;

export const busyLeads = (state: State): BusyLeads =>
  new Map(wantedLeads(state).map((lead) => [lead, leadBusy(state, lead)]));

/** The lead that gets this task now: the free one whose context has most room, where that is known. */
export function freeLead(state: State, task: QueuedTask, busy = busyLeads(state)): AgentId | undefined {
  if ([...busy.values()].every((why) => why !== null)) return undefined;
  const room = (lead: AgentId): number => leadPercent(state, lead) ?? 0;
  return leadsFor(state, task)
    .filter((lead) => busy.get(lead) === null)
    .toSorted((left, right) => room(left) - room(right))[0];
}
