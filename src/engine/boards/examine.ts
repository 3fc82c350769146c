import type { Blueprint } from "../../core/boards/blueprint.ts";
import { boardsFolder } from "../../core/boards/blueprint.ts";
import type { Boards } from "../../core/boards/boards-state.ts";
import type { BoardFact, PorSeen, SheetSeen } from "../../core/boards/facts.ts";
import { sheetId } from "../../core/boards/ids.ts";
import { lintPor } from "../../core/boards/por.ts";
import type { BoardLook, BrokenFile } from "../../core/boards/port.ts";
import { type Listed, linkProblems } from "../../core/boards/portfolio.ts";
import { isSameScope, readScope, type Scope, scopeOf, scopeText } from "../../core/boards/scope.ts";
import { isOpenStage, lintSubpor, parseSubpor } from "../../core/boards/subpor.ts";
import type { TeamName } from "../../core/ids.ts";
import { preview } from "../../core/text.ts";
import { examinePlans, type PlansFound, type PlanWrite } from "./plans.ts";

export interface Examined {
  /** True as they stand. */
  facts: BoardFact[];
  /** True once their files are written. */
  writes: PlanWrite[];
  /** scope.yaml is not as it must be. */
  scope?: { text: string; fact: BoardFact };
}

export interface Examination {
  team: TeamName;
  boards: Boards;
  look: BoardLook;
  blueprint: Blueprint;
  isVerified(ref: string): boolean;
  /** Numbers that Muster itself gave to SUBPORs. */
  opened: number[];
}

/** Lines of lint that a fact carries; a board that lacks everything has some more. */
const LINT_KEPT = 20;

const short = (lint: string[]): string[] => lint.slice(0, LINT_KEPT).map((line) => preview(line, 160));

type SheetFile = BoardLook["sheets"][number];

/** The sheets as the portfolio lists them; paths relative to the board. */
export function listed(sheets: SheetFile[], folder: string): Listed[] {
  return firsts(sheets).map(({ number, path, text }) => {
    const { title, owner, stage, latest } = parseSubpor(text);
    const relative = path.slice(folder.length + 1);
    return { number, id: sheetId(number), title, owner, stage, latest, path: relative, isOpen: isOpenStage(stage) };
  });
}

/** One sheet of each number. */
const firsts = (sheets: SheetFile[]): SheetFile[] =>
  sheets.filter(({ number }, at) => sheets.findIndex((other) => other.number === number) === at);

const twins = (sheets: SheetFile[]): BrokenFile[] => {
  const kept = firsts(sheets);
  return sheets
    .filter((sheet) => !kept.includes(sheet))
    .map(({ path, number }) => {
      const first = kept.find((sheet) => sheet.number === number)?.path;
      return { path, error: `${path}: ${sheetId(number)} has a SUBPOR already in ${first}` };
    });
};

/** The board as it is seen; its lint names dead links and missing rows, too. */
function porSeen(look: BoardLook, folder: string): PorSeen | undefined {
  if (!look.por) return undefined;
  const { path, text, updatedAt } = look.por;
  return { path, updatedAt, lint: short([...lintPor(text), ...linkProblems(text, listed(look.sheets, folder))]) };
}

function sheetSeen({ number, path, text, updatedAt }: SheetFile, isVerified: (ref: string) => boolean): SheetSeen {
  const { title, owner, stage } = parseSubpor(text);
  const words = { title: preview(title, 80), owner: preview(owner, 40), stage: preview(stage, 40) };
  return { id: sheetId(number), path, updatedAt, ...words, lint: short(lintSubpor(text, number, isVerified)) };
}

function sheetFacts({ team, boards, look, opened, isVerified }: Examination): BoardFact[] {
  const sheets = firsts(look.sheets);
  let isAcked = boards.isAcked;
  const seen = sheets.map((file): BoardFact => {
    const sheet = sheetSeen(file, isVerified);
    if (!boards.isKnown || boards.subpors[sheet.id]) return { type: "subpor.seen", team, sheet };
    const isOurs = opened.includes(file.number);
    const isAgreed = isOurs || isAcked;
    // One ACK, one sheet.
    if (!isOurs) isAcked = false;
    return { type: "subpor.seen", team, sheet, isNew: true, isAgreed };
  });
  const gone = Object.keys(boards.subpors).filter((id) => !sheets.some(({ number }) => sheetId(number) === id));
  return [...seen, ...gone.map((id): BoardFact => ({ type: "subpor.gone", team, id }))];
}

function brokenFacts({ team, boards }: Examination, broken: BrokenFile[]): BoardFact[] {
  const mended = Object.keys(boards.errors).filter((path) => !broken.some((file) => file.path === path));
  return [
    ...broken.map(({ path, error }): BoardFact => ({ type: "board.broken", team, path, error: preview(error, 400) })),
    ...mended.map((path): BoardFact => ({ type: "board.mended", team, path })),
  ];
}

/** What scope.yaml must hold, and whether it is to be written (P78). */
function scopeDue({ team, boards, look, blueprint }: Examination, found: PlansFound): Examined["scope"] {
  const path = `${boardsFolder(blueprint)}/scope.yaml`;
  if (look.unsettled.includes(path)) return undefined;
  const written = look.scope ? readScope(look.scope.value) : undefined;
  // A broken plan still counts: its last good view stands.
  const kept = Object.values(boards.tasks).filter(({ path: at }) =>
    [...look.broken, ...found.broken].some((file) => file.path === at),
  );
  const known: Scope | undefined = boards.scope ?? written;
  const scope = scopeOf(known, [...found.plans, ...kept]);
  if (!known && scope.current.length === 0) return undefined;
  const isWritten = isSameScope(written, scope);
  if (isWritten && isSameScope(boards.scope, scope)) return undefined;
  // The file as we left it, and as we would write it now, is nobody's edit.
  const isEdited =
    look.scope !== null && !isWritten && boards.scope !== undefined && !isSameScope(written, boards.scope);
  const fact: BoardFact = { type: "scope.changed", team, ...scope, ...(isEdited ? { isEdited } : {}) };
  return { text: scopeText(scope), fact };
}

/** What a look at the boards means for what is known of them. Pure: the reactor writes, then reports. */
export function examine(order: Examination): Examined {
  const { team, look, blueprint } = order;
  const folder = boardsFolder(blueprint);
  const found: PlansFound = blueprint.enabled ? examinePlans(order) : { plans: [], writes: [], facts: [], broken: [] };
  const broken = [...look.broken, ...found.broken, ...twins(look.sheets)];
  const facts: BoardFact[] = [
    ...brokenFacts(order, broken),
    ...sheetFacts(order),
    ...found.facts,
    { type: "board.seen", team, por: porSeen(look, folder) },
  ];
  const scope = blueprint.enabled ? scopeDue(order, found) : undefined;
  return { facts, writes: found.writes, ...(scope ? { scope } : {}) };
}
