import { type AgentId, LEADS, midOf } from "../../core/ids.ts";
import { leadAct } from "../../core/lead/lifecycle.ts";
import { leadOf } from "../../core/lead/state.ts";
import { leadView } from "../../core/lead/view.ts";
import type { Clock, Random } from "../../core/ports.ts";
import type { State } from "../../core/state.ts";
import type { Performed, Reactor } from "../reactor.ts";

export interface LeadWorld {
  clock: Pick<Clock, "now">;
  random: Random;
  state(): State;
  /** Where the state file of a lead stands; it is told so. */
  path(lead: AgentId): string;
  /** Writes its state file whole. */
  write(lead: AgentId, value: unknown): Promise<void>;
}

/** A lead that fell silent is looked at so often. */
const LOOK_MS = 10_000;

/** Keeps each lead's state file true, and does what its life asks for: first words, warning, clear, resume. */
export class LeadReactor implements Reactor<AgentId> {
  readonly name = "lead";
  /** What stands in the file of each. */
  private readonly written = new Map<AgentId, string>();

  constructor(private readonly world: LeadWorld) {}

  pending({ leads, agents }: State): Map<AgentId, AgentId> {
    const isThere = (lead: AgentId) => leads[lead]?.isWanted || (agents[lead] !== undefined && this.written.has(lead));
    return new Map(LEADS.filter(isThere).map((lead) => [lead, lead]));
  }

  async perform(lead: AgentId): Promise<Performed> {
    const { world } = this;
    await this.save(lead);
    const act = leadAct(world.state(), {
      now: world.clock.now(),
      mid: () => midOf(world.clock.now(), world.random.hex(6)),
      control: () => world.random.hex(8),
      ...{ lead, path: world.path(lead) },
    });
    if (!leadOf(world.state(), lead).isWanted) return {};
    return { commands: act?.commands ?? [], again: act?.again ?? LOOK_MS };
  }

  /** Before anything else: whoever is started again reads it. */
  private async save(lead: AgentId): Promise<void> {
    const view = leadView(this.world.state(), lead);
    const text = JSON.stringify(view);
    if (text === this.written.get(lead)) return;
    await this.world.write(lead, { ...view, last_saved: new Date(this.world.clock.now()).toISOString() });
    this.written.set(lead, text);
  }
}
