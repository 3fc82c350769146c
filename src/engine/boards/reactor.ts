import { blueprintOf, boardsFolder } from "../../core/boards/blueprint.ts";
import { noBoards } from "../../core/boards/boards-state.ts";
import { BOARD_OBSERVED, type BoardFact } from "../../core/boards/facts.ts";
import type { BoardFolder, BoardLook } from "../../core/boards/port.ts";
import { observe } from "../../core/commands.ts";
import type { TeamName } from "../../core/ids.ts";
import type { Clock } from "../../core/ports.ts";
import type { State, Team } from "../../core/state.ts";
import type { Performed, Reactor } from "../reactor.ts";
import { type Examined, examine } from "./examine.ts";
import type { Proofs } from "./proofs.ts";
import { BoardWriter } from "./writer.ts";

export interface BoardWorld {
  clock: Pick<Clock, "now">;
  state(): State;
  /** The boards of a running team's repository. */
  boards(team: Team, folder: string): BoardFolder;
  proofs: Proofs;
}

/** Whatever the watch missed is found within this time. */
const SWEEP_MS = 5000;
/** A plan that nobody has begun is reviewed for so long at most (P75). */
const REVIEW_MS = 600_000;

/** Looks at the boards of running teams: reports what changed, and gives markers their effect. */
export class BoardReactor implements Reactor<Team> {
  readonly name = "boards";
  readonly answers = [...BOARD_OBSERVED, "settings.loaded", "team.formed", "team.stopped"] as const;

  private readonly writer: BoardWriter;
  /** What was examined last, and how often: boards change rarely. */
  private readonly steady = new Map<TeamName, { key: string; times: number }>();

  constructor(private readonly world: BoardWorld) {
    this.writer = new BoardWriter(world.clock);
  }

  pending(state: State): Map<TeamName, Team> {
    return new Map(
      Object.values(state.teams)
        .filter((team) => !team.stopped)
        .map((team) => [team.name, team]),
    );
  }

  async perform({ name }: Team): Promise<Performed> {
    const { world } = this;
    const team = world.state().teams[name];
    if (!team || team.stopped) return {};
    const blueprint = blueprintOf(team);
    const folder = world.boards(team, boardsFolder(blueprint));
    // Markers that come during the look may be about files that it did not see yet.
    const markers = world.state().boards[name]?.markers ?? [];
    const look = await folder.look();
    const key = keyOf(world.state(), team, look, markers.length);
    const late = this.overdue(name, world.state());
    if (this.isSteady(name, key)) return { commands: late.length > 0 ? [observe(...late)] : [], again: nextLook(look) };
    const isVerified = await world.proofs.of(team.repo, look.sheets);
    const state = world.state();
    const boards = { ...(state.boards[name] ?? noBoards()), markers };
    const opened = state.sheetNumbers[team.repo] ?? [];
    const examined = examine({ team: name, boards, look, blueprint, isVerified, opened });
    const written = await this.writer.write(name, folder, `${boardsFolder(blueprint)}/scope.yaml`, examined);
    this.note(name, key, isQuiet(examined));
    return { commands: [observe(...consistent([...examined.facts, ...late, ...written]))], again: nextLook(look) };
  }

  /** Was the same seen and examined twice, with nothing left to write? Then a third time finds nothing either. */
  private isSteady(team: TeamName, key: string): boolean {
    const known = this.steady.get(team);
    return known?.key === key && known.times > 1;
  }

  private note(team: TeamName, key: string, isAtRest: boolean): void {
    const known = this.steady.get(team);
    if (!isAtRest) this.steady.delete(team);
    else this.steady.set(team, { key, times: known?.key === key ? known.times + 1 : 1 });
  }

  /** Plans whose review has taken its time. */
  private overdue(team: TeamName, { boards }: State): BoardFact[] {
    const now = this.world.clock.now();
    return Object.values(boards[team]?.tasks ?? {})
      .filter(
        ({ status, isReviewed, plannedAt }) => status === "planned" && !isReviewed && now - plannedAt >= REVIEW_MS,
      )
      .map(({ id }): BoardFact => ({ type: "task.reviewed", team, id, reason: "10 minutes have passed" }));
  }
}

/** Everything on which an examination depends, besides what it made of the state itself. */
function keyOf(state: State, team: Team, { version }: BoardLook, markers: number): string {
  const proven = Object.values(state.evidence).filter(({ verdict }) => verdict === "verified");
  const newest = proven.at(-1);
  const opened = state.sheetNumbers[team.repo]?.length ?? 0;
  const blueprint = JSON.stringify(blueprintOf(team));
  return [version, team.formedAt, markers, opened, proven.length, newest?.mid, newest?.ref, blueprint].join("\n");
}

const isQuiet = ({ writes, scope }: Examined): boolean =>
  scope === undefined && writes.every(({ changes }) => changes.length === 0);

/** A file that cannot be written is not mended by being readable. */
const consistent = (facts: BoardFact[]): BoardFact[] =>
  facts.filter(
    (fact) =>
      fact.type !== "board.mended" || !facts.some((other) => other.type === "board.broken" && other.path === fact.path),
  );

const nextLook = ({ again }: BoardLook): number => Math.min(again ?? SWEEP_MS, SWEEP_MS);
