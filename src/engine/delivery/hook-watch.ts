import { type Command, observe } from "../../core/commands.ts";
import type { AgentId, Mid } from "../../core/ids.ts";
import { type Agent, addressName } from "../../core/state.ts";
import type { Rule } from "../engine.ts";

export interface HookWorld {
  record(command: Command): boolean;
  receiptOf(agent: AgentId, mid: Mid, newest: number): Promise<number | null>;
  /** What is wrong with the files of its prompt hook; null = nothing. */
  hookProblem(agent: Agent): Promise<string | null>;
}

/** Without receipts a text is typed once only: a repetition could not be refused. */
export const isUnhooked = (agent: Agent): boolean => agent.unhooked === agent.incarnation;

/** Sees whether an agent's prompt hook does its work: its files are there, and each prompt left its receipt (F22). */
export class HookWatch {
  constructor(private readonly world: HookWorld) {}

  /** Before anything is typed. */
  async look(agent: Agent): Promise<void> {
    if (isUnhooked(agent)) return;
    const reason = await this.world.hookProblem(agent);
    if (reason) this.fail(agent, reason);
  }

  /** After the transcript showed a message that was typed. */
  async confirm(agent: Agent, mid: Mid): Promise<void> {
    if (isUnhooked(agent)) return;
    const receipt = await this.world.receiptOf(agent.hire.agent, mid, agent.incarnation);
    if (receipt === null) this.fail(agent, `it left no receipt for ${mid}`);
  }

  private fail({ hire, incarnation }: Agent, reason: string): void {
    this.world.record(observe({ type: "hook.failed", agent: hire.agent, incarnation, reason }));
  }
}

/** A person is told once for each run of a program. */
export const hookRule: Rule = (state, event) => {
  if (event.type !== "hook.failed") return [];
  const { agent, reason } = event;
  const name = addressName(state, agent);
  const text = `the prompt hook of ${name} does not work: ${reason}; each message is typed to it once only, until it is started again`;
  return [observe({ type: "notice.raised", level: "error", text, about: agent })];
};
