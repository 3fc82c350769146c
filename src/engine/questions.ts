import { observe } from "../core/commands.ts";
import type { Rule } from "./engine.ts";

/**
 * A question that was settled at the keyboard waits for nobody any more: its hook was ended and tells nothing (Claude Code
 * 2.1.328). Its dialog was seen to stand since it was asked, and stands no more; what a record tells late, of the time before the
 * question, settles nothing.
 */
export const questionRule: Rule = (state, event) => {
  if (event.type !== "agent.changed" || event.activity === "waiting") return [];
  const { agent } = event;
  const question = state.agents[agent]?.question;
  if (!question?.isShown) return [];
  return [observe({ type: "permission.answered", agent, question: question.id, choice: "withdrawn" })];
};
