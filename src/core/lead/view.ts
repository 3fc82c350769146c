import { configOf } from "../config/state.ts";
import { type AgentId, isLead, LEAD, LEADS, type Millis } from "../ids.ts";
import { livingAgents } from "../living.ts";
import { leadTask, type QueuedTask } from "../queue/state.ts";
import { type Agent, isAlive, type State } from "../state.ts";
import { leadPercent } from "./lifecycle.ts";
import { leaderOf, leadOf } from "./state.ts";

export type LeadStatus = "idle" | "working" | "warned" | "clearing" | "resuming" | "stopped";

export interface TaskView {
  id: number;
  description: string;
}

/** A lead as people and programs see it; also what it reads itself after its context was cleared. */
export interface LeadView {
  id: AgentId;
  /** What is meant for "the lead" goes to this one. */
  is_leader: boolean;
  /** What it is for; it gets the tasks with these tags. */
  tags: string[];
  started_at: string | null;
  status: LeadStatus;
  /** Percent of its context that is used; null = unknown. */
  context_pct: number | null;
  current_task: TaskView | null;
  active_agents: { id: string; state: string; prompt: string }[];
  /** Its newest five. */
  completed_tasks: (TaskView & { result: string; completed_at: string | null })[];
  pending_tasks: TaskView[];
  notes: string;
}

/** What a lead is doing, in one word. */
function leadStatus(state: State, id: AgentId): LeadStatus {
  const lead = leadOf(state, id);
  const agent = state.agents[id];
  if (!lead.isWanted || !agent || agent.dismissed) return "stopped";
  if (lead.clearing) return "clearing";
  if (lead.resume !== undefined || !isAlive(agent)) return "resuming";
  if ((leadPercent(state, id) ?? 0) >= configOf(state).warnPct) return "warned";
  return agent.activity === "idle" ? "idle" : "working";
}

/** Agents that work for the army: alive, with a job that is not over; members of teams and leads are not counted. */
export const activeAgents = (state: State): Agent[] =>
  livingAgents(state).filter(
    (agent) =>
      !isLead(agent.hire.agent) &&
      agent.hire.team === undefined &&
      isAlive(agent) &&
      state.jobs[agent.job ?? ""] !== undefined &&
      state.jobs[agent.job ?? ""]?.outcome === undefined,
  );

const DONE_SHOWN = 5;
const taskView = ({ task, preview }: QueuedTask): TaskView => ({ id: task, description: preview });
const iso = (at: Millis | undefined): string | null => (at === undefined ? null : new Date(at).toISOString());

/** Every lead there is or was; the first one also when there never was any. */
export const leadViews = (state: State): LeadView[] =>
  LEADS.filter((id) => id === LEAD || state.leads[id] !== undefined).map((id) => leadView(state, id));

/** Whose work this is: of the lead that it names, and what nobody else began of the first one. */
const isOf = (lead: AgentId, agent = LEAD): boolean => (isLead(agent) ? agent : LEAD) === lead;

export function leadView(state: State, id: AgentId): LeadView {
  const tasks = Object.values(state.queue.tasks).filter(({ order }) => !order.isDirect);
  const current = leadTask(state.queue, id);
  const { summonedAt, notes, tags } = leadOf(state, id);
  return {
    ...{ id, is_leader: leaderOf(state) === id, tags },
    started_at: iso(summonedAt),
    status: leadStatus(state, id),
    context_pct: leadPercent(state, id) ?? null,
    current_task: current ? taskView(current) : null,
    completed_tasks: tasks
      .filter((task) => task.state === "completed" && isOf(id, task.agent))
      .sort((left, right) => (right.finishedAt ?? 0) - (left.finishedAt ?? 0))
      .slice(0, DONE_SHOWN)
      .map((task) => ({ ...taskView(task), result: task.result, completed_at: iso(task.finishedAt) })),
    pending_tasks: tasks.filter((task) => task.state === "pending").map(taskView),
    active_agents: activeAgents(state)
      .filter(({ hire }) => isOf(id, hire.parent))
      .map(({ hire, activity, job }) => ({
        ...{ id: hire.agent, state: activity, prompt: state.jobs[job ?? ""]?.prompt ?? "" },
      })),
    notes,
  };
}
