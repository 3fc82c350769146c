import { duesOf, memberOf } from "../../src/core/cadence/beats.ts";
import type { Beat } from "../../src/core/cadence/facts.ts";
import type { SettingsChanges } from "../../src/core/settings/settings.ts";
import { CadenceReactor } from "../../src/engine/cadence/reactor.ts";
import { PairHouse } from "./pair-house.ts";

/** A pair whose rhythm runs on a clock moved by hand; nothing between the two is held. */
export class BeatHouse extends PairHouse {
  /** What its CLIs type to make their context smaller. */
  compact: string | undefined = "/compact";

  constructor(changes: SettingsChanges = {}, isSolo = false) {
    const policies = { handoff_filter: { enabled: false }, loop_damping: { max_handoffs_without_evidence: 0 } };
    super({ isSolo, changes: { policies, ...changes } });
    const driverOf = () => ({ abilities: { compact: this.compact } }) as never;
    this.run(new CadenceReactor({ clock: this.clock, state: () => this.state, driverOf }) as never);
  }

  /** Why a beat is not given to a member now; empty = it is. */
  why(agent: string, beat: Beat): string | undefined {
    const member = memberOf(this.state, this.team, agent, this.clock.now(), this.compact !== undefined);
    return member ? duesOf(member).find((due) => due.beat === beat)?.why : undefined;
  }

  be(agent: string, activity: "idle" | "busy"): void {
    this.observe({ type: "agent.changed", agent, activity });
  }

  texts = (agent: string): string[] => this.told(agent).map(({ text }) => text);
  nudges = (agent: string): string[] => this.told(agent, "nudge").map(({ text }) => text);
}
