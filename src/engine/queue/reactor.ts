import { type Command, observe } from "../../core/commands.ts";
import type { Hire } from "../../core/facts.ts";
import { type AgentId, isLead, type Mid, type Millis, SYSTEM } from "../../core/ids.ts";
import { livingAgents } from "../../core/living.ts";
import type { Clock } from "../../core/ports.ts";
import { openTasks, type QueuedTask } from "../../core/queue/state.ts";
import { deadlineOf, nextDirect, nextForLead } from "../../core/queue/turns.ts";
import { Refusal } from "../../core/refusal.ts";
import { shellWord } from "../../core/shell-word.ts";
import type { State } from "../../core/state.ts";
import type { Performed, Reactor } from "../reactor.ts";

export interface QueueWorld {
  clock: Pick<Clock, "now">;
  state(): State;
  dispatch(command: Command): void;
  /** The whole prompt. */
  prompt(task: QueuedTask): string;
  /** An agent that may be hired for it now; a Refusal says why not. */
  hireFor(task: QueuedTask): Promise<Hire>;
  mid(): Mid;
}

/** A lead that is idle over a task for so long, with no agent of its own at work, is asked; then its silence counts. */
const SILENCE_MS = 60_000;
/** The safety net: whatever no fact told is found within this time. */
const PULSE_MS = 10_000;

/** What was wished of those who do it, as options of `muster start`; empty = nothing but what the lead does anyway. */
function wishesOf({ cwd, driver, model, effort, permission }: QueuedTask["order"], lead: Hire): string {
  const wishes = {
    dir: cwd === lead.cwd ? undefined : cwd,
    agent: driver,
    sandbox: permission,
    model,
    reasoning: effort,
  };
  return Object.entries(wishes)
    .flatMap(([name, value]) => (value === undefined ? [] : `--${name} ${shellWord(value)}`))
    .join(" ");
}

function leadPrompt({ task, order }: QueuedTask, prompt: string, lead: Hire): string {
  const wishes = wishesOf(order, lead);
  const how = wishes && `\nStart agents for it with: ${wishes}`;
  return `SYSTEM: New task from queue (#${task}):\n${prompt}\n${how}\nWhen it is finished: muster queue done ${task} [--failed] [--result TEXT]. A line "Task done" is accepted too.`;
}

const askText = (task: number): string =>
  `SYSTEM: Is #${task} finished? If so: muster queue done ${task} [--failed] [--result TEXT], or write "Task done". If not, go on.`;

/** Gives tasks to agents in their turn, and ends what takes too long. */
export class QueueReactor implements Reactor<"queue"> {
  readonly name = "queue";

  constructor(private readonly world: QueueWorld) {}

  pending({ queue }: State): Map<string, "queue"> {
    return new Map(queue.open.length > 0 ? [["queue", "queue"]] : []);
  }

  async perform(): Promise<Performed> {
    this.expire();
    for (const task of nextDirect(this.world.state())) await this.startDirect(task);
    this.tellLeads();
    for (const task of openTasks(this.world.state().queue)) this.hearSilence(task);
    return { again: PULSE_MS };
  }

  /** One transaction: the task is given, and its agent hired. */
  private async startDirect(task: QueuedTask): Promise<void> {
    const { world } = this;
    try {
      const hire = await world.hireFor(task);
      const prompt = world.prompt(task);
      world.dispatch({ do: "assign", task: task.task, agent: hire.agent, letter: world.mid(), prompt, hire });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const result = error.hint ? `${error.message}; ${error.hint}` : error.message;
      world.dispatch(observe({ type: "queue.finished", task: task.task, outcome: "failed", result }));
    }
  }

  /** Each gets at most one: over it, it is busy. */
  private tellLeads(): void {
    const { world } = this;
    for (let next = nextForLead(world.state()); next; next = nextForLead(world.state())) {
      const { task, lead: agent } = next;
      const hire = world.state().agents[agent]?.hire;
      if (!hire) return;
      const prompt = leadPrompt(task, world.prompt(task), hire);
      world.dispatch({ do: "assign", task: task.task, agent, letter: world.mid(), prompt });
    }
  }

  private expire(): void {
    const { world } = this;
    const state = world.state();
    for (const task of openTasks(state.queue)) {
      if (task.state !== "processing" || world.clock.now() < deadlineOf(state, task)) continue;
      const result = `timeout: not finished after ${state.queue.limits.timeoutMinutes} minutes`;
      world.dispatch(observe({ type: "queue.finished", task: task.task, outcome: "failed", result }));
    }
  }

  private hearSilence(task: QueuedTask): void {
    const { world } = this;
    const { agent: to = "" } = task;
    if (task.state !== "processing" || !isLead(to)) return;
    const since = silentSince(world.state(), to, task);
    if (since === undefined || world.clock.now() < since + SILENCE_MS) return;
    if (task.askedAt === undefined) {
      const letter = { mid: world.mid(), from: SYSTEM, to, kind: "system", text: askText(task.task) } as const;
      world.dispatch(observe({ type: "queue.asked", task: task.task }));
      world.dispatch({ do: "send", letter });
    } else {
      const result = "the lead fell silent over it, and has no agent at work";
      world.dispatch(observe({ type: "queue.finished", task: task.task, outcome: "completed", result }));
    }
  }
}

/** Since when a lead has nothing to do, after a turn over this task; undefined = it has. */
function silentSince(state: State, id: AgentId, task: QueuedTask): Millis | undefined {
  const { agents, jobs } = state;
  const lead = agents[id];
  if (lead?.activity !== "idle") return undefined;
  const began = Math.max(task.startedAt ?? 0, task.askedAt ?? 0);
  if (lead.since <= began) return undefined;
  const isHelped = livingAgents(state).some(
    ({ hire, job }) => hire.parent === id && jobs[job ?? ""] !== undefined && !jobs[job ?? ""]?.outcome,
  );
  return isHelped ? undefined : lead.since;
}
