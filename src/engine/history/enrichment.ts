import type { HistoryBook } from "../../core/history/book.ts";
import type { AgentId, JobId, Millis } from "../../core/ids.ts";
import { jobsOf, numberOfJob } from "../../core/jobs/numbering.ts";
import type { PriceTable } from "../../core/jobs/prices.ts";
import { livingAgents } from "../../core/living.ts";
import type { Clock } from "../../core/ports.ts";
import { type Agent, isAlive, type Job, type State } from "../../core/state.ts";
import type { Performed, Reactor } from "../reactor.ts";
import { Turns } from "../turns.ts";
import { Conversations, type Reading } from "./conversations.ts";

export interface EnrichmentWorld {
  clock: Pick<Clock, "monotonic">;
  state(): State;
  /** null = its driver reads no transcripts. */
  readingOf(agent: Agent): Reading | null;
  /** Muster's own copy of a job's transcript, which outlives the CLI's. */
  copyOf(agent: Agent, job: Job): string;
  prices(): PriceTable;
  book: Pick<HistoryBook, "transcripts" | "enrich">;
  /** More is known of an agent's jobs. */
  enriched(agent: AgentId): void;
  /** The job has its row. */
  flush(): boolean;
}

const PAUSE_MS = 500;
/** No fact says that a transcript became longer; it is written a moment behind the hooks (Claude Code 2.1.328). */
const LOOK_AGAIN_MS = 2000;
/** After something was told, or read. */
const FURTHER_LOOKS = 1;
/** Agents whose transcripts are read at the same time. */
const AT_ONCE = 4;

/** Tells the history what the CLI wrote down about each job (A41): only of the session that its hooks reported. */
export class EnrichmentReactor implements Reactor<AgentId> {
  readonly name = "enrichment";
  /** Whose transcripts may have grown. */
  private readonly turns: Turns;
  private readonly read = new Map<JobId, Conversations>();
  private readonly written = new Map<AgentId, Millis>();
  /** How often each is looked at once more though nothing new was found. */
  private readonly looks = new Map<AgentId, number>();
  private hasBegun = false;

  constructor(
    private readonly world: EnrichmentWorld,
    /** Those of whom something was told while no daemon ran. */
    private readonly missed: readonly AgentId[],
  ) {
    this.turns = new Turns(() => world.clock.monotonic(), AT_ONCE);
  }

  pending(state: State): Map<AgentId, AgentId> {
    if (!this.hasBegun) {
      this.hasBegun = true;
      for (const { hire } of livingAgents(state)) this.turns.add(hire.agent);
      for (const agent of this.missed) this.turns.addLast(agent);
    }
    const isOwed = (id: AgentId): boolean => {
      if (state.agents[id]?.job !== undefined) return true;
      this.forget(id);
      return false;
    };
    return new Map(this.turns.next(isOwed).map((id) => [id, id]));
  }

  told(ids: string[]): void {
    for (const given of ids) {
      const id = given.split("#")[0] ?? given;
      this.turns.add(id);
      this.looks.set(id, FURTHER_LOOKS);
    }
  }

  perform(id: AgentId): Promise<Performed> {
    return this.turns.take(id, () => this.lookAt(id));
  }

  private async lookAt(id: AgentId): Promise<Performed> {
    const { clock, state } = this.world;
    const now = clock.monotonic();
    const wait = (this.written.get(id) ?? Number.NEGATIVE_INFINITY) + PAUSE_MS - now;
    if (wait > 0) return this.turns.again(id, wait);
    const agent = state().agents[id];
    if (!agent) return {};
    const bytes = await this.look(agent, !this.written.has(id));
    this.written.set(id, now);
    const looks = bytes > 0 || agent.activity === "busy" ? FURTHER_LOOKS : (this.looks.get(id) ?? 0) - 1;
    this.looks.set(id, looks);
    if (looks >= 0) return this.turns.again(id, LOOK_AGAIN_MS);
    // What is told of it later is counted from the beginning, and comes out the same.
    if (!isAlive(agent)) this.forget(id);
    return {};
  }

  /** Bytes that were read of all its jobs; of earlier ones only what was not counted yet. */
  private async look(agent: Agent, isFirst: boolean): Promise<number> {
    let bytes = 0;
    for (const job of jobsOf(this.world.state(), agent.hire.agent)) {
      if (agent.job !== job.id && !isFirst && !this.read.has(job.id)) continue;
      bytes += await this.enrich(agent, job);
      if (job.closed) this.read.delete(job.id);
    }
    return bytes;
  }

  private forget(id: AgentId): void {
    this.turns.forget(id);
    this.written.delete(id);
    this.looks.delete(id);
    for (const job of this.read.keys()) if (job === id || job.startsWith(`${id}#`)) this.read.delete(job);
  }

  private async enrich(agent: Agent, job: Job): Promise<number> {
    const { book, flush, prices, copyOf } = this.world;
    const conversations = this.conversationsOf(agent, job);
    if (!conversations || conversations.size === 0) return 0;
    // The latest job's copy may still be that of the job before.
    const hasCopy = job.closed !== undefined || numberOfJob(job.id) === 1;
    const bytes = await conversations.readOn(hasCopy ? copyOf(agent, job) : undefined);
    if (!conversations.hasNews || conversations.isTorn) return bytes;
    // Looked at again, as if there were more.
    if (!flush()) return 1;
    const { calls, results } = conversations.heard;
    book.enrich(job.id, conversations.paths, conversations.enriched(prices()), calls, results);
    conversations.written();
    this.world.enriched(agent.hire.agent);
    return bytes;
  }

  /** Those of a job: read before, counted before a restart, and the present one. */
  private conversationsOf(agent: Agent, job: Job): Conversations | null {
    const { world } = this;
    const reading = world.readingOf(agent);
    if (!reading) return null;
    const known = this.read.get(job.id) ?? new Conversations(reading, world.book.transcripts(job.id));
    this.read.set(job.id, known);
    const own = job.closed ? job.closed.transcript : agent.job === job.id ? agent.transcript : undefined;
    // Until a new conversation began, the old one is not this job's.
    if (own !== undefined && job.awaits === undefined) known.add(own);
    return known;
  }
}
