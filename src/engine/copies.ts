import { observe } from "../core/commands.ts";
import type { Event } from "../core/facts.ts";
import type { Millis, Seq, TeamName } from "../core/ids.ts";
import { type LedgerLine, ledgerLines } from "../core/ledger-kinds.ts";
import type { Clock, Log } from "../core/ports.ts";
import type { State, Team } from "../core/state.ts";
import { concerns } from "../core/subject.ts";
import { teamStatus } from "../core/team-status.ts";
import type { Performed, Reactor } from "./reactor.ts";

export interface CopiesWorld {
  clock: Pick<Clock, "now">;
  log: Pick<Log, "read">;
  state(): State;
  /** Newest fact of a team's ledger file; `torn` hears of half a line that was put aside. */
  lastCopied(team: Team, torn: (bytes: number) => void): Promise<Seq>;
  append(team: Team, lines: LedgerLine[], upTo: Seq): Promise<void>;
  /** `state/status.json` and `state/session.json`. */
  write(team: Team, name: "status" | "session", value: unknown): Promise<void>;
}

/** Copies are written together, at most so often. */
const PAUSE_MS = 500;
const BATCH = 2000;

/** What a session file says: who sits where, in which terminal and conversation. */
const sessionOf = ({ agents }: State, { name, repo, seats }: Team) => ({
  team: name,
  session: `muster-${name}`,
  repo,
  seats: seats.map(({ seat, agent, driver }) => ({
    ...{ seat, agent, driver, pane: agents[agent]?.pane, session: agents[agent]?.session },
  })),
});

/** Keeps what a repository's own files tell of its team up to date (P37, P38). They are copies: nothing is read back. */
export class CopyReactor implements Reactor<Team> {
  readonly name = "copies";
  private readonly written = new Map<TeamName, Millis>();

  constructor(private readonly world: CopiesWorld) {}

  pending(state: State): Map<string, Team> {
    return new Map(Object.values(state.teams).map((team) => [copyKey(team.name), team]));
  }

  async perform({ name }: Team): Promise<Performed> {
    const { world } = this;
    const team = world.state().teams[name];
    if (!team) return {};
    const wait = (this.written.get(name) ?? 0) + PAUSE_MS - world.clock.now();
    if (wait > 0) return { again: wait };
    let torn = 0;
    const after = await world.lastCopied(team, (bytes) => {
      torn = bytes;
    });
    const events = world.log.read(after, BATCH);
    const lines = events
      .filter((event) => isOf(event, team, world.state()))
      .flatMap((event) => ledgerLines(event, world.state(), name));
    const upTo = events.at(-1)?.seq ?? after;
    if (upTo > after) await world.append(team, lines, upTo);
    if (lines.length > 0) {
      await world.write(team, "status", teamStatus(world.state(), name));
      await world.write(team, "session", sessionOf(world.state(), team));
    }
    this.written.set(name, world.clock.now());
    const text = `half a line (${torn} bytes) of ${name}'s ledger file is in ledger.bad now`;
    const commands = torn > 0 ? [observe({ type: "notice.raised", level: "warning", text, about: name })] : [];
    return events.length === BATCH ? { commands, again: 0 } : { commands };
  }
}

/** Facts of one life of a team. */
const isOf = (event: Event, team: Team, state: State): boolean =>
  event.at >= team.formedAt && concerns(event, state, team.name);

/** By this a team's copies are woken: not with everything else of the team. */
export const copyKey = (team: TeamName): string => `copies ${team}`;
