import type { State } from "../state.ts";
import type { JobFact } from "./facts.ts";

type FactOf<T extends JobFact["type"]> = Extract<JobFact, { type: T }>;
type Check<T extends JobFact["type"]> = (state: State, fact: FactOf<T>) => boolean;

/** Reports about jobs that say nothing new are dropped. */
export const JOB_CHECKS: { [T in JobFact["type"]]?: Check<T> } = {
  "job.stalled": ({ jobs }, { job }) =>
    jobs[job] !== undefined && jobs[job]?.outcome === undefined && jobs[job]?.stalled === undefined,
  "job.stirred": ({ jobs }, { job }) => jobs[job]?.stalled !== undefined,
  "job.warned": ({ jobs }, { job }) => jobs[job]?.outcome === undefined && jobs[job]?.warned === undefined,
  "job.overspent": ({ jobs }, { job }) =>
    jobs[job] !== undefined && jobs[job]?.outcome === undefined && jobs[job]?.overspent === undefined,
  "agent.removed": ({ agents }, { agent }) => agents[agent]?.isDiscarded === true,
};
