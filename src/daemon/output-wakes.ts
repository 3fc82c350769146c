import type { AgentId, Millis } from "../core/ids.ts";
import type { Clock } from "../core/ports.ts";
import { isOpen } from "../core/state.ts";
import type { Engine } from "../engine/engine.ts";
import type { Reactors } from "../engine/reactor.ts";

/** A terminal that prints without pause is looked at so often at most; each look costs the daemon and tmux about a millisecond. */
const PAUSE_MS = 100;

/** Reactors that read the screen of whom they bring something. */
const READERS = ["delivery", "control"];

/** Output of an agent wakes whoever brings it something: at once after a pause, and only while something waits for it. */
export class OutputWakes {
  private readonly waiting = new Set<AgentId>();
  private readonly wokenAt = new Map<AgentId, Millis>();
  /** A wake is to come that covers what is printed meanwhile. */
  private readonly due = new Set<AgentId>();

  constructor(
    private readonly engine: Pick<Engine, "state" | "subscribe">,
    private readonly clock: Pick<Clock, "monotonic" | "sleep">,
    private readonly reactors: Pick<Reactors, "wakeOne">,
  ) {
    this.note();
    engine.subscribe((events) => {
      if (events.some(({ type }) => type.startsWith("message."))) this.note();
    });
  }

  readonly hear = (agent: AgentId): void => {
    if (!this.waiting.has(agent) || this.due.has(agent)) return;
    const left = (this.wokenAt.get(agent) ?? Number.NEGATIVE_INFINITY) + PAUSE_MS - this.clock.monotonic();
    if (left <= 0) {
      this.rouse(agent);
      return;
    }
    this.due.add(agent);
    void this.clock.sleep(left).then(() => {
      this.due.delete(agent);
      this.rouse(agent);
    });
  };

  private rouse(agent: AgentId): void {
    this.wokenAt.set(agent, this.clock.monotonic());
    for (const reactor of READERS) this.reactors.wakeOne(reactor, agent);
  }

  private note(): void {
    this.waiting.clear();
    for (const message of Object.values(this.engine.state.messages)) if (isOpen(message)) this.waiting.add(message.to);
    for (const agent of this.wokenAt.keys()) if (!this.waiting.has(agent)) this.wokenAt.delete(agent);
  }
}
