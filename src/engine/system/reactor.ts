import type { TeamName } from "../../core/ids.ts";
import type { State, Team } from "../../core/state.ts";
import type { Performed, Reactor } from "../reactor.ts";
import type { Order } from "./place.ts";
import { rulebook } from "./texts.ts";

export interface RulebookWorld {
  state(): State;
  writeRules(repo: string, files: Record<string, string>): Promise<void>;
}

/** What the texts of a running team depend on. */
export const orderOf = ({ agents }: State, { repo, name, seats, settings }: Team): Order => ({
  repo,
  team: name,
  settings,
  hires: seats.map(({ seat, agent, driver }) => ({ seat, agent, driver: agents[agent]?.hire.driver ?? driver })),
});

/** Writes a team's rules anew when the settings that they are made of have changed (P23). */
export class RulebookReactor implements Reactor<Team> {
  readonly name = "rulebook";
  readonly answers = ["team.formed", "settings.loaded", "agent.restarted"] as const;
  /** What each team's rules were made of last. */
  private readonly written = new Map<TeamName, string>();

  constructor(private readonly world: RulebookWorld) {}

  pending(state: State): Map<TeamName, Team> {
    const teams = Object.values(state.teams).filter((team) => !team.stopped && team.settingsHash !== undefined);
    return new Map(teams.map((team) => [team.name, team]));
  }

  async perform({ name }: Team): Promise<Performed> {
    const state = this.world.state();
    const team = state.teams[name];
    if (!team || team.stopped) return {};
    const files = rulebook(orderOf(state, team));
    const made = JSON.stringify(files);
    if (this.written.get(name) !== made) await this.world.writeRules(team.repo, files);
    this.written.set(name, made);
    return {};
  }
}
