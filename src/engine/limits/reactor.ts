import { observe } from "../../core/commands.ts";
import { configOf } from "../../core/config/state.ts";
import type { AgentId } from "../../core/ids.ts";
import { livingAgents } from "../../core/living.ts";
import type { Clock } from "../../core/ports.ts";
import type { State } from "../../core/state.ts";
import type { Performed, Reactor } from "../reactor.ts";

export interface LimitWorld {
  clock: Pick<Clock, "now">;
  state(): State;
}

/** Vendors' clocks and ours differ: a moment later is soon enough. */
const LATE_MS = 5000;

/** Ends a usage limit when its time is over; one that the CLI itself has ended is gone from the state before. */
export class LimitReactor implements Reactor<AgentId> {
  readonly name = "limit";
  readonly answers = [
    "limit.reached",
    "limit.ended",
    "turn.started",
    "agent.dismissed",
    "terminal.exited",
    "config.loaded",
  ] as const;

  constructor(private readonly world: LimitWorld) {}

  pending(state: State): Map<AgentId, AgentId> {
    const limited = livingAgents(state).filter(({ limit, dismissed }) => limit && !dismissed);
    return new Map(limited.map(({ hire }) => [hire.agent, hire.agent]));
  }

  async perform(agent: AgentId): Promise<Performed> {
    const state = this.world.state();
    const limit = state.agents[agent]?.limit;
    if (limit === undefined) return {};
    const left = limit.until + LATE_MS - this.world.clock.now();
    if (left > 0) return { again: left };
    if (configOf(state).resumesLimits) return { commands: [observe({ type: "limit.ended", agent })] };
    if (limit.isPassed) return {};
    const text = `the usage limit of ${agent} is over; muster resume ${agent} lets it go on`;
    return {
      commands: [
        observe({ type: "limit.passed", agent }, { type: "notice.raised", level: "warning", text, about: agent }),
      ],
    };
  }
}
