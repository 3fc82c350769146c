import type { AgentId, Mid, Millis, TeamName } from "../ids.ts";
import type { MarkerAction } from "./markers.ts";
import type { Plan } from "./plan.ts";
import type { Scope } from "./scope.ts";

/** POR.md as it was seen: path in the repository, last change, what its lint says. */
export interface PorSeen {
  path: string;
  updatedAt: Millis;
  lint: string[];
}

/** A SUBPOR as it was seen; `id` is `T000007`. */
export interface SheetSeen extends PorSeen {
  id: string;
  title: string;
  owner: string;
  stage: string;
}

export interface PlanSeen extends Plan {
  path: string;
}

/** A marker of a letter; `n` counts those of one letter. */
export interface LoggedMarker {
  author: AgentId;
  letter: Mid;
  n: number;
  text: string;
  task: string;
  step?: string;
  action: MarkerAction;
  reason?: string;
}

/** What happens on a repository's boards. Plans move by `task.moved` alone. */
export type BoardFact =
  /** Without `por`: there is no board (any more). */
  | { type: "board.seen"; team: TeamName; por?: PorSeen }
  /** A file that cannot be understood; what was last read of it stays. `error` names the place. */
  | { type: "board.broken"; team: TeamName; path: string; error: string }
  | { type: "board.mended"; team: TeamName; path: string }
  /** `isNew`: it came while the team worked; `isAgreed`: by way of PeerA's ACK, or made by Muster for a person. */
  | { type: "subpor.seen"; team: TeamName; sheet: SheetSeen; isNew?: boolean; isAgreed?: boolean }
  | { type: "subpor.gone"; team: TeamName; id: string }
  /** Muster made one; the number is never given again. */
  | { type: "subpor.opened"; repo: string; id: string; title: string; owner: string; path: string }
  /** PeerA agreed to what PeerB proposed. */
  | { type: "subpor.acked"; team: TeamName; letter: Mid }
  | { type: "task.seen"; team: TeamName; task: PlanSeen; isNew?: boolean }
  | { type: "task.gone"; team: TeamName; id: string }
  | ({ type: "task.marked"; team: TeamName } & LoggedMarker)
  /** A marker had its effect; `became`: the task's status, where it changed. */
  | {
      type: "task.moved";
      team: TeamName;
      author: AgentId;
      letter: Mid;
      n: number;
      id: string;
      step?: string;
      action: MarkerAction;
      reason?: string;
      became?: Plan["status"];
    }
  | { type: "task.refused"; team: TeamName; author: AgentId; letter: Mid; n: number; text: string; reason: string }
  /** Somebody changed status fields of a file; they were put back. */
  | { type: "task.restored"; team: TeamName; id: string; path: string }
  /** A reviewer's COUNTER to a plan that has not begun. */
  | { type: "task.countered"; team: TeamName; id: string; letter: Mid }
  /** Its review is over: nothing more is waited for. */
  | { type: "task.reviewed"; team: TeamName; id: string; reason: string }
  /** Small enough to be done without a plan. */
  | { type: "task.waived"; team: TeamName; letter: Mid; what: string }
  /** Every task is complete. */
  | { type: "plan.completed"; team: TeamName; tasks: number }
  /** `isEdited`: somebody had written another one. */
  | ({ type: "scope.changed"; team: TeamName; isEdited?: boolean } & Scope);

/** Only the daemon sees these. */
export const BOARD_OBSERVED = [
  "board.seen",
  "board.broken",
  "board.mended",
  "subpor.seen",
  "subpor.gone",
  "subpor.opened",
  "subpor.acked",
  "task.seen",
  "task.gone",
  "task.marked",
  "task.moved",
  "task.refused",
  "task.restored",
  "task.countered",
  "task.reviewed",
  "task.waived",
  "plan.completed",
  "scope.changed",
] as const satisfies readonly BoardFact["type"][];
