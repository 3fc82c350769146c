import type { Event } from "../../core/facts.ts";
import { fold } from "../../core/fold.ts";
import type { Entry, HistoryBook } from "../../core/history/book.ts";
import { addedBy, approvalEntry, jobEntry, taskEntry, teamEntry, triggerEntries } from "../../core/history/rows.ts";
import type { AgentId, JobId, Mid, Millis, Seq, TeamName } from "../../core/ids.ts";
import { jobsOf } from "../../core/jobs/numbering.ts";
import type { Clock, Log } from "../../core/ports.ts";
import type { Job, State } from "../../core/state.ts";
import type { Engine } from "../engine.ts";

export interface HistoryWorld {
  log: Pick<Log, "tail" | "body">;
  clock: Clock;
  ending: AbortSignal;
  book: HistoryBook;
  /** The whole prompt of a job; null = nobody has it any more. */
  prompt(state: State, mid: Mid): string | null;
  /** The tables could not be written. */
  tell(text: string): void;
}

/** Rows are written together, at most so often. */
const PAUSE_MS = 250;
/** After a failure. */
const RETRY_MS = 5000;
/** Facts of one transaction while much is made up for. */
const BATCH = 1000;

/** Facts that change nothing which stands in a row. */
const SILENT = new Set<string>(["hook.heard", "hook.failed", "terminal.captured", "permission.told"]);

const known = <K extends string | number, T>(table: Record<K, T>, keys: Iterable<K>): T[] =>
  [...keys].flatMap((key) => (Object.hasOwn(table, key) ? [table[key]] : []));

/** Whole prompts; null = nobody has it any more, or it stands there already. */
interface Texts {
  prompt(state: State, job: Job): string | null;
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
      return job && agent ? [jobEntry(state, agent, job, prompt(state, job))] : [];
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

/**
 * Keeps the tables of what was as the log says (A37, A85-A90). Nothing is read back from them. What they miss at a daemon's start
 * they get while it folds the log anyway: the state of now knows nothing of what was removed since, and a second one would
 * take as much memory again.
 */
export class HistoryProjector {
  private due = new Due();
  private seq: Seq;
  private engine: Engine | null = null;
  /** Agents of jobs whose rows changed before somebody asked; null = somebody did. */
  private missed: Set<AgentId> | null = new Set();
  /** Jobs whose prompt stands in their row: it may be long, and never changes. */
  private readonly prompted = new Set<JobId>();
  private readonly texts: Texts = {
    prompt: (state, { id, mid }) => (this.prompted.has(id) ? null : this.world.prompt(state, mid)),
    body: (seq) => this.world.log.body(seq) ?? null,
  };
  private isWaiting = false;
  private hasFailed = false;
  private unsubscribe = (): void => {};

  constructor(private readonly world: HistoryWorld) {
    const [{ seq } = { seq: 0 }] = world.log.tail(1);
    const known = world.book.seq();
    // Tables of another log: all of it is new.
    this.seq = known > seq ? 0 : known;
  }

  /** Folds a fact that the log has already, and keeps what the tables miss of it, some thousand facts in one transaction. */
  replay(state: State, event: Event): State {
    if (event.seq <= this.seq) return fold(state, event);
    // Before a removal takes them out of the state.
    if (event.type === "agent.removed" && this.due.jobs.size > 0) this.keep(state, event.seq - 1);
    const next = fold(state, event);
    this.due.note(event, next);
    if (event.seq - this.seq >= BATCH) this.keep(next, event.seq);
    return next;
  }

  /** The log is read: from now on facts are heard as they happen. */
  start(engine: Engine): void {
    this.engine = engine;
    if (this.seq < engine.state.seq) this.keep(engine.state, engine.state.seq);
    this.unsubscribe = engine.subscribe((events) => this.hear(events, engine.state));
  }

  /** Agents of the jobs that something was written about until now; asked once. */
  takeMissed(): AgentId[] {
    const agents = [...(this.missed ?? [])];
    this.missed = null;
    return agents;
  }

  /** Before somebody asks the tables. False = they could not be written. */
  flush(): boolean {
    const { state } = this.engine ?? {};
    if (!state || state.seq === this.seq) return true;
    try {
      this.keep(state, state.seq);
      this.hasFailed = false;
    } catch (error) {
      if (!this.hasFailed) this.world.tell(`the history cannot be written: ${(error as Error).message}`);
      this.hasFailed = true;
    }
    return !this.hasFailed;
  }

  end(): void {
    this.unsubscribe();
    this.flush();
  }

  private hear(events: Event[], state: State): void {
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

  private keep(state: State, seq: Seq): void {
    this.world.book.write(this.due.entries(state, this.texts), seq);
    for (const id of this.due.jobs) {
      this.prompted.add(id);
      this.missed?.add(id.split("#")[0] ?? id);
    }
    this.due = new Due();
    this.seq = seq;
  }
}
