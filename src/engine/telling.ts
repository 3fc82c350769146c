import type { Command } from "../core/commands.ts";
import type { Event } from "../core/facts.ts";
import { type Address, midBecause, SYSTEM, type TeamName } from "../core/ids.ts";
import type { State } from "../core/state.ts";

/** Members of a team that still work. */
export const membersOf = (state: State, team: TeamName): Address[] =>
  (state.teams[team]?.seats ?? []).map(({ agent }) => agent).filter((agent) => !state.agents[agent]?.dismissed);

/**
 * One System message to each, because of a fact: the same fact gives the same ids. Rules that answer the same fact count on from
 * different numbers (`first`, 0 to 15).
 */
export function tell(
  { at, seq }: Pick<Event, "at" | "seq">,
  team: TeamName | undefined,
  recipients: Address[],
  text: string,
  first = 0,
): Command[] {
  return recipients.map((to, n) => ({
    do: "send",
    letter: { mid: midBecause(at, seq, first + n), from: SYSTEM, to, kind: "system", text, team },
  }));
}
