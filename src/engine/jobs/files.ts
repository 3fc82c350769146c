import { observe } from "../../core/commands.ts";
import type { AgentId, Millis } from "../../core/ids.ts";
import { jobsOf } from "../../core/jobs/numbering.ts";
import { jobRecord, stemOf } from "../../core/jobs/record.ts";
import { livingAgents } from "../../core/living.ts";
import type { Clock } from "../../core/ports.ts";
import { type Agent, isAlive, type Job, type State } from "../../core/state.ts";
import type { Performed, Reactor } from "../reactor.ts";
import { Turns } from "../turns.ts";

export interface JobFilesWorld {
  clock: Pick<Clock, "now">;
  state(): State;
  /** The whole prompt of a job; null = nobody has it any more. */
  prompt(job: Job): string | null;
  /** Writes a file of a job whole, unless it says just that already. */
  write(name: string, text: string): Promise<void>;
  /** Transcripts of a job's sub-agents, beside this one of its own. */
  subagents(agent: Agent, job: Job, transcript: string): string[];
  /** Copies a transcript, unless the copy is as new. */
  copy(name: string, path: string): Promise<void>;
  /** Closes what panes there still are, and removes everything of this agent. */
  remove(agent: AgentId): Promise<void>;
}

/** Agents whose files are written at the same time. */
const AT_ONCE = 8;
/** Files of one agent are written together, at most so often. */
const PAUSE_MS = 500;

/** Keeps the files of jobs as the facts say (A31), and removes those of discarded ones. They are copies: nothing is read back. */
export class JobFilesReactor implements Reactor<Agent> {
  readonly name = "job files";
  private readonly turns: Turns;
  private hasBegun = false;
  private readonly written = new Map<AgentId, Millis>();
  /** Which job's prompt stands in each file. */
  private readonly prompts = new Map<string, string>();

  constructor(private readonly world: JobFilesWorld) {
    this.turns = new Turns(() => world.clock.now(), AT_ONCE);
  }

  /** At first all, those that are not over before the others; then those of whom something was told since. */
  pending(state: State): Map<AgentId, Agent> {
    const { agents } = state;
    if (!this.hasBegun) {
      this.hasBegun = true;
      for (const { hire } of livingAgents(state)) this.turns.add(hire.agent);
      for (const id of Object.keys(agents)) this.turns.addLast(id);
    }
    const own = new Map<AgentId, Agent>();
    const isOwed = ({ job, isDiscarded }: Agent): boolean => job !== undefined || isDiscarded === true;
    for (const id of this.turns.next((id) => agents[id] !== undefined && isOwed(agents[id]))) {
      if (agents[id]) own.set(id, agents[id]);
    }
    return own;
  }

  /** `ID#2` is a job of `ID`. */
  told(ids: string[]): void {
    for (const id of ids) this.turns.add(id.split("#")[0] ?? id);
  }

  perform({ hire }: Agent): Promise<Performed> {
    return this.turns.take(hire.agent, () => this.write(hire.agent));
  }

  private async write(id: AgentId): Promise<Performed> {
    const { world } = this;
    const agent = world.state().agents[id];
    if (!agent) return {};
    if (agent.isDiscarded) return this.remove(agent);
    const now = world.clock.now();
    const wait = (this.written.get(id) ?? Number.NEGATIVE_INFINITY) + PAUSE_MS - now;
    if (wait > 0) return this.turns.again(id, wait);
    this.written.set(id, now);
    for (const job of jobsOf(world.state(), id)) await this.keep(agent, job);
    return {};
  }

  private async keep(agent: Agent, job: Job): Promise<void> {
    const { world } = this;
    const stem = stemOf(agent, job);
    await world.write(`${stem}.json`, `${JSON.stringify(jobRecord(world.state(), agent, job), null, 1)}\n`);
    if (this.prompts.get(stem) !== job.id) {
      const prompt = world.prompt(job);
      if (prompt !== null) await world.write(`${stem}.prompt`, prompt);
      this.prompts.set(stem, job.id);
    }
    const isOwn = agent.job === job.id;
    const transcript = job.closed ? job.closed.transcript : agent.transcript;
    // Until a new conversation began, the old one is not this job's.
    const isSettled = isOwn ? agent.activity !== "busy" && job.awaits === undefined : true;
    if (transcript === undefined || !isSettled) return;
    await world.copy(`${stem}.transcript.jsonl`, transcript);
    for (const path of world.subagents(agent, job, transcript))
      await world.copy(`${agent.hire.agent}-subagents/${path.split("/").at(-1)}`, path);
  }

  /** Its program has to be gone: what it writes late would stay. */
  private async remove(agent: Agent): Promise<Performed> {
    if (isAlive(agent) || agent.opening) return {};
    const { agent: id } = agent.hire;
    await this.world.remove(id);
    this.written.delete(id);
    for (const stem of this.prompts.keys()) if (stem === id || stem.startsWith(`${id}#`)) this.prompts.delete(stem);
    return { commands: [observe({ type: "agent.removed", agent: id })] };
  }
}
