import type { AgentId, JobId } from "../ids.ts";
import type { Job, State } from "../state.ts";

/** Which assignment of its agent: 1, 2, … */
export const numberOfJob = (job: JobId): number => Number(job.split("#")[1] ?? 1);

const idOf = (agent: AgentId, number: number): JobId => (number === 1 ? agent : `${agent}#${number}`);

/** All jobs of an agent, the first one first. */
export function jobsOf({ jobs }: State, agent: AgentId): Job[] {
  const found: Job[] = [];
  for (let job = jobs[agent]; job !== undefined; job = jobs[idOf(agent, found.length + 1)]) found.push(job);
  return found;
}

/** The id of the next assignment of an agent. */
export function nextJobId(state: State, agent: AgentId): JobId {
  const last = jobsOf(state, agent).at(-1);
  return idOf(agent, last ? numberOfJob(last.id) + 1 : 1);
}

/** The job that a person means: `ID` is the latest one of the agent, `ID#1` the first. */
export function jobMeant(state: State, agent: AgentId, given: string): Job | undefined {
  const number = given.split("#")[1];
  const id = number === undefined ? state.agents[agent]?.job : idOf(agent, Number(number));
  return id === undefined ? undefined : state.jobs[id];
}
