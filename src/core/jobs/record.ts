import type { AgentId, Millis } from "../ids.ts";
import { jobState, statusOf } from "../job-state.ts";
import { type Agent, isAlive, type Job, type State } from "../state.ts";
import { preview } from "../text.ts";
import { jobsOf, numberOfJob } from "./numbering.ts";

const time = (at?: Millis): string | null => (at === undefined ? null : new Date(at).toISOString());

/** Longest excerpt of the last words in a record: whole results stay where they are. */
const SUMMARY = 500;

const isLast = ({ job: latest }: Agent, { id }: Job): boolean => latest === id;

/** One earlier assignment, as a record tells it. */
const runOf = (job: Job) => ({
  id: `${job.agent}#${numberOfJob(job.id)}`,
  prompt: job.prompt,
  outcome: job.outcome ?? null,
  error: job.reason || null,
  created_at: time(job.createdAt),
  completed_at: time(job.finishedAt),
  usage: job.closed?.usage ?? null,
  session: job.closed?.session ?? null,
  log: [job.logFrom ?? 0, job.closed?.logTo ?? null],
});

/** What `jobs/<id>.json` says (A32). */
export function jobRecord(state: State, agent: Agent, job: Job): Record<string, unknown> {
  const { hire } = agent;
  const runs = jobsOf(state, hire.agent);
  const now = jobState(job, agent);
  const isOpen = isLast(agent, job) && isAlive(agent);
  return {
    ...{ id: job.id, status: statusOf(now, job), state: now, prompt: job.prompt, model: hire.model ?? null },
    ...{ reasoning: hire.effort ?? null, sandbox: hire.permission, agent: hire.driver, parent: hire.parent ?? null },
    ...{ team: hire.team ?? null, cwd: hire.cwd, worktree: null, created_at: time(job.createdAt) },
    ...{ started_at: time(job.startedAt), completed_at: time(job.finishedAt), tmux_session: `muster-${hire.agent}` },
    ...{ pid: isOpen ? (agent.pid ?? null) : null, exit_code: job.exitCode ?? null, error: job.reason || null },
    ...{ result_summary: preview(job.summary, SUMMARY) || null, outcome: job.outcome ?? null },
    ...{ reuse_count: numberOfJob(job.id) - 1, original_prompt: runs[0]?.prompt ?? job.prompt },
    ...{ runs: runs.filter(({ id }) => id !== job.id).map(runOf), depends_on: [] },
  };
}

/** The name of a job's files: `ID` for the latest of its agent, `ID#n` for an earlier one. */
export const stemOf = (agent: Agent, job: Job): string =>
  isLast(agent, job) ? agent.hire.agent : `${agent.hire.agent}#${numberOfJob(job.id)}`;

/** Does this name belong to a file of that agent's jobs? */
export const isFileOf = (agent: AgentId, name: string): boolean =>
  name === agent || [".", "#", "-subagents"].some((mark) => name.startsWith(agent + mark));
