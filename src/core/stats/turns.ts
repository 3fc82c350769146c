import type { AgentId, Mid, Millis } from "../ids.ts";
import type { LetterKind, MemberTally, OpenLetter, Tally, Turn } from "./tally.ts";

/** Was it begun by others than the user? Without any letter it was a person at the terminal, or the CLI itself. */
const isCoordination = ({ reasons }: Turn): boolean => reasons.size > 0 && !reasons.has("user");

const isRunning = (turn: Turn | undefined): turn is Turn => turn !== undefined && turn.endedAt === undefined;

/** Adds a turn that has ended to what it was spent on. */
export function settled(turns: MemberTally["turns"], turn: Turn | undefined): MemberTally["turns"] {
  if (turn?.endedAt === undefined) return turns;
  const ms = Math.max(0, turn.endedAt - turn.startedAt);
  return isCoordination(turn) && !turn.isFruitful
    ? { ...turns, coordination: turns.coordination + 1, coordinationMs: turns.coordinationMs + ms }
    : { ...turns, work: turns.work + 1, workMs: turns.workMs + ms };
}

/** A turn begins: what was typed until now is its reason; what the one before it brought is known by now. */
export function beginTurn(member: MemberTally | undefined, at: Millis): void {
  if (!member || isRunning(member.turn)) return;
  member.turns = settled(member.turns, member.turn);
  member.turn = { startedAt: at, reasons: new Set(member.pending.values()), isFruitful: false };
  member.pending.clear();
}

/** Also when its program ends in the middle. */
export function endTurn(member: MemberTally | undefined, at: Millis): void {
  if (isRunning(member?.turn)) member.turn.endedAt = at;
}

/** The end of a turn may be seen only after the next letter was typed: that one is for the next turn. */
export function typed(member: MemberTally | undefined, mid: Mid, kind: LetterKind): void {
  member?.pending.set(mid, kind);
}

/** What arrives while a turn runs came into it, unless it began that turn or an earlier one (`isTyped` and not pending). */
export function arrived(member: MemberTally | undefined, mid: Mid, { kind, isTyped }: OpenLetter): void {
  if (!member || (isTyped && !member.pending.has(mid))) return;
  if (!isRunning(member.turn)) {
    member.pending.set(mid, kind);
    return;
  }
  member.pending.delete(mid);
  member.turn.reasons.add(kind);
}

/** Something came of its turn: of the one that runs, else of the last one. */
export function bore(tally: Tally, agent: AgentId | undefined): void {
  const turn = agent === undefined ? undefined : tally.members[agent]?.turn;
  if (turn) turn.isFruitful = true;
}
