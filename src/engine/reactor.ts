import { type Command, observe } from "../core/commands.ts";
import type { Event, FactType } from "../core/facts.ts";
import { type AgentId, DAEMON, LEAD, LEADS } from "../core/ids.ts";
import type { Clock } from "../core/ports.ts";
import { Refusal } from "../core/refusal.ts";
import type { State } from "../core/state.ts";
import type { Engine } from "./engine.ts";

/** What a performed task wants next. `again`: look once more after so many milliseconds, even if nothing happened. */
export interface Performed {
  commands?: Command[];
  again?: number;
  /** Other reactors may find work now, though no fact says so. */
  opensWork?: boolean;
}

/**
 * Finds what the world still owes the state, and does it. Level-triggered: `pending` is computed from the state alone, so
 * after a crash the same list comes out again; `perform` looks at evidence before it repeats an effect.
 */
export interface Reactor<T> {
  name: string;
  /** Tasks by the id of what they are about (agent, patch, team); one task of a key runs at a time. */
  pending(state: State): Map<string, T>;
  /** The facts that change its list, or what its tasks find when they are named; absent = any. */
  answers?: readonly FactType[];
  /** Something about these ids may have changed; for a reactor that does not look at all of them each time. */
  told?(ids: string[]): void;
  perform(task: T, signal: AbortSignal): Promise<Performed>;
}

/** A reactor's bug is shown, and its task is tried again after this long. */
export const RETRY_MS = 1000;

/** What may let a task begin or end. */
const QUEUE_MOVERS = /^(?:queue|lead|job|limit|agent|usage)\.|^turn\.ended$|^terminal\.(?:opened|exited|lost)$/;

/** What may give the pulse something to do. */
const PULSE_MOVERS = /^trigger\.(?:added|edited|toggled)$|^(?:mode|pulse|lead|queue)\./;

/** Ids that a fact names, and the recipient of its message: tasks about these are looked at again. */
function touched(event: Event, state: State): string[] {
  const known = event as unknown as Record<string, unknown>;
  const ids = ["agent", "mid", "to", "patch", "team", "author", "repo", "job"].map((key) => known[key]);
  if (event.type === "agent.hired") ids.push(event.hire.agent);
  if (event.type.startsWith("lead.")) ids.push((event as { lead?: AgentId }).lead ?? LEAD);
  if (QUEUE_MOVERS.test(event.type)) ids.push("queue");
  if (PULSE_MOVERS.test(event.type)) ids.push("pulse");
  if (event.type === "config.loaded") ids.push(...Object.keys(state.agents), ...LEADS, "queue", "pulse");
  if (event.type === "agent.restarted") ids.push(state.agents[event.agent]?.hire.team);
  if ("mid" in event && event.mid) ids.push(state.messages[event.mid]?.to);
  return ids.filter((id): id is string => typeof id === "string");
}

/** Runs reactors over an engine until stopped. A performed task rests until a fact, a wake or its own time touches it. */
export class Reactors {
  private readonly stopping = new AbortController();
  private readonly busy = new Map<string, Promise<void>>();
  private readonly resting = new Set<string>();
  private readonly timers = new Map<string, AbortController>();
  /** Last failure of each task: said once, not each second. */
  private readonly reported = new Map<string, string>();
  /** Reactors whose list may be another one since the last look. */
  private readonly stale = new Set<Reactor<unknown>>();
  private isScheduled = false;
  private readonly unsubscribe: () => void;

  constructor(
    private readonly engine: Engine,
    private readonly clock: Clock,
    private readonly reactors: Reactor<unknown>[],
  ) {
    this.unsubscribe = engine.subscribe((events) => this.hear(events));
    this.schedule(...reactors);
  }

  /** Something about these ids changed outside the log. */
  wake(...ids: string[]): void {
    for (const reactor of this.reactors) this.rouse(reactor, ids);
  }

  /** Something changed outside the log that only this reactor looks at. */
  wakeOne(name: string, ...ids: string[]): void {
    for (const reactor of this.reactors) if (reactor.name === name) this.rouse(reactor, ids);
  }

  private rouse(reactor: Reactor<unknown>, ids: string[]): void {
    reactor.told?.(ids);
    for (const id of ids) this.resting.delete(`${reactor.name} ${id}`);
    this.schedule(reactor);
  }

  private hear(events: Event[]): void {
    for (const event of events) {
      const ids = touched(event, this.engine.state);
      for (const reactor of this.reactors) {
        if (!reactor.answers || reactor.answers.includes(event.type)) this.rouse(reactor, ids);
      }
    }
  }

  /** What is being performed at this moment: the reactor, and what it is about. */
  doing(): string[] {
    return [...this.busy.keys()].sort();
  }

  /** Resolves when nothing is being performed. */
  async drain(): Promise<void> {
    while (this.busy.size > 0 || this.isScheduled) {
      await Promise.allSettled(this.busy.values());
      await Promise.resolve();
    }
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.unsubscribe();
    for (const timer of this.timers.values()) timer.abort();
    await Promise.allSettled(this.busy.values());
  }

  private schedule(...reactors: Reactor<unknown>[]): void {
    for (const reactor of reactors) this.stale.add(reactor);
    if (this.isScheduled || this.stopping.signal.aborted) return;
    this.isScheduled = true;
    queueMicrotask(() => {
      this.isScheduled = false;
      const stale = this.reactors.filter((reactor) => this.stale.has(reactor));
      this.stale.clear();
      if (!this.stopping.signal.aborted) for (const reactor of stale) this.look(reactor);
    });
  }

  private look(reactor: Reactor<unknown>): void {
    for (const [key, task] of reactor.pending(this.engine.state)) {
      const id = `${reactor.name} ${key}`;
      if (this.busy.has(id) || this.resting.has(id)) continue;
      this.resting.add(id);
      this.busy.set(id, this.work(reactor, id, task));
    }
  }

  private async work(reactor: Reactor<unknown>, id: string, task: unknown): Promise<void> {
    // Starting in a later turn keeps `perform` out of the transaction that woke it.
    await Promise.resolve();
    let again: number | undefined;
    try {
      const performed = await reactor.perform(task, this.stopping.signal);
      again = performed.again;
      for (const command of performed.commands ?? []) this.engine.dispatch(command, DAEMON);
      if (performed.opensWork) this.schedule(...this.reactors);
    } catch (error) {
      if (!this.stopping.signal.aborted) again = this.report(id, error);
    } finally {
      this.busy.delete(id);
    }
    if (again !== undefined) this.lookAgain(reactor, id, again);
    this.schedule(reactor);
  }

  /** One timer per task: a later wish replaces an earlier one, or looks would multiply. */
  private lookAgain(reactor: Reactor<unknown>, id: string, delay: number): void {
    this.timers.get(id)?.abort();
    const timer = new AbortController();
    this.timers.set(id, timer);
    const look = () => {
      this.timers.delete(id);
      this.resting.delete(id);
      this.schedule(reactor);
    };
    void this.clock.sleep(delay, timer.signal).then(look, () => {});
  }

  private report(id: string, error: unknown): number {
    const reason = error instanceof Error ? error.message : String(error);
    if (this.reported.get(id) === reason) return RETRY_MS;
    this.reported.set(id, reason);
    console.error(`reactor ${id}:`, error instanceof Refusal ? reason : error);
    try {
      const text = `${id} failed: ${reason}`;
      this.engine.dispatch(observe({ type: "notice.raised", level: "error", text }), DAEMON);
    } catch {
      // The log itself cannot be written: the console line above is all that can be said.
    }
    return RETRY_MS;
  }
}
