import { plain, quiet, type Sayings } from "../saying.ts";
import type { JobFact } from "./facts.ts";

export const JOB_SAYINGS: Sayings<JobFact["type"]> = {
  "job.stalled": ({ minutes }) => ({
    tone: "warn",
    text: `needs you: nothing came from its terminal for ${minutes} min`,
  }),
  "job.stirred": () => quiet("its terminal speaks again"),
  "agent.discarded": () => plain("its files are to be removed"),
  "agent.removed": () => plain("its files are removed"),
};
