import type { State } from "../state.ts";
import type { Boards } from "./boards-state.ts";
import type { BoardFact, PlanSeen } from "./facts.ts";
import { taskNumber } from "./ids.ts";

type FactOf<T extends BoardFact["type"]> = Extract<BoardFact, { type: T }>;
type Check<T extends BoardFact["type"]> = (state: State, fact: FactOf<T>) => boolean;

const same = (left: unknown, right: unknown): boolean => JSON.stringify(left) === JSON.stringify(right);

/** What the file said, without what the fold added. */
const asSeen = ({ id, name, goal, status, steps, path }: PlanSeen): PlanSeen => ({
  ...{ id, name, goal, status, steps, path },
});

const boardsOf = (state: State, team: string): Boards | undefined => state.boards[team];

const isPending = (state: State, fact: { team: string; letter: string; n: number }): boolean =>
  boardsOf(state, fact.team)?.markers.some(({ letter, n }) => letter === fact.letter && n === fact.n) === true;

const task = (state: State, fact: { team: string; id: string }) => boardsOf(state, fact.team)?.tasks[fact.id];

/** Reports about boards that say nothing new are dropped. */
export const BOARD_CHECKS: { [T in BoardFact["type"]]?: Check<T> } = {
  "board.seen": (state, { team, por }) => {
    const boards = boardsOf(state, team);
    return !boards?.isKnown || !same(boards.por, por);
  },
  "board.broken": (state, { team, path, error }) => boardsOf(state, team)?.errors[path] !== error,
  "board.mended": (state, { team, path }) => boardsOf(state, team)?.errors[path] !== undefined,
  "subpor.seen": (state, { team, sheet }) => !same(boardsOf(state, team)?.subpors[sheet.id], sheet),
  "subpor.gone": (state, { team, id }) => boardsOf(state, team)?.subpors[id] !== undefined,
  "subpor.opened": (state, { repo, id }) => state.sheetNumbers[repo]?.includes(taskNumber(id) ?? 0) !== true,
  "subpor.acked": (state, { team }) => boardsOf(state, team)?.isAcked !== true,
  "task.seen": (state, { team, task: plan }) => {
    const known = task(state, { team, id: plan.id });
    return known === undefined || !same(asSeen(known), asSeen(plan));
  },
  "task.gone": (state, fact) => task(state, fact) !== undefined,
  "task.marked": (state, fact) => !isPending(state, fact),
  "task.moved": isPending,
  "task.refused": isPending,
  "task.countered": (state, fact) => task(state, fact) !== undefined,
  "task.reviewed": (state, fact) => task(state, fact)?.isReviewed === false,
  "plan.completed": (state, { team }) => boardsOf(state, team)?.isComplete === false,
  "scope.changed": (state, { team, original, current, isEdited }) =>
    isEdited === true || !same(boardsOf(state, team)?.scope, { original, current }),
};
