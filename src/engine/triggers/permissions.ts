import { observe } from "../../core/commands.ts";
import { ruleFor } from "../../core/config/approval-rule.ts";
import { configOf } from "../../core/config/state.ts";
import type { Rule } from "../engine.ts";

const MINUTE_MS = 60_000;

/** A question that a user's rule is about waits as an approval of exactly this question. */
const askRule: Rule = (state, event) => {
  if (event.type !== "permission.asked") return [];
  const { agent, question, tool, input, seq, at } = event;
  const rule = ruleFor(configOf(state).approvals, tool, input);
  if (!rule) return [];
  const action = { do: "answer_permission", agent, question, tool, input } as const;
  // A blank in it: no trigger has this name, so none takes it along when it goes.
  const asked = {
    approval: `A-${seq}q`,
    name: "permission rule",
    why: `${rule.tool} ${rule.match}`,
    action,
    chain: [],
  };
  return [observe({ type: "approval.asked", ...asked, until: at + rule.minutes * MINUTE_MS })];
};

/** Answers the CLI as was decided; what nobody decided in time is denied. */
const answerRule: Rule = (state, event) => {
  if (event.type !== "approval.decided") return [];
  const { action } = state.triggers.approvals[event.approval] ?? {};
  if (action?.do !== "answer_permission") return [];
  const { agent, question } = action;
  if (state.agents[agent]?.question?.id !== question) return [];
  if (event.decision === "approve") return [{ do: "answer", agent, question, choice: "allow", reason: "" }];
  const why = event.decision === "expired" ? "nobody allowed it in time" : (event.comment ?? "the user said no");
  return [{ do: "answer", agent, question, choice: "deny", reason: why }];
};

/** What was answered at the terminal or by a command is not asked any more. */
const voidRule: Rule = (state, event) => {
  if (event.type !== "permission.answered") return [];
  const comment = "it was answered elsewhere";
  return Object.values(state.triggers.approvals)
    .filter(
      ({ action, decided }) => !decided && action.do === "answer_permission" && action.question === event.question,
    )
    .map(({ id: approval }) => ({ do: "approve", approval, decision: "expired", comment }));
};

export const permissionRules: Rule[] = [askRule, answerRule, voidRule];
