import type { Command, Letter, Observation } from "../../src/core/commands.ts";
import { decide } from "../../src/core/decide.ts";
import type { Event, Fact, Hire } from "../../src/core/facts.ts";
import { fold } from "../../src/core/fold.ts";
import { addressOf, DAEMON, PERSON, type Principal } from "../../src/core/ids.ts";
import type { Message } from "../../src/core/state.ts";
import { emptyState, type State } from "../../src/core/state.ts";

export const ANN = "a0000001";
export const BOB = "b0000002";

export const hireOf = (agent: string, more: Partial<Hire> = {}): Hire => ({
  ...{ agent, driver: "standin", cwd: "/r", permission: "workspace-write" },
  ...more,
});

/** Decide and fold alone: commands become facts, a millisecond each, and facts a state. No log, no rules. */
export class History {
  state: State = emptyState();
  readonly events: Event[] = [];
  /** Time of the next fact. */
  at = 1_700_000_000_000;

  /** The types of the facts that a command made true; throws its Refusal. */
  dispatch(command: Command, by: Principal = PERSON): string[] {
    return this.fold(decide(this.state, command, by), by).map(({ type }) => type);
  }

  observe(...facts: Observation[]): string[] {
    return this.dispatch({ do: "observe", facts }, DAEMON);
  }

  /** Facts as they come out of a log. */
  fold(facts: Fact[], by: Principal = DAEMON): Event[] {
    const events = facts.map((fact) => {
      const event = { ...fact, seq: this.state.seq + 1, at: this.at++, by: addressOf(by) } as Event;
      this.state = fold(this.state, event);
      return event;
    });
    this.events.push(...events);
    return events;
  }

  hire(agent: string, more: Partial<Hire> = {}): void {
    this.dispatch({ do: "start", hire: hireOf(agent, more) });
  }

  /** An agent whose program runs in a pane and says that it is idle. */
  open(agent: string, incarnation = 1): void {
    this.observe({ type: "terminal.opening", agent, incarnation });
    this.observe({
      type: "terminal.opened",
      agent,
      incarnation,
      pane: `%${agent}${incarnation}`,
      pid: 7,
      log: "x.log",
    });
    this.observe({ type: "agent.changed", agent, activity: "idle" });
  }

  send(to: string, more: Partial<Letter> = {}): string[] {
    const letter: Letter = { mid: `m-${this.state.seq}`, from: "user", to, kind: "letter", text: "hello", ...more };
    return this.dispatch({ do: "send", letter });
  }

  message(mid: string): Message {
    const message = this.state.messages[mid];
    if (!message) throw new Error(`no message ${mid}`);
    return message;
  }
}
