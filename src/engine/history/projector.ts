import type { Event } from "../../core/facts.ts";
import { fold } from "../../core/fold.ts";
import type { Entry, HistoryBook } from "../../core/history/book.ts";
import { addedBy, approvalEntry, jobEntry, taskEntry, teamEntry, triggerEntries } from "../../core/history/rows.ts";
import type { AgentId, JobId, Mid, Millis, Seq, TeamName } from "../../core/ids.ts";
import { jobsOf } from "../../core/jobs/numbering.ts";
import type { Clock, Log } from "../../core/ports.ts";
import { emptyState, type Job, type State } from "../../core/state.ts";
import type { Engine } from "../engine.ts";

export interface HistoryWorld {
  engine: Engine;
  log: Pick<Log, "read" | "body">;
  clock: Clock;
  ending: AbortSignal;
  book: HistoryBook;
  /** The whole prompt of a job; null = nobody has it any more. */
  prompt(mid: Mid): string | null;
  /** The tables could not be written. */
  tell(text: string): void;
}

/** Rows are written together, at most so often. */
const PAUSE_MS = 250;
/** After a failure. */
const RETRY_MS = 5000;
/** Facts of a batch while much is made up for. */
const BATCH = 1000;

/** Facts that change nothing which stands in a row. */
const SILENT = new Set<string>(["hook.heard", "hook.failed", "terminal.captured", "permission.told"]);

const known = <K extends string | number, T>(table: Record<K, T>, keys: Iterable<K>): T[] =>
  [...keys].flatMap((key) => (Object.hasOwn(table, key) ? [table[key]] : []));

/** Whole prompts; null = nobody has it any more, or it stands there already. */
interface Texts {
  prompt(job: Job): string | null;
  body(seq: Seq): string | null;
}

/** What of the tables is not as the facts say. */
class Due {
  readonly jobs = new Set<JobId>();
  readonly tasks = new Set<number>();
  readonly approvals = new Set<string>();
  readonly teams = new Map<TeamName, Millis | null>();
  readonly added: Entry[] = [];
  areTriggers = false;

  note(event: Event, state: State): void {
    this.added.push(...addedBy(event, state));
    if (SILENT.has(event.type)) return;
    const { job, agent, task } = event as { job?: JobId; agent?: AgentId; task?: number };
    if (typeof task === "number") this.tasks.add(task);
    if (event.type === "job.created") for (const { id } of jobsOf(state, event.agent).slice(-2)) this.jobs.add(id);
    else if (job !== undefined) this.jobs.add(job);
    else if (agent !== undefined) this.addLatest(state, agent);
    if (/^(?:trigger|mode)\./.test(event.type)) this.areTriggers = true;
    if (event.type === "approval.asked" || event.type === "approval.decided") this.approvals.add(event.approval);
    if (event.type === "team.formed") this.teams.set(event.team, null);
    if (event.type === "team.stopped") this.teams.set(event.team, event.at);
    if (event.type === "agent.removed") this.added.push({ removed: event.agent, at: event.at });
  }

  entries(state: State, { prompt, body }: Texts): Entry[] {
    const { queue, triggers, teams } = state;
    const jobs = [...this.jobs].flatMap((id) => {
      const job = state.jobs[id];
      const agent = job && state.agents[job.agent];
      return job && agent ? [jobEntry(state, agent, job, prompt(job))] : [];
    });
    const tasks = known(queue.tasks, this.tasks).map((task) => taskEntry(state, task, body(task.seq)));
    const approvals = known(triggers.approvals, this.approvals).map(approvalEntry);
    const formed = known(teams, this.teams.keys()).map((team) => teamEntry(team, this.teams.get(team.name) ?? null));
    const rules = this.areTriggers ? triggerEntries(state) : [];
    // Last: removal marks rows that are written just before.
    return [...jobs, ...tasks, ...approvals, ...formed, ...rules, ...this.added];
  }

  private addLatest({ agents }: State, agent: AgentId): void {
    const { job } = agents[agent] ?? {};
    if (job !== undefined) this.jobs.add(job);
  }
}

