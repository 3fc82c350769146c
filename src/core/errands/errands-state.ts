import type { Address, Millis, Seq, TeamName } from "../ids.ts";
import type { ErrandRole } from "./facts.ts";

/** One run of a CLI without a terminal. */
export interface Errand {
  id: string;
  team: TeamName;
  role: ErrandRole;
  asker: Address;
  preview: string;
  at: Millis;
  /** The fact whose body is its prompt. */
  seq: Seq;
  folder?: string;
  startedAt?: Millis;
  endedAt?: Millis;
  code?: number | null;
  /** `timeout`, `interrupted`, or why it could not run; empty = it ran to its end. */
  reason?: string;
}

/** Where a team's Foreman stands. */
export interface Foreman {
  /** The run that was asked for and has not ended. */
  errand?: string;
  lastAskedAt?: Millis;
  lastStartAt?: Millis;
  lastEndAt?: Millis;
  /** How the last run ended: an exit code, `timeout`, `interrupted` or `failed`. */
  rc?: string;
  folder?: string;
  /** Why the run that was due last was not made, until one is. */
  skipped?: { at: Millis; due: Millis; reason: string; isWaiting: boolean };
}

/** All errands of a home: the open ones, and the newest that ended. */
export interface Errands {
  all: Record<string, Errand>;
  foremen: Record<TeamName, Foreman>;
}

/** Ended errands that are remembered. */
export const ERRANDS_KEPT = 50;

export const isOver = (errand: Errand): boolean => errand.endedAt !== undefined;

/** `0`, `timeout`: how a run ended, as status lines say it. */
export const rcOf = (code: number | null, reason: string): string =>
  reason === "timeout" || reason === "interrupted" ? reason : code === null ? "failed" : String(code);
