import { type Command, observe } from "../../core/commands.ts";
import type { AgentId } from "../../core/ids.ts";
import { type Budget, spentOf, WARN_SHARE } from "../../core/jobs/budget.ts";
import { livingAgents } from "../../core/living.ts";
import type { Clock } from "../../core/ports.ts";
import { type Agent, isAlive, type Job, type State } from "../../core/state.ts";
import type { Performed, Reactor } from "../reactor.ts";
import { openJobs } from "./timeouts.ts";

export interface BudgetWorld {
  clock: Pick<Clock, "now">;
  /** Tokens that a job has used, as its CLI wrote them down; null = nobody knows. */
  tokens(agent: Agent, job: Job): Promise<number | null>;
}

interface Task {
  agent: Agent;
  job: Job;
}

/** No fact says that a transcript became longer. */
const LOOK_AGAIN_MS = 3000;
/** A turn that does not end by its interrupt ends with its program. */
const PATIENCE_MS = 30_000;

/** Is it still in the turn in which its budget ran out? */
const runsOn = ({ activity, since }: Agent, { overspent }: Job): boolean =>
  activity === "busy" && overspent !== undefined && since <= overspent.at;

/** A job that ran out of its budget, and whose turn goes on. */
function unstopped(state: State): Task[] {
  return livingAgents(state).flatMap((agent) => {
    const job = state.jobs[agent.job ?? ""];
    return job && !agent.dismissed && isAlive(agent) && runsOn(agent, job) ? [{ agent, job }] : [];
  });
}

/** Warns at 80 % of a job's budget and ends its turn at 100 % (A8). */
export class BudgetReactor implements Reactor<Task> {
  readonly name = "budget";

  constructor(private readonly world: BudgetWorld) {}

  pending(state: State): Map<AgentId, Task> {
    const open = openJobs(state).filter(({ job }) => job.budget !== undefined);
    return new Map([...open, ...unstopped(state)].map((task) => [task.agent.hire.agent, task]));
  }

  async perform({ agent, job }: Task): Promise<Performed> {
    const { budget, overspent } = job;
    if (!budget) return {};
    if (overspent) return this.insist(agent, overspent.at);
    const spent = budget.unit === "usd" ? (agent.usage?.cost ?? null) : await this.world.tokens(agent, job);
    const again = budget.unit === "tokens" && agent.activity === "busy" ? LOOK_AGAIN_MS : undefined;
    if (spent === null || spent < budget.limit * WARN_SHARE) return { again };
    if (spent >= budget.limit) return { commands: stop(agent, job, budget, spent), again: PATIENCE_MS };
    return job.warned === undefined ? { commands: [warn(job, budget, spent)], again } : { again };
  }

  private insist(agent: Agent, at: number): Performed {
    const wait = at + PATIENCE_MS - this.world.clock.now();
    if (wait > 0) return { again: wait };
    return { commands: [{ do: "kill", agent: agent.hire.agent, reason: EXCEEDED }] };
  }
}

const EXCEEDED = "budget exceeded";

function warn(job: Job, budget: Budget, spent: number): Command {
  const { id, agent } = job;
  const text = `job ${id} has used ${spentOf(budget, spent)}`;
  return observe(
    { type: "job.warned", job: id, agent, spent },
    { type: "notice.raised", level: "warning", text, about: agent },
  );
}

/** Its conversation stays: a person may go on with it. In a dialog no key is pressed, so the program ends. */
function stop({ activity }: Agent, { id, agent }: Job, budget: Budget, spent: number): Command[] {
  const reason = `${EXCEEDED}: ${spentOf(budget, spent)}`;
  const over = observe(
    { type: "job.overspent", job: id, agent, spent },
    { type: "job.finished", job: id, outcome: "failed", reason },
    { type: "notice.raised", level: "error", text: `job ${id} was stopped: ${reason}`, about: agent },
  );
  if (activity === "idle") return [over];
  if (activity !== "busy") return [over, { do: "kill", agent, reason: EXCEEDED }];
  return [over, { do: "control", agent, id: `${id}-budget`, action: "interrupt" }];
}
