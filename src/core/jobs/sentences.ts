import { nameOf, plain, quiet, type Sayings } from "../saying.ts";
import { type Budget, spentOf } from "./budget.ts";
import type { JobFact } from "./facts.ts";

const used = (budget: Budget | undefined, spent: number): string =>
  budget ? spentOf(budget, spent) : `${spent} of its budget`;

export const JOB_SAYINGS: Sayings<JobFact["type"]> = {
  "job.stalled": ({ minutes }) => ({
    tone: "warn",
    text: `needs you: nothing came from its terminal for ${minutes} min`,
  }),
  "job.stirred": () => quiet("its terminal speaks again"),
  "job.warned": ({ job, spent }, state) => ({ tone: "warn", text: `has used ${used(state.jobs[job]?.budget, spent)}` }),
  "job.overspent": ({ job, spent }, state) => ({
    tone: "bad",
    text: `budget exceeded: ${used(state.jobs[job]?.budget, spent)}; its turn is ended`,
  }),
  "agent.discarded": () => plain("its files are to be removed"),
  "agent.removed": () => plain("its files are removed"),
  "worktree.closed": ({ agent, kept }, state) => ({
    ...plain(`its worktree is gone${kept ? `; what was in it is on ${kept}` : ""}`),
    who: nameOf(state, agent),
  }),
  "worktree.merged": ({ agent, commit, branch }, state) => ({
    ...{ tone: "good", who: nameOf(state, agent) },
    text: `its work is on ${branch}: ${commit.slice(0, 10)}`,
  }),
};
