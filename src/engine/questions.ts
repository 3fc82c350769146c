import { observe } from "../core/commands.ts";
import type { Event } from "../core/facts.ts";
import type { Millis } from "../core/ids.ts";
import type { Rule } from "./engine.ts";

/** A CLI's record may tell what came before the question so much after the hook that asked it. */
const LATE_MS: Millis = 1000;

/** Was the question settled at the keyboard? Its hook is ended then, and tells nothing (Claude Code 2.1.328). */
function isSettled(event: Event, askedAt: Millis): boolean {
  if (event.type === "turn.ended") return true;
  return event.type === "agent.changed" && event.activity !== "waiting" && event.at - askedAt >= LATE_MS;
}

/** A question that waits for nobody any more is withdrawn: nobody is asked to answer it. */
export const questionRule: Rule = (state, event) => {
  if (event.type !== "turn.ended" && event.type !== "agent.changed") return [];
  const question = state.agents[event.agent]?.question;
  if (!question || !isSettled(event, question.at)) return [];
  const { agent } = event;
  return [observe({ type: "permission.answered", agent, question: question.id, choice: "withdrawn" })];
};
