import type { AgentId } from "../ids.ts";
import { Refusal } from "../refusal.ts";
import { toolInput } from "../tool-input.ts";

/** What a trigger does. */
export type TriggerAction =
  | { do: "inject_prompt"; prompt: string }
  | { do: "clear_context" }
  | { do: "start_orchestrator" }
  | { do: "queue_task"; prompt: string; priority: number; cwd: string; direct: boolean; agent?: string }
  | { do: "notify"; message: string };

/** What a person is asked about: a trigger's action, or an agent's question to its user. */
export type AskedAction =
  | TriggerAction
  | { do: "answer_permission"; agent: AgentId; question: string; tool: string; input: string };

export const ACTIONS = ["inject_prompt", "clear_context", "start_orchestrator", "queue_task", "notify"] as const;

/** Keys of each action's payload: those with `!` must be there. */
const KEYS: Record<(typeof ACTIONS)[number], string[]> = {
  inject_prompt: ["prompt!"],
  clear_context: [],
  start_orchestrator: [],
  queue_task: ["prompt!", "priority", "dir", "direct", "agent"],
  notify: ["message!"],
};

function requireKeys(action: (typeof ACTIONS)[number], payload: Record<string, unknown>): void {
  const keys = KEYS[action];
  for (const key of keys) {
    const name = key.replace("!", "");
    const value = payload[name];
    if (key.endsWith("!") && (typeof value !== "string" || value.trim() === ""))
      throw new Refusal("usage", `${action} needs ${name}`, `--payload '{"${name}":"..."}'`);
  }
  const known = keys.map((key) => key.replace("!", ""));
  const odd = Object.keys(payload).find((key) => !known.includes(key));
  if (odd !== undefined)
    throw new Refusal("usage", `${action} knows no ${odd}`, known.join(", ") || "it takes no payload");
}

/** Reads an action and its payload; `cwd`: where a task works unless it says otherwise. */
export function parseAction(action: string, payload: Record<string, unknown>, cwd: string): TriggerAction {
  if (!(ACTIONS as readonly string[]).includes(action))
    throw new Refusal("usage", `${action} is no action`, ACTIONS.join(", "));
  const name = action as (typeof ACTIONS)[number];
  requireKeys(name, payload);
  if (name === "clear_context" || name === "start_orchestrator") return { do: name };
  if (name === "inject_prompt") return { do: name, prompt: String(payload.prompt) };
  if (name === "notify") return { do: name, message: String(payload.message) };
  const { priority = 0, direct = false, agent, dir = cwd } = payload;
  if (!Number.isSafeInteger(priority))
    throw new Refusal("usage", `priority ${priority} is not a whole number`, "such as 10");
  if (typeof direct !== "boolean") throw new Refusal("usage", "direct is true or false", '{"direct":true}');
  if (typeof dir !== "string" || !dir.startsWith("/"))
    throw new Refusal("usage", `dir ${dir} is not absolute`, "/a/folder");
  if (agent !== undefined && typeof agent !== "string")
    throw new Refusal("usage", "agent is a driver's name", "claude");
  return { do: name, prompt: String(payload.prompt), priority: Number(priority), cwd: dir, direct, agent };
}

/** The same action with other texts. */
export function withTexts(action: TriggerAction, change: (text: string) => string): TriggerAction {
  if (action.do === "inject_prompt" || action.do === "queue_task") return { ...action, prompt: change(action.prompt) };
  return action.do === "notify" ? { ...action, message: change(action.message) } : action;
}

/** What an action would do, in words. */
export function actionWords(action: AskedAction): string {
  switch (action.do) {
    case "answer_permission":
      return `let ${action.agent} use ${action.tool}: ${toolInput(action.input)}`;
    case "inject_prompt":
      return `tell the lead: ${action.prompt}`;
    case "queue_task":
      return `queue a task: ${action.prompt}`;
    case "notify":
      return `notify you: ${action.message}`;
    case "clear_context":
      return "clear the context of the lead";
    case "start_orchestrator":
      return "start the lead";
  }
}
