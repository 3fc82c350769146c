import type { Millis } from "../ids.ts";

/** Why the lead is to be spoken to: it is new, or was cleared or started again and must be told where its state stands. */
export type ResumeCause = "summoned" | "cleared" | "restarted";

/** Where the lead stands in its life; its terminal and CLI are those of the agent `orch`. */
export interface Lead {
  isWanted: boolean;
  summonedAt?: Millis;
  /** How often its program was started since. */
  opens: number;
  warnedAt?: Millis;
  clearing?: { control: string; percent: number; at: Millis };
  /** A clear that came to nothing: when. */
  unclearedAt?: Millis;
  clearedAt?: Millis;
  /** When its CLI last said how full the context is. */
  measuredAt?: Millis;
  resume?: ResumeCause;
  notes: string;
}

export const noLead = (): Lead => ({ isWanted: false, opens: 0, notes: "" });
