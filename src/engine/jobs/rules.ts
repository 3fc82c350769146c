import { observe } from "../../core/commands.ts";
import type { Rule } from "../engine.ts";

/** A conversation that cannot be cleared is no place for the next job: nothing is typed into it. */
export const reuseRule: Rule = (state, event) => {
  if (event.type !== "control.finished" || event.ok) return [];
  const job = state.jobs[state.agents[event.agent]?.job ?? ""];
  if (!job || job.awaits !== event.control) return [];
  const reason = `the conversation before was not cleared: ${event.reason}`;
  return [
    observe(
      { type: "job.finished", job: job.id, outcome: "failed", reason },
      { type: "message.died", mid: job.mid, reason },
    ),
  ];
};
