import type { Hire } from "../../core/facts.ts";
import { type AgentId, LEAD, LEADS, type Mid, type Principal } from "../../core/ids.ts";
import { requireLead } from "../../core/lead/decide.ts";
import { leaderOf, leadName, leadOf, wantedLeads } from "../../core/lead/state.ts";
import { leadRole } from "../../core/lead/texts.ts";
import { requireTags } from "../../core/queue/tags.ts";
import { Refusal } from "../../core/refusal.ts";
import type { Engine } from "../engine.ts";
import type { Operations, StartOrder } from "../operations.ts";

export interface LeadOrder extends Omit<StartOrder, "prompt" | "parent"> {
  /** The first one unless named. */
  lead?: AgentId;
  /** What it is for. */
  tags?: string[];
}

export interface LeadWorld {
  engine: Engine;
  operations: Pick<Operations, "hireFor" | "send" | "dispatch">;
}

/** What a person does with leads. */
export class LeadDesk {
  constructor(private readonly world: LeadWorld) {}

  /** Starts one; refused while it is there. */
  async start({ lead = LEAD, tags, ...order }: LeadOrder, by: Principal): Promise<{ agent: string }> {
    requireLead(lead);
    requireTags(tags ?? []);
    if (this.isThere(lead)) {
      const free = LEADS.find((one) => !this.isThere(one));
      const more = free === undefined ? "" : `; another one: muster orchestrator start ${free}`;
      throw new Refusal("state", `${leadName(lead)} is there already`, `muster orchestrator status shows it${more}`);
    }
    const role = leadRole(lead, tags ?? leadOf(this.world.engine.state, lead).tags);
    const hire: Omit<Hire, "agent"> = {
      ...(await this.world.operations.hireFor({ ...order, prompt: role }, by, lead)),
      role,
    };
    this.world.operations.dispatch({ do: "summon", lead, hire, tags }, by);
    return { agent: lead };
  }

  /** Ends the lead that is named, else every one. */
  stop(by: Principal, lead?: AgentId): { agents: string[] } {
    const { state } = this.world.engine;
    const there = LEADS.filter((one) => this.isThere(one));
    const agents = lead === undefined ? there : [this.requireThere(lead)];
    if (agents.length === 0) this.requireThere(leaderOf(state));
    this.world.operations.dispatch({ do: "retire", lead, reason: "stopped by user" }, by);
    return { agents };
  }

  inject(message: string, by: Principal, lead?: AgentId): { mid: Mid } {
    const to = this.requireThere(lead ?? leaderOf(this.world.engine.state));
    return this.world.operations.send({ to, text: message }, by);
  }

  private isThere(lead: AgentId): boolean {
    const agent = this.world.engine.state.agents[lead];
    return agent !== undefined && !agent.dismissed;
  }

  private requireThere(lead: AgentId): AgentId {
    requireLead(lead);
    if (this.isThere(lead)) return lead;
    const others = wantedLeads(this.world.engine.state).join(", ");
    const hint = others ? `there are: ${others}` : "muster orchestrator start";
    throw new Refusal("state", lead === LEAD ? "there is no lead" : `there is no ${lead}`, hint);
  }
}
