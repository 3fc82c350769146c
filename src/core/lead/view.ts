import { configOf } from "../config/state.ts";
import { LEAD, type Millis } from "../ids.ts";
import { livingAgents } from "../living.ts";
import { leadTask, type QueuedTask } from "../queue/state.ts";
import { type Agent, isAlive, type State } from "../state.ts";
import { leadPercent } from "./lifecycle.ts";

export type LeadStatus = "idle" | "working" | "warned" | "clearing" | "resuming" | "stopped";

export interface TaskView {
  id: number;
  description: string;
}

/** The lead as people and programs see it; also what it reads itself after its context was cleared. */
export interface LeadView {
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

/** What the lead is doing, in one word. */
function leadStatus(state: State): LeadStatus {
  const { lead, agents } = state;
  const agent = agents[LEAD];
  if (!lead.isWanted || !agent || agent.dismissed) return "stopped";
  if (lead.clearing) return "clearing";
  if (lead.resume !== undefined || !isAlive(agent)) return "resuming";
  if ((leadPercent(state) ?? 0) >= configOf(state).warnPct) return "warned";
  return agent.activity === "idle" ? "idle" : "working";
}

/** Agents that work for the army: alive, with a job that is not over; members of teams and the lead itself are not counted. */
export const activeAgents = (state: State): Agent[] =>
  livingAgents(state).filter(
    (agent) =>
      agent.hire.agent !== LEAD &&
      agent.hire.team === undefined &&
      isAlive(agent) &&
      state.jobs[agent.job ?? ""] !== undefined &&
      state.jobs[agent.job ?? ""]?.outcome === undefined,
  );

const DONE_SHOWN = 5;
const taskView = ({ task, preview }: QueuedTask): TaskView => ({ id: task, description: preview });
const iso = (at: Millis | undefined): string | null => (at === undefined ? null : new Date(at).toISOString());

export function leadView(state: State): LeadView {
  const own = Object.values(state.queue.tasks).filter((task) => !task.order.isDirect);
  const current = leadTask(state.queue);
  return {
    started_at: iso(state.lead.summonedAt),
    status: leadStatus(state),
    context_pct: leadPercent(state) ?? null,
    current_task: current ? taskView(current) : null,
    completed_tasks: own
      .filter((task) => task.state === "completed")
      .sort((left, right) => (right.finishedAt ?? 0) - (left.finishedAt ?? 0))
      .slice(0, DONE_SHOWN)
      .map((task) => ({ ...taskView(task), result: task.result, completed_at: iso(task.finishedAt) })),
    pending_tasks: own.filter((task) => task.state === "pending").map(taskView),
    active_agents: activeAgents(state).map(({ hire, activity, job }) => ({
      ...{ id: hire.agent, state: activity, prompt: state.jobs[job ?? ""]?.prompt ?? "" },
    })),
    notes: state.lead.notes,
  };
}
