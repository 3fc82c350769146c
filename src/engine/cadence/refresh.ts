import { beatMid, isAsked } from "../../core/cadence/beats.ts";
import { rhythmIn } from "../../core/cadence/state.ts";
import { observe } from "../../core/commands.ts";
import { type AgentId, SYSTEM } from "../../core/ids.ts";
import type { State, Team } from "../../core/state.ts";
import type { Performed, Reactor } from "../reactor.ts";

export interface RefreshWorld {
  state(): State;
  /** PROJECT.md and the rules of a seat, in full. */
  refreshText(team: Team, seat: string): Promise<string>;
}

interface Task {
  team: Team;
  seat: string;
  agent: AgentId;
}

/** Sends a member PROJECT.md and its rules in full again, as a message of its own, when that was asked for. */
export class RefreshReactor implements Reactor<Task> {
  readonly name = "refresh";

  constructor(private readonly world: RefreshWorld) {}

  pending(state: State): Map<AgentId, Task> {
    const tasks = new Map<AgentId, Task>();
    for (const team of Object.values(state.teams)) {
      if (team.stopped) continue;
      for (const { seat, agent } of team.seats) {
        const isGone = state.agents[agent]?.dismissed !== undefined;
        if (!isGone && isAsked(rhythmIn(state, agent), "refresh")) tasks.set(agent, { team, seat, agent });
      }
    }
    return tasks;
  }

  async perform({ team, seat, agent }: Task): Promise<Performed> {
    const asked = rhythmIn(this.world.state(), agent).asked.refresh;
    if (!asked) return {};
    const text = await this.world.refreshText(team, seat);
    // The same request gives the same id: repeated after a crash, it changes nothing.
    const mid = beatMid("refresh", `${agent} ${asked.seq}`, asked.at);
    const letter = { mid, from: SYSTEM, to: agent, kind: "system", text, team: team.name } as const;
    const sent = observe({ type: "cadence.sent", team: team.name, agent, beat: "refresh", mid });
    return { commands: [{ do: "send", letter }, sent] };
  }
}
