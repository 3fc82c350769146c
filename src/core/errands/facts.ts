import type { Address, Mid, Millis, TeamName } from "../ids.ts";

/** `aux`: asked once by somebody. `foreman`: the user's proxy on a timer. */
export type ErrandRole = "aux" | "foreman";

/** One check of an evidence card, done. */
export interface CheckDone {
  name: string;
  /** Exit code; null = it ran out of its time. */
  code: number | null;
  millis: number;
  /** Its failure does not count. */
  isAllowed: boolean;
}

/** What becomes of runs of a CLI without a terminal, and of a person's evidence cards. */
export type ErrandFact =
  /** `body`: the whole prompt. */
  | {
      type: "errand.asked";
      errand: string;
      team: TeamName;
      role: ErrandRole;
      asker: Address;
      preview: string;
      body: string;
    }
  /** Its program is started now, once: after a crash it is never started again. */
  | { type: "errand.started"; errand: string; team: TeamName; folder: string }
  /**
   * `code`: null = it did not end by itself. `reason`: `timeout`, `interrupted`, or why it could not run; empty = it ran.
   * `body`: the beginning and the end of what it printed.
   */
  | {
      type: "errand.ended";
      errand: string;
      team: TeamName;
      code: number | null;
      reason: string;
      preview: string;
      body: string;
    }
  /** `isTold`: whoever asked has heard it already. */
  | { type: "errand.refused"; team: TeamName; role: ErrandRole; asker: Address; reason: string; isTold?: boolean }
  /** A run that was due at `due` was not made; `isWaiting`: it is made as soon as the reason ends. */
  | { type: "foreman.skipped"; team: TeamName; due: Millis; reason: string; isWaiting: boolean }
  /** What the Foreman wrote went to these members, as the user's words. */
  | {
      type: "foreman.spoke";
      team: TeamName;
      errand: string;
      to: Address[];
      isCc: boolean;
      mids: Mid[];
      preview: string;
    }
  /** It wrote something that is no message; the file stays in the run's folder. */
  | { type: "foreman.misspoke"; team: TeamName; errand: string; reason: string }
  | {
      type: "evidence.validated";
      repo: string;
      title: string;
      kind: string;
      isPassed: boolean;
      /** The log, relative to the repository. */
      log: string;
      checks: CheckDone[];
    };

/** Only the daemon sees these. */
export const ERRAND_OBSERVED = [
  "errand.asked",
  "errand.started",
  "errand.ended",
  "errand.refused",
  "foreman.skipped",
  "foreman.spoke",
  "foreman.misspoke",
  "evidence.validated",
] as const satisfies readonly ErrandFact["type"][];
