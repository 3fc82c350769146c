import type { Address, Millis } from "../ids.ts";
import type { MemberTally, Tally, TeamTally } from "./tally.ts";

/** A member waits for a person, for one more reason; several at a time are waited for once. */
export function waitFor(member: MemberTally | undefined, reason: string, at: Millis): void {
  if (!member || member.waits.has(reason)) return;
  if (member.waits.size === 0) member.waitsSince = at;
  member.waits.add(reason);
}

/** A reason has ended. */
export function waitNoMore(member: MemberTally | undefined, reason: string, at: Millis): void {
  if (!member?.waits.delete(reason) || member.waits.size > 0) return;
  member.waitedMs += at - member.waitsSince;
}

/** Nobody is waited for any more: its program, or it itself, is gone. */
export function waitEnds(member: MemberTally | undefined, at: Millis): void {
  for (const reason of [...(member?.waits ?? [])]) waitNoMore(member, reason, at);
}

/** A signature on a card: when all members approved, it waits for the user alone. */
export function signed(tally: Tally, id: string, signer: Address, isApproval: boolean, at: Millis): void {
  const card = tally.cards.get(id);
  const team = card && tally.teams[card.team];
  if (!card || !team) return;
  if (isApproval) card.approvals.add(signer);
  else card.approvals.delete(signer);
  const isAgreed = team.members.every((agent) => card.approvals.has(agent));
  if (isAgreed && !team.cards.has(id)) team.cards.set(id, at);
}

export function decided(tally: Tally, id: string, at: Millis): void {
  const team = tally.teams[tally.cards.get(id)?.team ?? ""];
  const since = team?.cards.get(id);
  if (team && since !== undefined) team.cardsMs += at - since;
  team?.cards.delete(id);
  tally.cards.delete(id);
}

/** Ends what is counted by the clock: a pause, and the cards that wait. */
export function closeTeam(team: TeamTally, at: Millis): void {
  resume(team, at);
  for (const since of team.cards.values()) team.cardsMs += at - since;
  team.cards.clear();
  team.stoppedAt ??= at;
}

export function resume(team: TeamTally | undefined, at: Millis): void {
  if (team?.pausedSince === undefined) return;
  team.pausedMs += at - team.pausedSince;
  team.pausedSince = undefined;
}
