import type { Hire } from "../../core/facts.ts";
import { LEAD, type Mid, type Principal } from "../../core/ids.ts";
import { LEAD_ROLE } from "../../core/lead/texts.ts";
import { Refusal } from "../../core/refusal.ts";
import type { Engine } from "../engine.ts";
import type { Operations, StartOrder } from "../operations.ts";

export type LeadOrder = Omit<StartOrder, "prompt" | "parent">;

export interface LeadWorld {
  engine: Engine;
  operations: Pick<Operations, "hireFor" | "send" | "dispatch">;
}

/** What a person does with the lead. */
export class LeadDesk {
  constructor(private readonly world: LeadWorld) {}

  /** Starts it; refused while it is there. */
  async start(order: LeadOrder, by: Principal): Promise<{ agent: string }> {
    const known = this.world.engine.state.agents[LEAD];
    if (known && !known.dismissed)
      throw new Refusal("state", "the lead is there already", "muster orchestrator status shows it");
    const hire: Omit<Hire, "agent"> = {
      ...(await this.world.operations.hireFor({ ...order, prompt: LEAD_ROLE }, by, LEAD)),
      role: LEAD_ROLE,
    };
    this.world.operations.dispatch({ do: "summon", hire }, by);
    return { agent: LEAD };
  }

  stop(by: Principal): { agent: string } {
    this.requireThere();
    this.world.operations.dispatch({ do: "retire", reason: "stopped by user" }, by);
    return { agent: LEAD };
  }

  inject(message: string, by: Principal): { mid: Mid } {
    this.requireThere();
    return this.world.operations.send({ to: LEAD, text: message }, by);
  }

  private requireThere(): void {
    const agent = this.world.engine.state.agents[LEAD];
    if (!agent || agent.dismissed) throw new Refusal("state", "there is no lead", "muster orchestrator start");
  }
}
