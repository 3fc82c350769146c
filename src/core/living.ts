import type { Event } from "./facts.ts";
import { type AgentId, isLead } from "./ids.ts";
import { type Agent, isAlive, type State } from "./state.ts";

/** Is its program started again when it ends by itself? That of a job is not: the job has failed. */
export const isKept = ({ hire }: Pick<Agent, "hire">): boolean => hire.team !== undefined || isLead(hire.agent);

/** Is its program gone for good? */
const hasEnded = (agent: Agent): boolean =>
  agent.dismissed
    ? !isAlive(agent)
    : (agent.activity === "exited" || agent.activity === "lost") && !isKept(agent) && isCaptured(agent);

/** What a program that ended by itself showed last is kept, or nobody can keep it any more. */
const isCaptured = ({ activity, lastScreen, incarnation }: Agent): boolean =>
  activity === "lost" || lastScreen?.incarnation === incarnation;

/** Is something still owed to it, or asked of it? */
const isUnderWay = ({ opening, controls, answer, isRestarting, isDiscarded }: Agent): boolean =>
  opening || controls.length > 0 || answer !== undefined || isRestarting === true || isDiscarded === true;

/** Nothing will be done about this agent any more, unless a person asks. */
function isOver(agent: Agent, { jobs }: State): boolean {
  const job = jobs[agent.job ?? ""];
  return hasEnded(agent) && !isUnderWay(agent) && (job === undefined || job.outcome !== undefined);
}

/** Whom a fact is about, if it is an agent or its job. */
function agentOf(event: Event, { jobs }: State): AgentId | undefined {
  if (event.type === "agent.hired") return event.hire.agent;
  const { agent, job } = event as { agent?: AgentId; job?: string };
  return agent ?? (job === undefined ? undefined : jobs[job]?.agent);
}

/** Keeps the list of those that are not over: what looks at every agent costs as much as live, not as ever lived. */
export function foldLiving(state: State, event: Event): void {
  const id = agentOf(event, state);
  if (id === undefined) return;
  const agent = state.agents[id];
  if (agent && !isOver(agent, state)) state.living[id] = true;
  else delete state.living[id];
}

/** The agents about which something may have to be done. */
export const livingAgents = ({ living, agents }: Pick<State, "living" | "agents">): Agent[] =>
  Object.keys(living).flatMap((id) => agents[id] ?? []);
