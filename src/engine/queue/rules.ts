import { type Command, observe } from "../../core/commands.ts";
import type { Event } from "../../core/facts.ts";
import { type AgentId, isLead } from "../../core/ids.ts";
import { livingAgents } from "../../core/living.ts";
import { behind, blockedBy } from "../../core/queue/chain.ts";
import { openTasks, type QueuedTask } from "../../core/queue/state.ts";
import type { State } from "../../core/state.ts";
import type { Rule } from "../engine.ts";

const atWork = ({ queue }: State, agent: AgentId): QueuedTask | undefined =>
  openTasks(queue).find((task) => task.state === "processing" && task.agent === agent);

const finished = (task: number, outcome: "completed" | "failed", result: string): Command =>
  observe({ type: "queue.finished", task, outcome, result });

const returned = (task: number, reason: string, isInterrupted: boolean): Command =>
  observe({ type: "queue.returned", task, reason, isInterrupted });

/** An agent that was lost over a task took nobody's attempt; twice is enough. */
const interrupted = ({ task, interruptions }: QueuedTask, reason: string): Command =>
  interruptions > 0 ? finished(task, "failed", `interrupted twice: ${reason}`) : returned(task, reason, true);

/** A job that was started for a task decides about it; its agent is not needed any more. */
const jobEnded: Rule = (state, event) => {
  if (event.type !== "job.finished") return [];
  const agent = state.jobs[event.job]?.agent ?? "";
  const task = atWork(state, agent);
  if (!task?.order.isDirect) return [];
  const { outcome, reason } = event;
  if (outcome === "lost") return [interrupted(task, reason)];
  const summary = state.jobs[event.job]?.summary ?? "";
  const end: Command = { do: "kill", agent, reason: `#${task.task} is over`, completed: true };
  if (outcome === "completed") return [finished(task.task, "completed", summary), end];
  const isTriedAgain = task.attempts <= task.order.retries && !state.agents[agent]?.dismissed;
  return [isTriedAgain ? returned(task.task, reason, false) : finished(task.task, "failed", reason), end];
};

/** `Task done`, as the lead may say instead of the command; a number that it names says which. */
const SAID_DONE = /(?<![\w-])task (?:#?(\d+) )?(?:is )?done\b/gi;

const saysDone = (words: string, { task }: QueuedTask): boolean =>
  [...words.matchAll(SAID_DONE)].some(([, named]) => named === undefined || Number(named) === task);

const leadSaid: Rule = (state, event) => {
  if (event.type !== "turn.ended" || !isLead(event.agent) || event.outcome !== "done") return [];
  const task = atWork(state, event.agent);
  return task && saysDone(event.summary, task) ? [finished(task.task, "completed", event.summary)] : [];
};

const leadLost: Rule = (state, event) => {
  const isEnd = event.type === "terminal.exited" || event.type === "terminal.lost" || event.type === "agent.dismissed";
  const task = isEnd && isLead(event.agent) ? atWork(state, event.agent) : undefined;
  return task ? [interrupted(task, "the lead ended over it")] : [];
};

/** What is over takes along what comes after it, unless it was completed, and whoever still works on it. */
const taskEnded: Rule = (state, event) => {
  if (event.type !== "queue.cancelled" && event.type !== "queue.finished") return [];
  const blocks = event.type === "queue.cancelled" || event.outcome === "failed";
  const blocked = blocks ? behind(state, event.task) : [];
  // One step for all of them, however long the chain: link by link the rules would answer each other without end.
  const facts = blocked.map(
    ({ task, blocker }) => ({ type: "queue.finished", task, outcome: "failed", result: blockedBy(blocker) }) as const,
  );
  return [...stillAtWork(state, event), ...(facts.length > 0 ? [observe(...facts)] : [])];
};

function stillAtWork(state: State, { task }: Event<"queue.cancelled" | "queue.finished">): Command[] {
  const agent = state.agents[state.queue.tasks[task]?.agent ?? ""];
  const job = state.jobs[agent?.job ?? ""];
  if (!agent || isLead(agent.hire.agent) || agent.dismissed || !job || job.outcome) return [];
  const completed = state.queue.tasks[task]?.state === "completed";
  return [{ do: "kill", agent: agent.hire.agent, reason: `#${task} is over`, completed }];
}

/** A job that comes after one that was not completed never begins, nor what comes after that. */
const parentEnded: Rule = (state, event) => {
  if (event.type !== "job.finished" || event.outcome === "completed") return [];
  const blocked = jobsBehind(state, state.jobs[event.job]?.agent ?? "");
  // The last of a chain first: what ends then has nothing behind it any more, so no rule has to answer.
  return blocked.reverse().map(({ agent, blocker }) => {
    return { do: "kill", agent, reason: `blocked: ${blocker} was not completed` };
  });
};

/** The jobs that wait for this agent's, directly or not, the nearest first, each with what blocks it. */
function jobsBehind(state: State, parent: AgentId): { agent: AgentId; blocker: AgentId }[] {
  const waiting = livingAgents(state).filter(
    ({ hire, incarnation, dismissed }) => hire.after !== undefined && incarnation === 0 && !dismissed,
  );
  const found = new Map<AgentId, AgentId>([[parent, parent]]);
  for (const [blocker] of found) {
    for (const { hire } of waiting)
      if (hire.after?.includes(blocker) && !found.has(hire.agent)) found.set(hire.agent, blocker);
  }
  found.delete(parent);
  return [...found].map(([agent, blocker]) => ({ agent, blocker }));
}

export const queueRules: Rule[] = [jobEnded, leadSaid, leadLost, taskEnded, parentEnded];
