import type { AgentId, Mid, Millis, Seq, TeamName } from "../ids.ts";
import { table } from "../state.ts";

/** Whose words they are: to or from the user, between peers, the System's, or the line that names waiting letters. */
export type LetterKind = "user" | "peer" | "system" | "nudge";

export interface Amount {
  count: number;
  /** UTF-8. */
  bytes: number;
}

/** A turn as far as it is known; what it brought may be seen after its end. */
export interface Turn {
  startedAt: Millis;
  endedAt?: Millis;
  /** Whose letters began it, or came into it. */
  reasons: Set<LetterKind>;
  /** A patch, a commit, verified evidence or a changed file came of it. */
  isFruitful: boolean;
}

/** What is counted of one member. */
export interface MemberTally {
  team: TeamName;
  seat: string;
  /** Letters that were typed, or reached it, and that no turn was counted for yet. */
  pending: Map<Mid, LetterKind>;
  /** The turn that runs, or the last one. */
  turn?: Turn;
  turns: { work: number; coordination: number; workMs: Millis; coordinationMs: Millis };
  /** As its CLI reports them; undefined = it does not. `lastCost` is its newest report. */
  cost?: number;
  lastCost: number;
  contextTokens?: number;
  /** Why it stands still until a person does something, each once. */
  waits: Set<string>;
  waitsSince: Millis;
  waitedMs: Millis;
}

export interface TeamTally {
  name: TeamName;
  formedAt: Millis;
  stoppedAt?: Millis;
  members: AgentId[];
  letters: Record<LetterKind, Amount>;
  handoffs: number;
  /** Letters kept back, by rule. */
  holds: Record<string, number>;
  /** Deliveries that were typed again, and those that ended without a receipt or dead. */
  retries: number;
  uncertain: number;
  dead: number;
  patches: { received: number; committed: number; refused: number };
  evidence: { verified: number; claimed: number; refuted: number };
  /** Cards that both peers approved and that wait for the user alone, and since when. */
  cards: Map<string, Millis>;
  cardsMs: Millis;
  pausedSince?: Millis;
  pausedMs: Millis;
  /** Changed files of the repository at the last look, by path. */
  changed: Set<string>;
}

export interface OpenLetter {
  team: TeamName;
  to: AgentId;
  kind: LetterKind;
  /** Letters that a nudge names. */
  covers: Mid[];
  /** It was typed: the turn that begins next is its. */
  isTyped?: true;
}

/** Everything that is counted of all teams, up to one fact of the log. */
export interface Tally {
  seq: Seq;
  teams: Record<TeamName, TeamTally>;
  members: Record<AgentId, MemberTally>;
  /** Letters on their way. */
  open: Map<Mid, OpenLetter>;
  /** Authors of patches that may still be decided, and of references that were not judged. */
  authors: Map<string, AgentId>;
  cards: Map<string, { team: TeamName; approvals: Set<string> }>;
}

export const newTally = (): Tally => ({
  seq: 0,
  teams: table(),
  members: table(),
  open: new Map(),
  authors: new Map(),
  cards: new Map(),
});

const nothing = (): Amount => ({ count: 0, bytes: 0 });

export const newTeam = (name: TeamName, formedAt: Millis, members: AgentId[]): TeamTally => ({
  ...{ name, formedAt, members, handoffs: 0, holds: table(), retries: 0, uncertain: 0, dead: 0 },
  letters: { user: nothing(), peer: nothing(), system: nothing(), nudge: nothing() },
  patches: { received: 0, committed: 0, refused: 0 },
  evidence: { verified: 0, claimed: 0, refuted: 0 },
  ...{ cards: new Map(), cardsMs: 0, pausedMs: 0, changed: new Set() },
});

export const newMember = (team: TeamName, seat: string): MemberTally => ({
  ...{ team, seat, pending: new Map(), lastCost: 0, waits: new Set(), waitsSince: 0, waitedMs: 0 },
  turns: { work: 0, coordination: 0, workMs: 0, coordinationMs: 0 },
});
