import { isLead } from "../ids.ts";
import { livingAgents } from "../living.ts";
import { type Agent, isAlive, type State } from "../state.ts";

/** An agent of a job that works: its terminal is there or on its way. Members of teams and leads take no place. */
const isAtWork = (agent: Agent, { jobs }: State): boolean =>
  agent.hire.team === undefined &&
  !isLead(agent.hire.agent) &&
  (agent.opening || isAlive(agent)) &&
  jobs[agent.job ?? ""] !== undefined &&
  jobs[agent.job ?? ""]?.outcome === undefined;

/** Places that are free for jobs. */
export const freePlaces = (state: State): number =>
  state.queue.limits.maxRunning - livingAgents(state).filter((agent) => isAtWork(agent, state)).length;

/** The agent whose job must be completed before this one begins; undefined = none. */
export const awaited = ({ agents, jobs }: State, { hire }: Agent): string | undefined =>
  hire.after?.find((parent) => jobs[agents[parent]?.job ?? ""]?.outcome !== "completed");

/** Does this agent need a place before its terminal may open? */
export const needsPlace = ({ hire, incarnation, opening, job }: Agent): boolean =>
  hire.team === undefined && !isLead(hire.agent) && incarnation === 0 && !opening && job !== undefined;

/** Why a job has not begun; null = nothing hinders it. */
export function jobWaits(state: State, agent: Agent): { reason: string; hint: string } | null {
  if (!needsPlace(agent) || agent.dismissed) return null;
  const parent = awaited(state, agent);
  if (parent !== undefined) return { reason: `it waits for ${parent}`, hint: `the job of ${parent} is completed` };
  if (freePlaces(state) > 0) return null;
  const { maxRunning } = state.queue.limits;
  return { reason: `${maxRunning} jobs are at work`, hint: "one of them ends, or muster queue limits --max-running" };
}
