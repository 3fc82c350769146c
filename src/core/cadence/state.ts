import type { AgentId, Mid, Millis, Seq } from "../ids.ts";
import { DEFAULT_SETTINGS, type Settings } from "../settings/settings.ts";
import type { State } from "../state.ts";
import type { Beat } from "./facts.ts";

/** Where one member of a team stands in its rhythm. */
export interface Rhythm {
  /** Handoffs that came to it (alone: that it made), in all and since the last beat of each kind. */
  handoffs: number;
  sinceCheck: number;
  sinceReset: number;
  sinceCompact: number;
  /** Self-checks so far. */
  checks: number;
  compactedAt: Millis;
  /** When something was last delivered to it. */
  deliveredAt: Millis;
  /** Its newest Progress, until it was told to go on. */
  progress?: { mid: Mid; at: Millis; next: string };
  /** Keepalives in a row without new Progress. */
  keepalives: number;
  /** When a beat was asked for last, and by which fact. */
  asked: Partial<Record<Beat, { at: Millis; seq: Seq }>>;
  /** Latest beat of each kind, and how often in a row it was about the same. */
  sent: Partial<Record<Beat, { at: Millis; seq: Seq; mid?: Mid; about?: Mid; times: number }>>;
  /** Why a beat that is due was not given, until it is. */
  skipped: Partial<Record<Beat, { at: Millis; reason: string }>>;
}

const newRhythm = (): Rhythm => ({
  handoffs: 0,
  sinceCheck: 0,
  sinceReset: 0,
  sinceCompact: 0,
  checks: 0,
  compactedAt: 0,
  deliveredAt: 0,
  keepalives: 0,
  asked: {},
  sent: {},
  skipped: {},
});

/** The rhythm of an agent, to be changed by a fold. */
export function rhythmOf(state: State, agent: AgentId): Rhythm {
  const known = state.rhythms[agent] ?? newRhythm();
  state.rhythms[agent] = known;
  return known;
}

/** The same to be read: an agent that was never counted has an empty one. */
export const rhythmIn = (state: State, agent: AgentId): Rhythm => state.rhythms[agent] ?? newRhythm();

/** What an agent's team goes by; defaults without a team. */
export const settingsOf = (state: State, team: string | undefined): Settings =>
  (team === undefined ? undefined : state.teams[team]?.settings) ?? DEFAULT_SETTINGS;
