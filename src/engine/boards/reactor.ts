import { blueprintOf, boardsFolder } from "../../core/boards/blueprint.ts";
import { noBoards } from "../../core/boards/boards-state.ts";
import type { BoardFact } from "../../core/boards/facts.ts";
import type { BoardFolder, BoardLook } from "../../core/boards/port.ts";
import { observe } from "../../core/commands.ts";
import type { TeamName } from "../../core/ids.ts";
import type { Clock } from "../../core/ports.ts";
import type { State, Team } from "../../core/state.ts";
import type { Performed, Reactor } from "../reactor.ts";
import { examine } from "./examine.ts";
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

  private readonly writer: BoardWriter;

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
    const isVerified = await world.proofs.of(team.repo, look.sheets);
    const state = world.state();
    const boards = { ...(state.boards[name] ?? noBoards()), markers };
    const opened = state.sheetNumbers[team.repo] ?? [];
    const examined = examine({ team: name, boards, look, blueprint, isVerified, opened });
    const written = await this.writer.write(name, folder, `${boardsFolder(blueprint)}/scope.yaml`, examined);
    const facts = [...examined.facts, ...this.overdue(name, state), ...written];
    return { commands: [observe(...consistent(facts))], again: nextLook(look) };
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

/** A file that cannot be written is not mended by being readable. */
const consistent = (facts: BoardFact[]): BoardFact[] =>
  facts.filter(
    (fact) =>
      fact.type !== "board.mended" || !facts.some((other) => other.type === "board.broken" && other.path === fact.path),
  );

const nextLook = ({ again }: BoardLook): number => Math.min(again ?? SWEEP_MS, SWEEP_MS);
