import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { RepositoryBoards } from "../../src/boards/folder.ts";
import type { Boards, Task } from "../../src/core/boards/boards-state.ts";
import type { Letter } from "../../src/core/commands.ts";
import { SYSTEM, USER } from "../../src/core/ids.ts";
import type { Clock } from "../../src/core/ports.ts";
import type { SettingsChanges } from "../../src/core/settings/settings.ts";
import { BoardOperations } from "../../src/engine/boards/operations.ts";
import { Proofs } from "../../src/engine/boards/proofs.ts";
import { BoardReactor } from "../../src/engine/boards/reactor.ts";
import { boardRules } from "../../src/engine/boards/rules.ts";
import { readForeign } from "../../src/files/safe-read.ts";
import { ANN, BOB, hireOf } from "./history.ts";
import { House } from "./house.ts";

/** A plan as PeerA would write it, with a comment that must stay. */
export const planText = (id: string, steps: string[], more = ""): string =>
  `# made by PeerA\nid: ${id}\nname: Task ${id}\ngoal: it works\nstatus: planned # kept\n${more}steps:\n${steps
    .map((status, n) => `  - {id: S${n + 1}, name: step ${n + 1}, done: d${n + 1}, status: ${status}}\n`)
    .join("")}`;

/** The boards of a repository, read as the daemon reads them. */
export const openBoards = (repo: string, clock: Pick<Clock, "monotonic">): RepositoryBoards =>
  new RepositoryBoards({ repo, folder: "docs/por", clock, read: readForeign });

/** A team in a repository of its own, with the real engine, rules and board files, on a clock moved by hand. */
export class BoardLab {
  readonly repo = mkdtempSync(join(tmpdir(), "muster-boards-"));
  readonly house = new House(boardRules);
  /** References that git would call true. */
  readonly verified = new Set<string>();
  private count = 0;
  private folder: RepositoryBoards;
  private readonly reactor: BoardReactor;
  readonly operations: BoardOperations;

  constructor(isSolo = false, changes?: SettingsChanges) {
    const seats = [
      { seat: "PeerA", agent: ANN, driver: "standin" },
      { seat: "PeerB", agent: BOB, driver: "standin" },
    ].slice(0, isSolo ? 1 : 2);
    this.house.dispatch({
      ...{ do: "form", team: "t", topology: isSolo ? "solo" : "pair", repo: this.repo, letters: [], seats },
      hires: seats.map(({ agent, seat }) => hireOf(agent, { team: "t", seat })),
      ...(changes ? { settings: { hash: "h", changes, warnings: [] } } : {}),
    });
    this.folder = this.opened();
    const state = () => this.house.state;
    const judge = async (_: string, ref: string) =>
      ({ verdict: this.verified.has(ref) ? "verified" : "refuted", detail: "" }) as const;
    const proofs = new Proofs({ state, judge });
    this.reactor = new BoardReactor({ clock: this.house.clock, state, boards: () => this.folder, proofs });
    this.operations = new BoardOperations({
      ...{ engine: this.house.engine, clock: this.house.clock, proofs },
      folder: async (path) => path,
      boards: () => this.opened(),
    });
  }

  opened(): RepositoryBoards {
    return openBoards(this.repo, this.house.clock);
  }

  /** The next look is that of another daemon: nothing is remembered but the log. */
  restart(): void {
    this.folder = this.opened();
  }

  get boards(): Boards {
    const boards = this.house.state.boards.t;
    if (!boards) throw new Error("nothing was looked at");
    return boards;
  }

  task(id: string): Task {
    const task = this.boards.tasks[id];
    if (!task) throw new Error(`no task ${id}`);
    return task;
  }

  /** `planned pip`: a task's status and the first letters of its steps'. */
  shown(id: string): string {
    const { status, steps } = this.task(id);
    return `${status} ${steps.map((step) => step.status[0]).join("")}`;
  }

  write(path: string, text: string): void {
    const target = join(this.repo, "docs/por", path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  }

  read(path: string): string {
    return readFileSync(join(this.repo, "docs/por", path), "utf8");
  }

  has(path: string): boolean {
    return existsSync(join(this.repo, "docs/por", path));
  }

  remove(path: string): void {
    rmSync(join(this.repo, "docs/por", path), { recursive: true });
  }

  /** One look, as the reactor makes it; its facts are in the log. */
  async look(): Promise<number | undefined> {
    const team = this.house.state.teams.t;
    if (!team) throw new Error("no team");
    const { commands = [], again } = await this.reactor.perform(team);
    for (const command of commands) this.house.dispatch(command, { kind: "daemon" });
    return again;
  }

  /** Looks until what changed has settled. */
  async settled(): Promise<void> {
    await this.look();
    await this.house.clock.pass(300);
    await this.look();
  }

  /** A letter; the result is its id. */
  letter(from: string, to: string, text: string, more: Partial<Letter> = {}): string {
    const mid = `muster-1-${(this.count++).toString(16).padStart(6, "0")}`;
    this.house.dispatch(
      { do: "send", letter: { mid, from, to, kind: "letter", text, team: "t", ...more } },
      { kind: "daemon" },
    );
    return mid;
  }

  /** What the System wrote to somebody, oldest first. */
  told(to: string): string[] {
    const queued = this.house.log.read(0).filter((event) => event.type === "message.queued");
    return queued
      .filter((event) => event.type === "message.queued" && event.from === SYSTEM && event.to === to)
      .map(({ seq }) => this.house.log.body(seq) ?? "");
  }

  /** Notices for people. */
  notices(): string[] {
    return this.house.facts("notice.raised").map(({ text }) => text);
  }

  get toUser(): string[] {
    return this.told(USER);
  }

  async end(): Promise<void> {
    await this.house.end();
    rmSync(this.repo, { recursive: true, force: true });
  }
}
