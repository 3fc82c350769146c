import type { Fact } from "./facts.ts";
import type { TeamName } from "./ids.ts";
import type { Message, State } from "./state.ts";

/** The one thing a fact is about, by which the log finds it again: decision, patch, message, agent, job, team, repository or task. */
export function subjectOf(fact: Fact): string | null {
  if (fact.type === "agent.hired") return fact.hire.agent;
  const keys = ["rfd", "patch", "mid", "agent", "job", "team", "repo", "about"] as const;
  const known = fact as Partial<Record<(typeof keys)[number], unknown>>;
  for (const key of keys) {
    const value = known[key];
    if (typeof value === "string") return value;
  }
  return "task" in fact && typeof fact.task === "number" ? `#${fact.task}` : null;
}

const teamOfMessage = (state: State, { team, from, to }: Pick<Message, "team" | "from" | "to">): TeamName | undefined =>
  team ?? state.agents[from]?.hire.team ?? state.agents[to]?.hire.team;

const teamIn = (state: State, repo: string): TeamName | undefined =>
  Object.values(state.teams).find((team) => team.repo === repo && team.stopped === undefined)?.name;

/** The team that a fact is about, by its own word or by whom it names; undefined = none. */
export function teamOf(fact: Fact, state: State): TeamName | undefined {
  if (fact.type === "agent.hired") return fact.hire.team;
  if (fact.type === "message.queued") return teamOfMessage(state, fact);
  const id = subjectOf(fact) ?? "";
  const message = state.messages[id];
  if (message) return teamOfMessage(state, message);
  const agent = state.agents[state.jobs[id]?.agent ?? id];
  return (
    state.teams[id]?.name ?? agent?.hire.team ?? state.patches[id]?.team ?? state.rfds[id]?.team ?? teamIn(state, id)
  );
}

/** Does somebody who looks at one team want to know? Its own facts, and what the daemon says to everybody. */
export const concerns = (fact: Fact, state: State, team: TeamName): boolean =>
  teamOf(fact, state) === team || (fact.type === "notice.raised" && fact.about === undefined);
