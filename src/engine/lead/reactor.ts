import { type AgentId, LEAD, midOf } from "../../core/ids.ts";
import { leadAct } from "../../core/lead/lifecycle.ts";
import { leadView } from "../../core/lead/view.ts";
import type { Clock, Random } from "../../core/ports.ts";
import type { State } from "../../core/state.ts";
import type { Performed, Reactor } from "../reactor.ts";

export interface LeadWorld {
  clock: Pick<Clock, "now">;
  random: Random;
  state(): State;
  /** Where the state file of the lead stands; it is told so. */
  path: string;
  /** Writes the state file whole. */
  write(value: unknown): Promise<void>;
}

/** A lead that fell silent is looked at so often. */
const LOOK_MS = 10_000;

/** Keeps the lead's state file true, and does what its life asks for: first words, warning, clear, resume. */
export class LeadReactor implements Reactor<AgentId> {
  readonly name = "lead";
  private written = "";

  constructor(private readonly world: LeadWorld) {}

  pending({ lead, agents }: State): Map<AgentId, AgentId> {
    const isThere = lead.isWanted || (agents[LEAD] !== undefined && this.written !== "");
    return new Map(isThere ? [[LEAD, LEAD]] : []);
  }

  async perform(): Promise<Performed> {
    const { world } = this;
    await this.save();
    const act = leadAct(world.state(), {
      now: world.clock.now(),
      mid: () => midOf(world.clock.now(), world.random.hex(6)),
      control: () => world.random.hex(8),
      path: world.path,
    });
    if (!world.state().lead.isWanted) return {};
    return { commands: act?.commands ?? [], again: act?.again ?? LOOK_MS };
  }

  /** Before anything else: whoever is started again reads it. */
  private async save(): Promise<void> {
    const view = leadView(this.world.state());
    const text = JSON.stringify(view);
    if (text === this.written) return;
    await this.world.write({ ...view, last_saved: new Date(this.world.clock.now()).toISOString() });
    this.written = text;
  }
}
