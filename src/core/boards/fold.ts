import type { Event, FactType } from "../facts.ts";
import type { State } from "../state.ts";
import { type Boards, noBoards, type Task } from "./boards-state.ts";
import type { BoardFact } from "./facts.ts";
import { taskNumber } from "./ids.ts";

type Family = BoardFact["type"];
type Fold<T extends FactType> = (state: State, event: Event<T>) => void;

const onBoards =
  <T extends FactType>(change: (boards: Boards, event: Event<T>) => void): Fold<T> =>
  (state, event) => {
    const { team } = event as unknown as { team: string };
    const boards = state.boards[team] ?? noBoards();
    state.boards[team] = boards;
    change(boards, event);
  };

const isOf = (left: { letter: string; n: number }, right: { letter: string; n: number }): boolean =>
  left.letter === right.letter && left.n === right.n;

function seen(boards: Boards, { task, at, isNew }: Event<"task.seen">): void {
  const known = boards.tasks[task.id];
  const fresh: Pick<Task, "plannedAt" | "counters" | "isReviewed" | "blocked"> = known ?? {
    ...{ plannedAt: at, counters: 0, isReviewed: !isNew, blocked: {} },
  };
  const next: Task = { ...fresh, ...task };
  if (task.status !== "planned") next.startedAt = known?.startedAt ?? at;
  if (task.status === "complete") next.completedAt = known?.completedAt ?? at;
  else {
    delete next.completedAt;
    boards.isComplete = false;
  }
  boards.tasks[task.id] = next;
  delete boards.errors[task.path];
}

function moved(boards: Boards, event: Event<"task.moved">): void {
  boards.markers = boards.markers.filter((marker) => !isOf(marker, event));
  const task = boards.tasks[event.id];
  if (!task) return;
  const blocked = { ...task.blocked };
  if (event.step === undefined) {
    if (event.action === "done") for (const step of Object.keys(blocked)) delete blocked[step];
  } else if (event.action === "blocked") blocked[event.step] = event.reason ?? "";
  else delete blocked[event.step];
  task.blocked = blocked;
}

const FOLDS: { [T in Family]: Fold<T> } = {
  "board.seen": onBoards((boards, { por }) => {
    boards.isKnown = true;
    if (por) boards.por = por;
    else delete boards.por;
  }),
  "board.broken": onBoards((boards, { path, error }) => {
    boards.errors[path] = error;
  }),
  "board.mended": onBoards((boards, { path }) => {
    delete boards.errors[path];
  }),
  "subpor.seen": onBoards((boards, { sheet, isNew, seq }) => {
    boards.subpors[sheet.id] = sheet;
    if (!isNew) return;
    boards.newestSheet = seq;
    boards.isAcked = false;
  }),
  "subpor.gone": onBoards((boards, { id }) => {
    delete boards.subpors[id];
  }),
  "subpor.opened": (state, { repo, id }) => {
    state.sheetNumbers[repo] = [...(state.sheetNumbers[repo] ?? []), taskNumber(id) ?? 0];
  },
  "subpor.acked": onBoards((boards) => {
    boards.isAcked = true;
  }),
  "task.seen": onBoards(seen),
  "task.gone": onBoards((boards, { id }) => {
    delete boards.tasks[id];
  }),
  "task.marked": onBoards((boards, { author, letter, n, text, task, step, action, reason }) => {
    boards.markers = [...boards.markers, { author, letter, n, text, task, step, action, reason }];
  }),
  "task.moved": onBoards(moved),
  "task.refused": onBoards((boards, event) => {
    boards.markers = boards.markers.filter((marker) => !isOf(marker, event));
  }),
  "task.restored": () => {},
  "task.countered": onBoards((boards, { id }) => {
    const task = boards.tasks[id];
    if (task) task.counters += 1;
  }),
  "task.reviewed": onBoards((boards, { id }) => {
    const task = boards.tasks[id];
    if (task) task.isReviewed = true;
  }),
  "task.waived": () => {},
  "plan.completed": onBoards((boards) => {
    boards.isComplete = true;
  }),
  "scope.changed": onBoards((boards, { original, current }) => {
    boards.scope = { original, current };
  }),
};

/** Facts about boards and plans. */
export function foldBoards(state: State, event: Event): void {
  (FOLDS as Record<string, Fold<FactType> | undefined>)[event.type]?.(state, event);
}
