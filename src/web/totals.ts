import { agentState, KILLED } from "../core/job-state.ts";
import { openTasks } from "../core/queue/state.ts";
import type { Agent, State } from "../core/state.ts";

/** The night in numbers. */
export interface Totals {
  /** Agents with something to do, members of teams included. */
  atWork: number;
  idle: number;
  waiting: number;
  done: number;
  failed: number;
  commits: number;
  /** What CLIs told of the conversations of agents that worked since then, in dollars. */
  cost: number;
  /** Agents of which nobody knows what they cost. */
  unpriced: number;
}

/** What happened since a moment, and what is so now. */
export function totals(state: State, since: number): Totals {
  const agents = Object.values(state.agents);
  const living = agents.filter(({ dismissed }) => !dismissed);
  const states = living.map((agent) => agentState(state, agent));
  const ended = Object.values(state.jobs).filter(({ finishedAt }) => (finishedAt ?? 0) >= since);
  // Its first turn may not have ended, and it costs already.
  const hasWorked = ({ turns, usage, job }: Agent): boolean =>
    turns > 0 || usage !== undefined || (job !== undefined && state.jobs[job]?.startedAt !== undefined);
  const ofLate = agents.filter((agent) => hasWorked(agent) && (agent.since >= since || !agent.dismissed));
  const priced = ofLate.flatMap(({ usage }) => usage?.cost ?? []);
  return {
    atWork: states.filter((is) => is === "running" || is === "starting").length,
    idle: states.filter((is) => is === "idle").length,
    waiting:
      openTasks(state.queue).filter(({ state: is }) => is === "pending").length +
      states.filter((is) => is === "pending").length,
    done: ended.filter(({ outcome }) => outcome === "completed").length,
    // What a person killed went as that person wanted.
    failed: ended.filter(({ outcome, reason }) => (outcome === "failed" || outcome === "lost") && reason !== KILLED)
      .length,
    commits: Object.values(state.patches).filter(({ state: is, at }) => is === "committed" && at >= since).length,
    cost: priced.reduce((sum, cost) => sum + cost, 0),
    unpriced: ofLate.length - priced.length,
  };
}
