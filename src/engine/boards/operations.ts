import { type Blueprint, blueprintOf, boardsFolder } from "../../core/boards/blueprint.ts";
import { noBoards, type Task } from "../../core/boards/boards-state.ts";
import { isSlug, LAST_NUMBER, sheetId, slugOf, taskNumber } from "../../core/boards/ids.ts";
import { tasksOf } from "../../core/boards/panel.ts";
import { parsePor, recentDecisions } from "../../core/boards/por.ts";
import type { BoardFolder, BoardLook } from "../../core/boards/port.ts";
import { syncPortfolio } from "../../core/boards/portfolio.ts";
import { drift, readScope, type Scope } from "../../core/boards/scope.ts";
import { POR_TEMPLATE, sheetTemplate } from "../../core/boards/templates.ts";
import type { BoardsView, BoardText, BoardWritten, SheetMade, SheetOrder, Turn } from "../../core/boards/view.ts";
import { observe } from "../../core/commands.ts";
import { DAEMON } from "../../core/ids.ts";
import type { Clock } from "../../core/ports.ts";
import { Refusal } from "../../core/refusal.ts";
import type { State, Team } from "../../core/state.ts";
import { preview, visible } from "../../core/text.ts";
import type { Engine } from "../engine.ts";
import { examine, listed } from "./examine.ts";
import type { Proofs } from "./proofs.ts";

export interface BoardOperationsWorld {
  engine: Engine;
  clock: Pick<Clock, "now">;
  /** Absolute path of an existing folder, or a Refusal. */
  folder(path: string): Promise<string>;
  /** The boards of a repository, with or without a team. */
  boards(repo: string, folder: string): BoardFolder;
  proofs: Proofs;
}

interface Site {
  repo: string;
  team: Team | undefined;
  blueprint: Blueprint;
  /** Relative, e.g. `docs/por`. */
  folder: string;
  boards: BoardFolder;
}

const OWNERS = ["peerA", "peerB"];
const DAY = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** What a person asks of the boards of a repository; a team need not run there. */
export class BoardOperations {
  /** One at a time per repository: two new sheets never get one number. */
  private readonly queues = new Map<string, Promise<unknown>>();

  constructor(private readonly world: BoardOperationsWorld) {}

  async view(path: string): Promise<BoardsView> {
    const site = await this.site(path);
    const look = await site.boards.look();
    const state = this.world.engine.state;
    const isVerified = await this.world.proofs.of(site.repo, look.sheets);
    const team = site.team?.name ?? "";
    const examined = examine({
      ...{ team, boards: noBoards(), look, blueprint: site.blueprint, isVerified },
      opened: state.sheetNumbers[site.repo] ?? [],
    });
    const known = state.boards[team];
    const facts = [...examined.facts, ...examined.writes.flatMap((write) => write.facts)];
    const errors = facts.flatMap((fact) => (fact.type === "board.broken" ? [fact.error] : []));
    const plans = facts.flatMap((fact) => (fact.type === "task.seen" ? [fact.task] : []));
    const tasks: Task[] = known
      ? tasksOf(known)
      : plans.map((plan) => ({ ...plan, plannedAt: 0, counters: 0, isReviewed: true, blocked: {} }));
    const por = facts.flatMap((fact) => (fact.type === "board.seen" && fact.por ? [fact.por] : []))[0] ?? null;
    const scope = known?.scope ?? (look.scope ? readScope(look.scope.value) : undefined) ?? null;
    return {
      ...{ repo: site.repo, folder: site.folder, team: site.team?.name ?? null, por, tasks, errors, scope },
      sheets: facts.flatMap((fact) => (fact.type === "subpor.seen" ? [fact.sheet] : [])),
      turns: turnsOf(look, state, site.repo, scope),
      at: this.world.clock.now(),
    };
  }

  /** One of them as it is written; `board`: `POR`, or the id of a SUBPOR. */
  async text(path: string, board: string): Promise<BoardText> {
    const { boards, folder } = await this.site(path);
    const { por, sheets } = await boards.look();
    const found = board === "POR" ? por : sheets.find(({ number }) => sheetId(number) === board);
    if (!found)
      throw new Refusal("missing", `there is no ${preview(board, 40)} in ${folder}`, "muster por shows what there is");
    return { path: found.path, text: visible(found.text), updatedAt: found.updatedAt };
  }

  /** Makes POR.md; one that is there is kept. */
  async init(path: string): Promise<BoardWritten> {
    const { boards, folder } = await this.site(path);
    const isNew = await boards.create(`${folder}/POR.md`, POR_TEMPLATE);
    return { path: `${folder}/POR.md`, changed: [], todo: [], isNew };
  }

