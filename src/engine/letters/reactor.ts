import { type Command, observe } from "../../core/commands.ts";
import type { FaultPoint } from "../../core/fault-points.ts";
import { DAEMON, type Mid, midOf, type Principal, sourceOf, type TeamName } from "../../core/ids.ts";
import type { Claims, Clock, FoundLetter, Mailbox } from "../../core/ports.ts";
import { Refusal } from "../../core/refusal.ts";
import type { State, Team } from "../../core/state.ts";
import type { Performed, Reactor } from "../reactor.ts";
import { type Order, type RouteWorld, route } from "./route.ts";

export interface LettersWorld {
  clock: Clock;
  state(): State;
  dispatch(command: Command, by: Principal): void;
  /** The mailbox of a running team. */
  mailbox(team: Team): Mailbox;
  sha256(text: string): string;
  /** Called at named points; tests kill the process there. */
  faultPoint?(name: FaultPoint): void;
}

/** Whatever the watch missed is found within this time. */
const SWEEP_MS = 1000;
/** Facts for so many refused files of one look; the others are counted. */
const REFUSALS_SHOWN = 20;

/** Brings claimed letters into the log, each once, whatever crashes between: the claim goes last. */
export class LetterReactor implements Reactor<Team> {
  readonly name = "letters";
  readonly answers = ["team.formed", "team.stopped"] as const;

  constructor(private readonly world: LettersWorld) {}

  pending(state: State): Map<TeamName, Team> {
    return new Map(
      Object.values(state.teams)
        .filter((team) => !team.stopped)
        .map((team) => [team.name, team]),
    );
  }

  async perform(team: Team): Promise<Performed> {
    const { world } = this;
    const claims = await world.mailbox(team).claim();
    for (const letter of claims.letters) {
      if (world.state().teams[team.name]?.stopped) return {};
      await this.take(team, letter);
    }
    this.report(team, claims);
    return { again: Math.min(claims.again ?? SWEEP_MS, SWEEP_MS) };
  }

  private async take(team: Team, letter: FoundLetter): Promise<void> {
    const { world } = this;
    const { accepted } = world.state();
    if (accepted[sourceOf(letter.origin)] && !accepted[letter.origin] && !accepted[`${letter.origin}|patch0`]) {
      return this.refuse(team, letter, `a file ${letter.file} with another text was sent before; take a new name`);
    }
    try {
      for (const order of route(this.routes(team), letter)) this.order(order);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return this.refuse(team, letter, error.message);
    }
    world.faultPoint?.("letter.logged");
    await letter.done();
    world.faultPoint?.("letter.done");
  }

  private order({ command, by }: Order): void {
    this.world.dispatch(command, by);
    this.world.faultPoint?.("letter.dispatched");
  }

  private routes(team: Team): RouteWorld {
    const { world } = this;
    const mid = (at: number, key: string): Mid => {
      const { accepted } = world.state();
      // Six digits may meet: a message with another's id would be taken for a repetition.
      for (let n = 0; ; n += 1) {
        const candidate = midOf(at, world.sha256(`${key}|${n}`));
        if (!accepted[candidate] || accepted[key]) return candidate;
      }
    };
    return { state: world.state(), team, now: world.clock.now(), mid, sha256: world.sha256 };
  }

  private async refuse(team: Team, letter: FoundLetter, reason: string): Promise<void> {
    const { seat, file } = letter;
    this.world.dispatch(observe({ type: "letter.refused", team: team.name, seat, file, reason }), DAEMON);
    await letter.refuse(reason);
  }

  private report(team: Team, { refused, filed, found }: Claims): void {
    const { name } = team;
    for (const file of found) this.world.dispatch(observe({ type: "letter.found", team: name, ...file }), DAEMON);
    const facts = refused
      .slice(0, REFUSALS_SHOWN)
      .map((file) => ({ type: "letter.refused", team: name, ...file }) as const);
    const more = refused.slice(REFUSALS_SHOWN);
    const [next] = more;
    if (next)
      facts.push({ ...next, type: "letter.refused", team: name, file: `${next.file} and ${more.length - 1} more` });
    if (facts.length > 0) this.world.dispatch(observe(...facts), DAEMON);
    const { messages } = this.world.state();
    for (const { seat, mid } of filed) {
      const agent = team.seats.find((place) => place.seat === seat)?.agent;
      if (messages[mid]?.to === agent && !messages[mid]?.isRead) {
        this.world.dispatch(observe({ type: "message.read", mid }), DAEMON);
      }
    }
  }
}
