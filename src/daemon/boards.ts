import { RepositoryBoards } from "../boards/folder.ts";
import type { BoardFolder } from "../core/boards/port.ts";
import type { PatchLine } from "../core/ports.ts";
import type { Team } from "../core/state.ts";
import { BoardOperations } from "../engine/boards/operations.ts";
import { Proofs } from "../engine/boards/proofs.ts";
import { BoardReactor } from "../engine/boards/reactor.ts";
import { readForeign } from "../files/safe-read.ts";
import { existingFolder } from "./operations.ts";
import type { Parts } from "./parts.ts";

/** What works on boards: of running teams, and for a person. `stop` ends all watching. */
export interface BoardWork {
  reactor: BoardReactor;
  operations: BoardOperations;
  close(team: string): void;
  stop(): void;
}

/** One folder per life of a team and place of its boards, watched until the team stops. */
class TeamBoards {
  private readonly open = new Map<string, { key: string; boards: BoardFolder; end: AbortController }>();
  private isStopped = false;

  constructor(
    private readonly make: (repo: string, folder: string) => BoardFolder,
    private readonly wake: (team: string) => void,
  ) {}

  of({ name, repo, formedAt }: Team, folder: string): BoardFolder {
    const key = `${formedAt} ${folder}`;
    const known = this.open.get(name);
    if (known?.key === key) return known.boards;
    this.close(name);
    const boards = this.make(repo, folder);
    const end = new AbortController();
    if (this.isStopped) end.abort();
    boards.watch(() => this.wake(name), end.signal);
    this.open.set(name, { key, boards, end });
    return boards;
  }

  close(team: string): void {
    this.open.get(team)?.end.abort();
    this.open.delete(team);
  }

  stop(): void {
    this.isStopped = true;
    for (const team of [...this.open.keys()]) this.close(team);
  }
}

/** The boards of all repositories that this daemon has to do with. */
export function openBoardWork(parts: Parts, line: Pick<PatchLine, "judge">, wake: (team: string) => void): BoardWork {
  const { engine, clock, ending } = parts;
  const state = () => engine.state;
  const make = (repo: string, folder: string) => new RepositoryBoards({ repo, folder, clock, read: readForeign });
  const teams = new TeamBoards(make, wake);
  const proofs = new Proofs({ state, judge: (repo, ref) => line.judge(repo, ref, ending) });
  return {
    reactor: new BoardReactor({ clock, state, boards: (team, folder) => teams.of(team, folder), proofs }),
    operations: new BoardOperations({ engine, clock, folder: existingFolder, boards: make, proofs }),
    close: (team) => teams.close(team),
    stop: () => teams.stop(),
  };
}
