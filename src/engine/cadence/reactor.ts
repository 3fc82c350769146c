import { beatsOf, memberOf } from "../../core/cadence/beats.ts";
import { endingsBy } from "../../core/cadence/endings.ts";
import type { Command } from "../../core/commands.ts";
import type { AgentId, Millis, TeamName } from "../../core/ids.ts";
import type { Clock, Driver } from "../../core/ports.ts";
import type { Agent, State, Team } from "../../core/state.ts";
import type { Performed, Reactor } from "../reactor.ts";

export interface CadenceWorld {
  clock: Pick<Clock, "now">;
  state(): State;
  driverOf(agent: Agent): Pick<Driver, "abilities">;
}

interface Task {
  team: TeamName;
  /** One of its members; absent = the team itself. */
  agent?: AgentId;
}

/**
 * Gives members of teams what time brings: keepalives, reminders, compacts; and ends what has its time. What is due follows
 * from the state and the clock alone, so a restart changes nothing.
 */
export class CadenceReactor implements Reactor<Task> {
  readonly name = "cadence";

  constructor(private readonly world: CadenceWorld) {}

  pending(state: State): Map<string, Task> {
    const tasks = new Map<string, Task>();
    for (const team of Object.values(state.teams)) {
      if (team.stopped) continue;
      tasks.set(team.name, { team: team.name });
      for (const { agent } of team.seats) tasks.set(agent, { team: team.name, agent });
    }
    return tasks;
  }

  async perform({ team: name, agent }: Task): Promise<Performed> {
    const state = this.world.state();
    const team = state.teams[name];
    if (!team || team.stopped) return {};
    const now = this.world.clock.now();
    const { commands, next } = agent === undefined ? endingsBy(state, team, now) : this.beats(state, team, agent, now);
    return next === null ? { commands } : { commands, again: Math.max(0, next - now) };
  }

  private beats(state: State, team: Team, id: AgentId, now: Millis): { commands: Command[]; next: Millis | null } {
    const agent = state.agents[id];
    const { compact } = agent ? this.world.driverOf(agent).abilities : {};
    const member = memberOf(state, team, id, now, compact !== undefined);
    return member ? beatsOf(member) : { commands: [], next: null };
  }
}
