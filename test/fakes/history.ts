import type { Command, Letter, Observation } from "../../src/core/commands.ts";
import { decide } from "../../src/core/decide.ts";
import type { Event, Fact, Hire } from "../../src/core/facts.ts";
import { fold } from "../../src/core/fold.ts";
import { addressOf, DAEMON, PERSON, type Principal } from "../../src/core/ids.ts";
import type { SettingsChanges } from "../../src/core/settings/settings.ts";
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

  /** Does each of these, told one after the other, say something new? */
  news(...facts: Observation[]): boolean[] {
    return facts.map((fact) => this.observe(fact).length > 0);
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

const SEATS = [
  { seat: "PeerA", agent: ANN, driver: "standin" },
  { seat: "PeerB", agent: BOB, driver: "standin" },
];

const settingsOf = (changes: SettingsChanges): Fact => ({
  ...{ type: "settings.loaded", team: "crew", hash: "h", changes, warnings: [] },
});

/** What makes the pair `crew` with its two members; `changes`: what its settings change. */
export const crewFacts = (changes?: SettingsChanges): Fact[] => [
  { type: "team.formed", team: "crew", topology: "pair", repo: "/r", seats: SEATS },
  ...(changes ? [settingsOf(changes)] : []),
  ...SEATS.map(({ agent, seat }): Fact => ({ type: "agent.hired", hire: hireOf(agent, { team: "crew", seat }) })),
];
