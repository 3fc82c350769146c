import type { Command, Observation } from "../../src/core/commands.ts";
import { observe } from "../../src/core/commands.ts";
import type { Event, FactOf, FactType } from "../../src/core/facts.ts";
import { DAEMON, PERSON, type Principal } from "../../src/core/ids.ts";
import type { Log } from "../../src/core/ports.ts";
import type { State } from "../../src/core/state.ts";
import { type Engine, openEngine, type Rule } from "../../src/engine/engine.ts";
import { type Reactor, Reactors } from "../../src/engine/reactor.ts";
import { openLog } from "../../src/store/log.ts";
import { HandClock, settle } from "./clock.ts";
import { hireOf } from "./history.ts";

/** The real engine over SQLite in memory, with a clock moved by hand; reactors run when they are given. */
export class House {
  readonly clock = new HandClock();
  readonly log: Log = openLog(":memory:");
  readonly engine: Engine;
  private reactors: Reactors | null = null;

  constructor(rules: Rule[] = []) {
    this.engine = openEngine({ log: this.log, clock: this.clock, rules });
  }

  get state(): State {
    return this.engine.state;
  }

  run(...reactors: Reactor<never>[]): Reactors {
    this.reactors = new Reactors(this.engine, this.clock, reactors as unknown as Reactor<unknown>[]);
    return this.reactors;
  }

  dispatch(command: Command, by: Principal = PERSON): Event[] {
    return this.engine.dispatch(command, by);
  }

  observe(...facts: Observation[]): Event[] {
    return this.engine.dispatch(observe(...facts), DAEMON);
  }

  /** An agent with a job whose prompt is the message `mid`. */
  start(agent: string, mid = `m-${agent}`, prompt = "do it"): void {
    this.dispatch({ do: "start", hire: hireOf(agent), job: { id: agent, mid, prompt } });
  }

  /** Its program runs in a pane and says that it is idle. */
  open(agent: string, incarnation = 1): void {
    this.observe({ type: "terminal.opening", agent, incarnation });
    this.observe({ type: "terminal.opened", agent, incarnation, pane: `%${incarnation}`, pid: 7, log: `${agent}.log` });
    this.observe({ type: "agent.changed", agent, activity: "idle" });
  }

  facts<T extends FactType>(type: T): FactOf<T>[] {
    return this.log.read(0).filter((event) => event.type === type) as unknown as FactOf<T>[];
  }

  settle = settle;

  async end(): Promise<void> {
    const stopping = this.reactors?.stop();
    // What still waits for its time is let go.
    while (this.clock.next !== null) await this.clock.pass(this.clock.next);
    await stopping;
    this.log.close();
  }
}
