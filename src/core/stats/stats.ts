import type { Millis, TeamName } from "../ids.ts";
import type { Amount, LetterKind, MemberTally, Tally, TeamTally } from "./tally.ts";
import { settled } from "./turns.ts";

/** Bytes that are said to be a token; a rule of thumb for English and code, never a measure. */
const TOKEN_BYTES = 4;

export interface Words extends Amount {
  /** An estimate. */
  tokens: number;
}

export interface MemberStats {
  seat: string;
  turns: MemberTally["turns"];
  waitedMs: Millis;
  /** Dollars as its CLI says; null = it does not say. */
  cost: number | null;
  /** Tokens in its context at the last report; null = unknown. */
  contextTokens: number | null;
}

/** What a team's work cost beside the work (docs/stats.md says what each number means). */
export interface TeamStats {
  team: TeamName;
  /** From its forming to its stop, or to now. */
  ms: Millis;
  isStopped: boolean;
  letters: Record<LetterKind, Words>;
  /** Estimated tokens of letters: between peers, of the System and nudges; from and to the user. */
  tokens: { coordination: number; work: number };
  turns: MemberTally["turns"];
  /** Share of the time in turns that went into coordination, 0 to 1; null = there was no turn. */
  share: number | null;
  cost: number | null;
  /** Members whose CLI does not say what they cost. */
  costUnknown: string[];
  costPerCommit: number | null;
  /** For a person: members at a dialog, a question or after too many crashes; cards that wait for the user alone; pauses. */
  waited: { membersMs: Millis; cardsMs: Millis; pausedMs: Millis };
  handoffs: number;
  holds: Record<string, number>;
  deliveries: { retries: number; uncertain: number; dead: number };
  patches: TeamTally["patches"];
  evidence: TeamTally["evidence"];
  members: MemberStats[];
}

const words = ({ count, bytes }: Amount): Words => ({ count, bytes, tokens: Math.ceil(bytes / TOKEN_BYTES) });

function memberStats(member: MemberTally, now: Millis): MemberStats {
  const { seat, turn, cost, contextTokens, waits, waitsSince, waitedMs } = member;
  return {
    seat,
    turns: settled(member.turns, turn),
    waitedMs: waitedMs + (waits.size > 0 ? now - waitsSince : 0),
    cost: cost ?? null,
    contextTokens: contextTokens ?? null,
  };
}

const sum = <T>(all: T[], of: (one: T) => number): number => all.reduce((total, one) => total + of(one), 0);

function turnsOf(members: MemberStats[]): MemberTally["turns"] {
  const total = (key: keyof MemberTally["turns"]): number => sum(members, ({ turns }) => turns[key]);
  const [work, coordination] = [total("work"), total("coordination")];
  return { work, coordination, workMs: total("workMs"), coordinationMs: total("coordinationMs") };
}

function costOf(members: MemberStats[], commits: number): Pick<TeamStats, "cost" | "costUnknown" | "costPerCommit"> {
  const silent = members.filter(({ cost }) => cost === null).map(({ seat }) => seat);
  const cost = silent.length === members.length ? null : sum(members, (one) => one.cost ?? 0);
  const isWhole = cost !== null && silent.length === 0 && commits > 0;
  return { cost, costUnknown: silent, costPerCommit: isWhole ? cost / commits : null };
}

function waitedOf(team: TeamTally, members: MemberStats[], now: Millis): TeamStats["waited"] {
  const cards = sum([...team.cards.values()], (since) => now - since);
  const paused = team.pausedSince === undefined ? 0 : now - team.pausedSince;
  return {
    membersMs: sum(members, ({ waitedMs }) => waitedMs),
    cardsMs: team.cardsMs + cards,
    pausedMs: team.pausedMs + paused,
  };
}

/** A team's numbers at one moment; null = no such team was ever formed. A turn that still runs is not in them. */
export function statsOf(tally: Tally, name: TeamName, now: Millis): TeamStats | null {
  const team = tally.teams[name];
  if (!team) return null;
  const members = team.members.flatMap((id) => {
    const member = tally.members[id];
    return member ? [memberStats(member, now)] : [];
  });
  const { user, peer, system, nudge } = team.letters;
  const letters = { user: words(user), peer: words(peer), system: words(system), nudge: words(nudge) };
  const turns = turnsOf(members);
  const all = turns.workMs + turns.coordinationMs;
  return {
    team: name,
    ms: (team.stoppedAt ?? now) - team.formedAt,
    isStopped: team.stoppedAt !== undefined,
    letters,
    tokens: {
      coordination: letters.peer.tokens + letters.system.tokens + letters.nudge.tokens,
      work: letters.user.tokens,
    },
    turns,
    share: all === 0 ? null : turns.coordinationMs / all,
    ...costOf(members, team.patches.committed),
    waited: waitedOf(team, members, now),
    handoffs: team.handoffs,
    holds: { ...team.holds },
    deliveries: { retries: team.retries, uncertain: team.uncertain, dead: team.dead },
    patches: { ...team.patches },
    evidence: { ...team.evidence },
    members,
  };
}