  /** Fills the portfolio's rows from the sheets; nothing that a peer wrote is rewritten. */
  async sync(path: string): Promise<BoardWritten> {
    const { boards, folder } = await this.site(path);
    const look = await boards.look();
    if (!look.por) throw new Refusal("missing", `there is no ${folder}/POR.md`, "muster por init makes one");
    const { text, changed, todo } = syncPortfolio(look.por.text, listed(look.sheets, folder));
    if (changed.length > 0 && !(await boards.replace(look.por.path, look.por.text, text)))
      throw new Refusal("state", `${look.por.path} changed just now`, "try again");
    return { path: look.por.path, changed, todo, isNew: false };
  }

  async newSheet(order: SheetOrder): Promise<SheetMade> {
    const head = checked(order);
    const site = await this.site(order.repo);
    const before = this.queues.get(site.repo) ?? Promise.resolve();
    const making = before.catch(() => {}).then(() => this.make(site, head));
    this.queues.set(site.repo, making);
    return making;
  }

  private async site(path: string): Promise<Site> {
    const repo = await this.world.folder(path);
    const { teams } = this.world.engine.state;
    const team = Object.values(teams).find((one) => one.repo === repo && !one.stopped);
    const blueprint = blueprintOf(team);
    const folder = boardsFolder(blueprint);
    return { repo, team, blueprint, folder, boards: this.world.boards(repo, folder) };
  }

  private async make(site: Site, head: ReturnType<typeof checked>): Promise<SheetMade> {
    const { engine } = this.world;
    const { repo, folder, boards } = site;
    const look = await boards.look();
    const given = engine.state.sheetNumbers[repo] ?? [];
    const number = head.number ?? nextNumber(look, given);
    const id = sheetId(number);
    const known = look.folders.find((one) => one.number === number);
    const isUsed = look.sheets.some((sheet) => sheet.number === number) || (given.includes(number) && !known);
    if (isUsed || (known && head.number === undefined))
      throw new Refusal("state", `${id} is used already`, "leave --id out: the next free one is taken");
    // A plan that has this number keeps its folder: both are the same task.
    const name = known?.name ?? `${id}-${head.slug}`;
    const path = `${folder}/${name}/SUBPOR.md`;
    const { title, owner, timebox } = head;
    // The number is taken before the file is there: a crash wastes one, and never gives it twice.
    engine.dispatch(observe({ type: "subpor.opened", repo, id, title, owner, path }), DAEMON);
    const text = sheetTemplate({ id, title, owner, stage: "proposed", timebox });
    if (!(await boards.create(path, text))) throw new Refusal("state", `${path} is there already`, "take another id");
    return { id, path };
  }
}

function nextNumber(look: BoardLook, given: number[]): number {
  const highest = Math.max(0, ...given, ...look.folders.map(({ number }) => number));
  if (highest >= LAST_NUMBER) throw new Refusal("state", "no number is left", "give a free one by --id");
  return highest + 1;
}

/** What a new sheet is to be called; a Refusal names what is wrong with it. */
function checked({ title: given, owner, slug, timebox = "1d", id }: SheetOrder) {
  const title = preview(given, 100);
  if (title === "") throw new Refusal("usage", "a title is missing", '--title "what it is about"');
  if (!OWNERS.includes(owner)) throw new Refusal("usage", `${owner} is no owner`, "--owner peerA or peerB");
  if (slug !== undefined && !isSlug(slug)) throw new Refusal("usage", `${slug} is no slug`, "a-z, 0-9 and -");
  if (!/^[1-9]\d{0,3}(m|h|d|w)$/.test(timebox))
    throw new Refusal("usage", `${timebox} is no timebox`, "30m, 4h, 1d or 2w");
  const number = id === undefined ? undefined : taskNumber(id);
  if (number === null) throw new Refusal("usage", `${id} is no id`, "T and six digits, such as T000007");
  return { title, owner, timebox, number, slug: slug ?? slugOf(title) };
}

/** Decisions of the board, then those of the ledger: decided RFDs and changes of scope; newest first. */
function turnsOf({ por }: BoardLook, state: State, repo: string, scope: Scope | null): Turn[] {
  const written = por ? recentDecisions(parsePor(por.text)) : [];
  const ofBoard = written.map(
    ({ date, context, choice, refs }): Turn => ({ date, text: preview(`${context}: ${choice}`), refs, source: "POR" }),
  );
  const isHere = (team: string): boolean => state.teams[team]?.repo === repo;
  const decided = Object.values(state.rfds).flatMap((rfd): Turn[] => {
    if (!rfd.decided || !isHere(rfd.team)) return [];
    const { decision, at } = rfd.decided;
    const refs = [rfd.id, ...(rfd.patch ? [rfd.patch] : [])];
    return [{ date: DAY(at), text: preview(`RFD ${rfd.title}: ${decision}`), refs, source: "ledger" }];
  });
  const change = scope ? drift(scope) : "";
  const scoped: Turn[] = change
    ? [
        {
          date: "",
          text: `scope since the start: ${change}`,
          refs: change.split(" ").map((id) => id.slice(1)),
          source: "ledger",
        },
      ]
    : [];
  const byDate = (left: Turn, right: Turn): number => right.date.localeCompare(left.date);
  return [...[...ofBoard, ...decided].sort(byDate), ...scoped];
}
