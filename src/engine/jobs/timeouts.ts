import type { AgentId } from "../../core/ids.ts";
import { livingAgents } from "../../core/living.ts";
import type { Clock } from "../../core/ports.ts";
import type { Agent, Job, State } from "../../core/state.ts";
import type { Performed, Reactor } from "../reactor.ts";

interface Task {
  agent: Agent;
  job: Job;
  minutes: number;
}

/** The open jobs of agents that have had a terminal. */
export function openJobs(state: State): { agent: Agent; job: Job }[] {
  return livingAgents(state).flatMap((agent) => {
    const job = state.jobs[agent.job ?? ""];
    const isOpen = job !== undefined && job.outcome === undefined && agent.incarnation > 0 && !agent.dismissed;
    return isOpen ? [{ agent, job }] : [];
  });
}

/** A timer takes at most so long. */
const LONGEST_MS = 2 ** 31 - 1;

/** Ends agents whose job takes longer than it may (A35). What waits for its place does not count. */
export class TimeoutReactor implements Reactor<Task> {
  readonly name = "timeout";

  constructor(private readonly clock: Pick<Clock, "now">) {}

  pending(state: State): Map<AgentId, Task> {
    const limited = openJobs(state).flatMap(({ agent, job }) =>
      job.timeoutMinutes === undefined ? [] : [{ agent, job, minutes: job.timeoutMinutes }],
    );
    return new Map(limited.map((task) => [task.agent.hire.agent, task]));
  }

  async perform({ agent, job, minutes }: Task): Promise<Performed> {
    const wait = (job.startedAt ?? job.createdAt) + minutes * 60_000 - this.clock.now();
    if (wait > 0) return { again: Math.min(wait, LONGEST_MS) };
    return { commands: [{ do: "kill", agent: agent.hire.agent, reason: "timeout" }] };
  }
}
