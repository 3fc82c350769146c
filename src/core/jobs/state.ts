import type { Millis, Seq } from "../ids.ts";
import type { Usage } from "../state.ts";
import type { Budget } from "./budget.ts";

/** What is known of a job's course, besides its beginning and end. */
export interface JobCourse {
  timeoutMinutes?: number;
  budget?: Budget;
  /** How much of it was used when a person was told. */
  warned?: number;
  /** When its budget was used up, and how much it had used. */
  overspent?: { at: Millis; spent: number };
  /** The control that its prompt waits for. */
  awaits?: string;
  /** The fact that says since when its terminal is silent; its body: the last lines. */
  stalled?: { seq: Seq; at: Millis; minutes: number };
  /** Where it begins in the terminal record, in bytes. */
  logFrom?: number;
  /** Set when its agent got another job: how things stood then. */
  closed?: { usage?: Usage; session?: string; transcript?: string; logTo?: number };
}
