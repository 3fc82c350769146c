import type { JobOrder } from "../../core/api.ts";
import type { Environment } from "../../core/environment.ts";
import type { Hire } from "../../core/facts.ts";
import type { AgentId, JobId, Mid, Millis, Principal } from "../../core/ids.ts";
import { budgetText } from "../../core/jobs/budget.ts";
import { jobMeant, jobsOf, nextJobId } from "../../core/jobs/numbering.ts";
import type { Clock, Offset, Random } from "../../core/ports.ts";
import { Refusal } from "../../core/refusal.ts";
import { type Agent, isAlive, type Job, type State } from "../../core/state.ts";
import { agentNamed } from "../agent-named.ts";
import type { Engine } from "../engine.ts";
import type { Operations, StartOrder } from "../operations.ts";

export interface JobsWorld {
  engine: Engine;
  operations: Pick<Operations, "prepare" | "mid">;
  clock: Clock;
  random: Random;
  /** The program and arguments that this hire would be started with. */
  commandLine(hire: Hire, environment?: Environment): string[];
  /** In words: what holds it to its permission level. */
  mechanism(hire: Hire): string;
  /** The whole prompt of a job; null = nobody has it any more. */
  prompt(job: Job): string | null;
  /** Bytes of an agent's terminal record. */
  logSize(agent: AgentId): Offset;
}

/** What would be started, and nothing was. */
export interface Preview {
  prompt: string;
  argv: string[];
  cwd: string;
  driver: string;
  model?: string;
  effort?: string;
  permission: Hire["permission"];
  mechanism: string;
}

export interface ReuseOrder {
  prompt: string;
  mid?: Mid;
  force?: boolean;
  timeoutMinutes?: number;
}

const DAY_MS = 86_400_000;

/** What people ask for about jobs that exist, or that might. */
export class JobDesk {
  constructor(private readonly world: JobsWorld) {}

  /** Everything about a start but the start (A7). */
  async preview(order: StartOrder): Promise<Preview> {
    const hire = await this.world.operations.prepare(order);
    const { driver, model, effort, permission, cwd } = hire;
    return {
      ...{ prompt: order.prompt, cwd, driver, model, effort, permission },
      argv: this.world.commandLine(hire, order.environment),
      mechanism: this.world.mechanism(hire),
    };
  }

  /** `mid` given by the client makes a repeated request harmless. */
  reuse(given: string, order: ReuseOrder, by: Principal): { agent: AgentId; job: JobId; mid: Mid } {
    const { engine, operations, random, logSize } = this.world;
    const { prompt, timeoutMinutes, force: isForced } = order;
    if (prompt.trim() === "") throw new Refusal("usage", "the prompt is empty", `muster reuse ${given} "what to do"`);
    const { agent } = agentNamed(engine.state, given).hire;
    const mid = order.mid ?? operations.mid();
    const known = jobsOf(engine.state, agent).find((job) => job.mid === mid);
    if (known) return { agent, job: known.id, mid };
    const job = nextJobId(engine.state, agent);
    const logFrom = logSize(agent);
    const wish = { id: job, mid, prompt, timeoutMinutes };
    engine.dispatch({ do: "reuse", agent, job: wish, control: random.hex(8), isForced, logFrom }, by);
    return { agent, job, mid };
  }

  /** Ends an agent, if it lives, and has its files removed. */
  discard(given: string, by: Principal): { agent: AgentId } {
    const { engine } = this.world;
    const { agent } = agentNamed(engine.state, given).hire;
    engine.dispatch({ do: "discard", agent }, by);
    return { agent };
  }

  /** Discards agents whose last job ended so many days ago and whose terminal is closed; `isDry`: only says which. */
  clean(days: number, isDry: boolean, by: Principal): { agents: AgentId[]; living: AgentId[] } {
    const { engine, clock } = this.world;
    const before = clock.now() - days * DAY_MS;
    const old = Object.values(engine.state.agents).filter((agent) => isOver(engine.state, agent, before));
    const named = (agents: Agent[]) => agents.map(({ hire }) => hire.agent);
    const ended = named(old.filter((agent) => !isAlive(agent) && !agent.opening));
    if (!isDry) for (const agent of ended) engine.dispatch({ do: "discard", agent }, by);
    return { agents: ended, living: named(old.filter(isAlive)) };
  }

  /** What it takes to start the same again (A111). */
  order(given: string): JobOrder {
    const { agent, job } = this.find(given);
    const { driver, scenario, permission, model, effort, worktree, isPlain } = agent.hire;
    const prompt = this.world.prompt(job);
    if (prompt === null) throw new Refusal("state", `the prompt of ${given} is not kept any more`);
    const { timeoutMinutes: timeout, budget } = job;
    return {
      ...{ id: job.id, prompt, agent: scenario ? `mock:${scenario}` : driver, sandbox: permission, model },
      ...{ reasoning: effort, timeout, budget: budget && budgetText(budget) },
      ...{ worktree: worktree !== undefined, plain: isPlain ?? false },
    };
  }

  /** The job that a person means, and its agent. */
  find(given: string): { agent: Agent; job: Job } {
    const { state } = this.world.engine;
    const agent = agentNamed(state, given);
    const job = jobMeant(state, agent.hire.agent, given);
    if (job) return { agent, job };
    const { team, agent: id } = agent.hire;
    const why = team === undefined ? `agent ${id} has no job ${given}` : `agent ${id} of team ${team} has no job`;
    throw new Refusal("missing", why, "muster jobs lists them");
  }
}

/** A job's agent of no team, all of whose jobs ended before that time. */
function isOver(state: State, { hire, isDiscarded }: Agent, before: Millis): boolean {
  const jobs = jobsOf(state, hire.agent);
  const isOld = jobs.every(({ finishedAt }) => finishedAt !== undefined && finishedAt <= before);
  return hire.team === undefined && !isDiscarded && jobs.length > 0 && isOld;
}
