import type { AgentId, JobId } from "../ids.ts";

/** What becomes of jobs and their files, besides their beginning and end. */
export type JobFact =
  /** Nothing came from its terminal for so many minutes. `body`: its last lines. */
  | { type: "job.stalled"; job: JobId; agent: AgentId; minutes: number; body: string }
  /** Its terminal speaks again. */
  | { type: "job.stirred"; job: JobId; agent: AgentId }
  /** It has used so much of its budget that a person should know: dollars or tokens, as its budget counts. */
  | { type: "job.warned"; job: JobId; agent: AgentId; spent: number }
  /** Its budget is used up: its turn is ended. */
  | { type: "job.overspent"; job: JobId; agent: AgentId; spent: number }
  /** A person wants all files of an ended agent gone. */
  | { type: "agent.discarded"; agent: AgentId }
  /** Its worktree is gone; whatever was in it is on this branch, which stays, or on another one already. */
  | { type: "worktree.closed"; agent: AgentId; kept?: string }
  /** Its branch was merged into the person's. */
  | { type: "worktree.merged"; agent: AgentId; commit: string; branch: string }
  /** They are; only the log knows of it any more. */
  | { type: "agent.removed"; agent: AgentId };

export const JOB_OBSERVED = [
  "job.stalled",
  "job.stirred",
  "job.warned",
  "job.overspent",
  "agent.removed",
  "worktree.closed",
  "worktree.merged",
] as const;
