import type { BoardFact } from "../../core/boards/facts.ts";
import type { BoardFolder } from "../../core/boards/port.ts";
import type { TeamName } from "../../core/ids.ts";
import type { Clock } from "../../core/ports.ts";
import type { Examined } from "./examine.ts";

/** Somebody who edits a file over and over is answered this often: two daemons on one folder must not race each other. */
const PATIENCE_MS = 10_000;

/** One file that is due, and what is true once it is written. */
interface Due {
  path: string;
  write(): Promise<void> | undefined;
  facts: BoardFact[];
}

const isEdit = (fact: BoardFact): boolean =>
  fact.type === "task.restored" || (fact.type === "scope.changed" && fact.isEdited === true);

/** Writes what an examination asks for, file by file; one that cannot be written stops no other. */
export class BoardWriter {
  /** When an edit of a file was last answered. */
  private readonly answered = new Map<string, number>();

  constructor(private readonly clock: Pick<Clock, "now">) {}

  /** The facts that are true now; what could not be written is told as broken. */
  async write(
    team: TeamName,
    folder: BoardFolder,
    scopePath: string,
    { writes, scope }: Examined,
  ): Promise<BoardFact[]> {
    const due: Due[] = writes.map(({ path, changes, facts }) => ({
      ...{ path, facts },
      write: () => (changes.length > 0 ? folder.setStatuses(path, changes) : undefined),
    }));
    if (scope) due.push({ path: scopePath, write: () => folder.writeScope(scope.text), facts: [scope.fact] });
    const facts: BoardFact[] = [];
    for (const one of due) facts.push(...(await this.one(team, one)));
    return facts;
  }

  private async one(team: TeamName, { path, write, facts }: Due): Promise<BoardFact[]> {
    const edits = facts.filter(isEdit);
    if (edits.length > 0 && !this.mayAnswer(`${team} ${path}`)) {
      // An edit alone waits; a marker's move is written whatever else the file says.
      if (!facts.some(({ type }) => type === "task.moved")) return [];
      return this.one(team, { path, write, facts: facts.filter((fact) => !edits.includes(fact)) });
    }
    try {
      await write();
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return [{ type: "board.broken", team, path, error: `${path}: it cannot be written: ${why}` }];
    }
    if (edits.length > 0) this.answered.set(`${team} ${path}`, this.clock.now());
    return facts;
  }

  private mayAnswer(key: string): boolean {
    return this.clock.now() - (this.answered.get(key) ?? 0) >= PATIENCE_MS;
  }
}
