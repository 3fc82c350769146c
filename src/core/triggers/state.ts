import type { Address, Millis } from "../ids.ts";
import type { AskedAction } from "./actions.ts";
import type { ModeSpec, TriggerSpec } from "./facts.ts";

export interface Trigger extends TriggerSpec {
  addedAt: Millis;
  firedAt?: Millis;
  fired: number;
  /** Cron: the time of the last firing by the clock, or of the last that was left out. */
  due?: Millis;
  /** Threshold: what it was last. */
  isTrue: boolean;
  skipped?: { reason: string; at: Millis };
}

export interface Approval {
  id: string;
  name: string;
  why: string;
  action: AskedAction;
  chain: string[];
  at: Millis;
  until: Millis;
  decided?: { decision: "approve" | "reject" | "expired"; by: Address; at: Millis; comment?: string };
}

export interface Triggers {
  all: Record<string, Trigger>;
  /** Open ones, and the newest that are decided. */
  approvals: Record<string, Approval>;
  /** Those of the user; presets come with the program. */
  modes: Record<string, ModeSpec>;
  active?: string;
  /** The triggers that were there before the active mode. */
  previous?: Trigger[];
  /** Unset = whenever there is something to do. */
  pulse?: boolean;
}

export const APPROVALS_KEPT = 200;

export const noTriggers = (): Triggers => ({ all: {}, approvals: {}, modes: {} });
