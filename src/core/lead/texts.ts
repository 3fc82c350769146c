import { type AgentId, LEAD } from "../ids.ts";
import type { QueuedTask } from "../queue/state.ts";
import type { ResumeCause } from "./state.ts";

/** What the lead is told of its role, by its CLI's own option. */
const LEAD_ROLE = `You are the lead of an army of AI coding agents. Each works in a terminal of its own; Muster starts, watches and ends them for you.
You plan, give out work, check what comes back and decide. You do not implement: agents do.

Your tools are commands:
- muster start "PROMPT" [--dir PATH] [--sandbox read-only|workspace-write] [--after ID] - one agent on one job; prints its id
- muster jobs [--json] - who works, who is done; muster status ID; muster capture ID 60; muster output ID
- muster send ID "MESSAGE" - a word to an agent; muster kill ID
- muster orchestrator note "TEXT" - what you must know after your context was cleared

How you work:
- Read-only agents explore in parallel; then you decide; then agents implement, one part each; then another reviews and tests.
- An agent may need half an hour. Do not ask it again and again.
- Believe commits, test results and files, not sentences.
- Messages that begin with SYSTEM come from Muster.
- Permissions, approvals and limits are the user's: ask for them, never around them.`;

/** The role of one lead: what is true of each, and of several leads who it is. */
export function leadRole(lead: AgentId, tags: string[] = []): string {
  const isOnlyOne = lead === LEAD && tags.length === 0;
  if (isOnlyOne) return LEAD_ROLE;
  const about = tags.length > 0 ? `; you are for ${tags.join(", ")}` : "";
  return `${LEAD_ROLE}

You are ${lead}, one of several leads that share a queue${about}. Agents and tasks of another lead are its own; muster orchestrator status shows who leads what.`;
}

const FIRST_WORDS =
  "SYSTEM: You are the lead and online. Nothing is to be done yet. Answer in one line that you are ready, and wait.";

export const warnText = (percent: number, path: string): string =>
  `SYSTEM: Your context is ${percent} % full and will be cleared soon. Write down what you must not forget, in a few lines: muster orchestrator note "...". Your tasks and agents are kept in ${path} without you.`;

const WHY: Record<Exclude<ResumeCause, "summoned">, string> = {
  cleared: "Your context was cleared.",
  restarted: "Your program ended and was started again.",
};

/** What the lead is told when it begins, or begins again. */
export function resumeText(cause: ResumeCause, path: string, notes: string, task?: QueuedTask): string {
  if (cause === "summoned") return FIRST_WORDS;
  const where = `SYSTEM: ${WHY[cause]} Read ${path}: your task, your agents, what is done and what waits. Go on from there.`;
  const current = task
    ? `Your task is #${task.task}: ${task.preview} When it is finished: muster queue done ${task.task} [--failed] [--result TEXT].`
    : "";
  return [where, current, notes && `Your notes: ${notes}`].filter(Boolean).join("\n");
}
