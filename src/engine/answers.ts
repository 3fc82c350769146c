import type { AgentId } from "../core/ids.ts";
import { livingAgents } from "../core/living.ts";
import type { Agent, State } from "../core/state.ts";
import type { Performed, Reactor } from "./reactor.ts";

type Tell = (agent: Agent, question: string, choice: "allow" | "deny", reason: string) => Promise<boolean>;

interface Task {
  agent: Agent;
  question: string;
  choice: "allow" | "deny";
  reason: string;
}

/** Carries a person's answer to the hook that waits for it; the keyboard is never used for that. */
export class AnswerReactor implements Reactor<Task> {
  readonly name = "answer";
  readonly answers = ["permission.answered"] as const;

  constructor(private readonly tell: Tell) {}

  pending(state: State): Map<AgentId, Task> {
    const tasks = new Map<AgentId, Task>();
    for (const agent of livingAgents(state)) {
      const { answer } = agent;
      if (answer) tasks.set(agent.hire.agent, { agent, ...answer });
    }
    return tasks;
  }

  async perform({ agent, question, choice, reason }: Task): Promise<Performed> {
    const isTold = await this.tell(agent, question, choice, reason);
    const told = { type: "permission.told", agent: agent.hire.agent, question, ok: isTold } as const;
    return { commands: [{ do: "observe", facts: [told] }] };
  }
}