/** Keeps the tables of what was as the log says (A37, A85-A90). Nothing is read back from them. */
export class HistoryProjector {
  private due = new Due();
  private seq: Seq = 0;
  /** Jobs whose prompt stands in their row: it may be long, and never changes. */
  private readonly prompted = new Set<JobId>();
  private readonly texts: Texts = {
    prompt: ({ id, mid }) => (this.prompted.has(id) ? null : this.world.prompt(mid)),
    body: (seq) => this.world.log.body(seq) ?? null,
  };
  private isWaiting = false;
  private hasFailed = false;
  private unsubscribe = (): void => {};

  constructor(private readonly world: HistoryWorld) {}

  /** What happened while nobody wrote comes first. Returns the agents of the jobs that it was about. */
  start(): AgentId[] {
    const { engine, book } = this.world;
    const known = book.seq();
    // Tables of another log: all of it is new.
    this.seq = known > engine.state.seq ? 0 : known;
    const agents = this.catchUp();
    this.unsubscribe = engine.subscribe((events) => this.hear(events));
    return agents;
  }

  /** Before somebody asks the tables. False = they could not be written. */
  flush(): boolean {
    const { engine, tell } = this.world;
    const { seq } = engine.state;
    if (seq === this.seq) return true;
    try {
      this.keep(engine.state, seq);
      this.hasFailed = false;
    } catch (error) {
      if (!this.hasFailed) tell(`the history cannot be written: ${(error as Error).message}`);
      this.hasFailed = true;
    }
    return !this.hasFailed;
  }

  end(): void {
    this.unsubscribe();
    this.flush();
  }

  private hear(events: Event[]): void {
    const { state } = this.world.engine;
    for (const event of events) this.due.note(event, state);
    // The next fact of these takes them out of the state.
    if (events.some(({ type }) => type === "agent.discarded" || type === "agent.removed")) this.flush();
    if (!this.isWaiting) void this.flushLater().catch(() => {});
  }

  private async flushLater(): Promise<void> {
    const { clock, ending } = this.world;
    this.isWaiting = true;
    let wait = PAUSE_MS;
    do {
      await clock.sleep(wait, ending);
      wait = RETRY_MS;
    } while (!this.flush());
    this.isWaiting = false;
  }

  /**
   * The state of now knows nothing of what was removed since, and of old tasks: unless the gap is small and harmless, the log is
   * folded once more, batch by batch.
   */
  private catchUp(): AgentId[] {
    const { log, engine } = this.world;
    const end = engine.state.seq;
    if (this.seq === end) return [];
    const gap = end - this.seq <= BATCH ? log.read(this.seq, BATCH) : null;
    const isHarmless = gap?.every(({ type }) => type !== "agent.removed" && type !== "trigger.removed");
    const agents = new Set<AgentId>();
    if (gap && isHarmless) this.write(gap, engine.state, agents);
    else this.foldAgain(agents);
    return [...agents];
  }

  private foldAgain(agents: Set<AgentId>): void {
    const { log } = this.world;
    const from = this.seq;
    let state = emptyState();
    for (let events = log.read(0, BATCH); events.length > 0; events = log.read(state.seq, BATCH)) {
      for (const event of events) {
        // Before a removal takes them out of the state.
        if (event.type === "agent.removed" && this.due.jobs.size > 0) this.keep(state, event.seq - 1);
        state = fold(state, event);
        if (event.seq > from) this.noteIn(event, state, agents);
      }
      if (state.seq > from) this.keep(state, state.seq);
    }
  }

  private write(events: Event[], state: State, agents: Set<AgentId>): void {
    for (const event of events) this.noteIn(event, state, agents);
    this.keep(state, events.at(-1)?.seq ?? this.seq);
  }

  private noteIn(event: Event, state: State, agents: Set<AgentId>): void {
    this.due.note(event, state);
    for (const id of this.due.jobs) agents.add(id.split("#")[0] ?? id);
  }

  private keep(state: State, seq: Seq): void {
    this.world.book.write(this.due.entries(state, this.texts), seq);
    for (const id of this.due.jobs) this.prompted.add(id);
    this.due = new Due();
    this.seq = seq;
  }
}
