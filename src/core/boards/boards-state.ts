import type { Millis, Seq } from "../ids.ts";
import type { LoggedMarker, PlanSeen, PorSeen, SheetSeen } from "./facts.ts";
import type { Scope } from "./scope.ts";

/** A task with what its file does not say. */
export interface Task extends PlanSeen {
  /** When its plan was first seen, work began, and it was complete. */
  plannedAt: Millis;
  startedAt?: Millis;
  completedAt?: Millis;
  /** Reviewers' COUNTERs to its plan. */
  counters: number;
  /** Nothing is waited for: its review is over, or it was there before the team. */
  isReviewed: boolean;
  /** Reasons by step, until the step moves. */
  blocked: Record<string, string>;
}

/** The boards of one team's repository, as they were last understood. */
export interface Boards {
  /** They were looked at once: what comes later is new. */
  isKnown: boolean;
  por?: PorSeen;
  /** By id, `T000007`. */
  subpors: Record<string, SheetSeen>;
  /** By id, `T007`. */
  tasks: Record<string, Task>;
  /** What is wrong with a file, by its path. */
  errors: Record<string, string>;
  scope?: Scope;
  /** Markers without their effect yet, oldest first. */
  markers: LoggedMarker[];
  /** PeerA agreed to the next SUBPOR. */
  isAcked: boolean;
  /** The fact by which the newest SUBPOR came. */
  newestSheet: Seq;
  /** People were told that everything is complete. */
  isComplete: boolean;
}

/** A table without what every object inherits: ids come from files. */
const bare = <T>(): Record<string, T> => Object.create(null);

export const noBoards = (): Boards => ({
  isKnown: false,
  subpors: bare(),
  tasks: bare(),
  errors: bare(),
  markers: [],
  isAcked: false,
  newestSheet: 0,
  isComplete: false,
});
