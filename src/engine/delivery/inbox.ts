import { mailboxOf } from "../../core/letter/place.ts";
import type { Agent, State } from "../../core/state.ts";

/** The folder whose files an agent of a team reads; empty for one without a team. */
export function inboxOf(state: State, { hire: { team, seat } }: Agent): string {
  const repo = state.teams[team ?? ""]?.repo;
  return repo && seat ? `${mailboxOf(repo, seat)}/inbox` : "";
}
