import type { Command } from "../../core/commands.ts";
import type { Event } from "../../core/facts.ts";
import { isLead, midBecause, SYSTEM } from "../../core/ids.ts";
import type { State } from "../../core/state.ts";
import type { Rule } from "../engine.ts";

const GO_ON = "SYSTEM: The usage limit that stopped you has ended. Go on where you were.";

/** Whoever was stopped in the middle goes on: an unfinished job, a member of a team, a lead. */
function isInterrupted({ agents, jobs, teams }: State, id: string): boolean {
  const agent = agents[id];
  if (!agent || agent.dismissed) return false;
  if (isLead(agent.hire.agent)) return true;
  const team = teams[agent.hire.team ?? ""];
  if (team) return !team.stopped && !team.paused;
  const job = jobs[agent.job ?? ""];
  return job !== undefined && job.outcome === undefined;
}

function goOn(state: State, { agent, at, seq }: Event<"limit.ended">): Command[] {
  if (!isInterrupted(state, agent)) return [];
  const team = state.agents[agent]?.hire.team;
  const mid = midBecause(at, seq, 0);
  return [{ do: "send", letter: { mid, from: SYSTEM, to: agent, kind: "system", text: GO_ON, team } }];
}

/** After a usage limit an agent is told once to go on. */
export const limitRule: Rule = (state, event) => (event.type === "limit.ended" ? goOn(state, event) : []);
