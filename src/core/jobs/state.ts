import type { Millis, Seq } from "../ids.ts";
import type { Usage } from "../state.ts";

/** What is known of a job's course, besides its beginning and end. */
export interface JobCourse {
  timeoutMinutes?: number;
  /** The control that its prompt waits for. */
  awaits?: string;
  /** The fact that says since when its terminal is silent; its body: the last lines. */
  stalled?: { seq: Seq; at: Millis; minutes: number };
  /** Where it begins in the terminal record, in bytes. */
  logFrom?: number;
  /** Set when its agent got another job: how things stood then. */
  closed?: { usage?: Usage; session?: string; transcript?: string; logTo?: number };
}
