import type { State } from "../state.ts";
import { isOver } from "./errands-state.ts";
import type { ErrandFact } from "./facts.ts";

type FactOf<T extends ErrandFact["type"]> = Extract<ErrandFact, { type: T }>;
type Check<T extends ErrandFact["type"]> = (state: State, fact: FactOf<T>) => boolean;

const open = ({ errands }: State, { errand }: { errand: string }) => {
  const known = errands.all[errand];
  return known && !isOver(known) ? known : undefined;
};

/** Reports about errands that say nothing new are dropped; a team has one open run of its Foreman at most. */
export const ERRAND_CHECKS: { [T in ErrandFact["type"]]?: Check<T> } = {
  "errand.asked": ({ errands, teams }, { errand, team, role }) =>
    teams[team] !== undefined &&
    errands.all[errand] === undefined &&
    (role !== "foreman" || errands.foremen[team]?.errand === undefined),
  "errand.started": (state, fact) => {
    const known = open(state, fact);
    return known !== undefined && known.startedAt === undefined;
  },
  "errand.ended": (state, fact) => open(state, fact) !== undefined,
  "foreman.skipped": ({ errands }, { team, due, reason }) => {
    const last = errands.foremen[team]?.skipped;
    return last?.due !== due || last.reason !== reason;
  },
};
