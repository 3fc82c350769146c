import type { Fact } from "./facts.ts";

/** The one thing a fact is about, by which the log finds it again: patch, message, agent, job, team or repository. */
export function subjectOf(fact: Fact): string | null {
  if (fact.type === "agent.hired") return fact.hire.agent;
  const keys = ["patch", "mid", "agent", "job", "team", "repo", "about"] as const;
  const known = fact as Partial<Record<(typeof keys)[number], unknown>>;
  for (const key of keys) {
    const value = known[key];
    if (typeof value === "string") return value;
  }
  return null;
}
