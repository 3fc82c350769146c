import type { Event, FactType } from "../facts.ts";
import type { State } from "../state.ts";
import { ERRANDS_KEPT, type Foreman, isOver, rcOf } from "./errands-state.ts";
import type { ErrandFact } from "./facts.ts";

type Fold<T extends FactType> = (state: State, event: Event<T>) => void;

function foremanOf({ errands }: State, team: string): Foreman {
  const known = errands.foremen[team] ?? {};
  errands.foremen[team] = known;
  return known;
}

/** The oldest of those that ended are forgotten; they stay in the log. */
function trim({ errands }: State): void {
  const over = Object.values(errands.all).filter(isOver);
  for (const { id } of over.slice(0, Math.max(0, over.length - ERRANDS_KEPT))) delete errands.all[id];
}

const FOLDS: { [T in Exclude<ErrandFact["type"], "evidence.validated">]: Fold<T> } = {
  "errand.asked": (state, { errand: id, team, role, asker, preview, at, seq }) => {
    state.errands.all[id] = { id, team, role, asker, preview, at, seq };
    if (role !== "foreman") return;
    const foreman = foremanOf(state, team);
    Object.assign(foreman, { errand: id, lastAskedAt: at });
    delete foreman.skipped;
  },
  "errand.started": (state, { errand: id, folder, at }) => {
    const errand = state.errands.all[id];
    if (!errand) return;
    Object.assign(errand, { folder, startedAt: at });
    if (errand.role === "foreman") Object.assign(foremanOf(state, errand.team), { lastStartAt: at, folder });
  },
  "errand.ended": (state, { errand: id, code, reason, at }) => {
    const errand = state.errands.all[id];
    if (!errand) return;
    Object.assign(errand, { endedAt: at, code, reason });
    if (errand.role === "foreman") {
      const foreman = foremanOf(state, errand.team);
      Object.assign(foreman, { lastEndAt: at, rc: rcOf(code, reason) });
      delete foreman.errand;
    }
    trim(state);
  },
  "errand.refused": () => {},
  "foreman.skipped": (state, { team, due, reason, isWaiting, at }) => {
    foremanOf(state, team).skipped = { at, due, reason, isWaiting };
  },
  "foreman.spoke": () => {},
  "foreman.misspoke": () => {},
};

/** Facts about errands and the Foreman. */
export function foldErrands(state: State, event: Event): void {
  (FOLDS as Record<string, Fold<FactType> | undefined>)[event.type]?.(state, event);
}
