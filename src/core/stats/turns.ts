import type { AgentId, Millis } from "../ids.ts";
import type { LetterKind, MemberTally, Tally, Turn } from "./tally.ts";

/** Was it begun by others than the user? Without any letter it was a person at the terminal, or the CLI itself. */
const isCoordination = (reasons: Set<LetterKind>): boolean => reasons.size > 0 && !reasons.has("user");

/** Adds a turn that has ended to what it was spent on. */
export function settled(turns: MemberTally["turns"], turn: Turn | undefined): MemberTally["turns"] {
  if (turn?.endedAt === undefined) return turns;
  const ms = Math.max(0, turn.endedAt - turn.startedAt);
  return turn.isCoordination && !turn.isFruitful
    ? { ...turns, coordination: turns.coordination + 1, coordinationMs: turns.coordinationMs + ms }
    : { ...turns, work: turns.work + 1, workMs: turns.workMs + ms };
}

/** A turn begins; what the one before it brought is known by now. */
export function beginTurn(member: MemberTally | undefined, at: Millis): void {
  if (!member || (member.turn && member.turn.endedAt === undefined)) return;
  member.turns = settled(member.turns, member.turn);
  member.turn = { startedAt: at, isCoordination: isCoordination(member.reasons), isFruitful: false };
}

/** Also when its program ends in the middle. */
export function endTurn(member: MemberTally | undefined, at: Millis): void {
  if (!member?.turn || member.turn.endedAt !== undefined) return;
  member.turn.endedAt = at;
  member.turn.isCoordination = isCoordination(member.reasons);
  member.reasons.clear();
}

/** Something came of its turn: of the one that runs, else of the last one. */
export function bore(tally: Tally, agent: AgentId | undefined): void {
  const turn = agent === undefined ? undefined : tally.members[agent]?.turn;
  if (turn) turn.isFruitful = true;
}
