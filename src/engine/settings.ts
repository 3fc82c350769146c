import { observe } from "../core/commands.ts";
import type { TeamName } from "../core/ids.ts";
import type { SettingsRead } from "../core/settings/settings.ts";
import type { State, Team } from "../core/state.ts";
import type { Performed, Reactor } from "./reactor.ts";

export interface SettingsWorld {
  state(): State;
  /** `before`: what the last look gave; it is given again while the files say the same. */
  settings(repo: string, before?: SettingsRead): Promise<SettingsRead>;
}

/** Whatever the watch missed is found within this time. */
const SWEEP_MS = 10_000;

/** Reads a team's settings files again when they change (P62). Wrong ones leave the old settings, and say where. */
export class SettingsReactor implements Reactor<Team> {
  readonly name = "settings";
  readonly answers = ["team.formed", "team.stopped"] as const;

  /** What the last look at each repository gave. */
  private readonly last = new Map<string, SettingsRead>();

  constructor(private readonly world: SettingsWorld) {}

  pending(state: State): Map<TeamName, Team> {
    return new Map(
      Object.values(state.teams)
        .filter(({ stopped }) => !stopped)
        .map((team) => [team.name, team]),
    );
  }

  async perform({ name: team, repo }: Team): Promise<Performed> {
    const read = await this.world.settings(repo, this.last.get(repo)).catch(unreadable);
    this.last.set(repo, read);
    const { hash, changes, problems } = read;
    const of = (level: "error" | "warning") => problems.filter((one) => one.level === level).map(({ text }) => text);
    const [errors, warnings] = [of("error"), of("warning")];
    const fact =
      errors.length > 0
        ? ({ type: "settings.refused", team, hash, errors } as const)
        : ({ type: "settings.loaded", team, hash, changes, warnings } as const);
    // Files that nobody touched say nothing new.
    const isKnown = this.world.state().teams[team]?.settingsHash === hash;
    return { commands: isKnown ? [] : [observe(fact)], again: SWEEP_MS };
  }
}

function unreadable(error: unknown): SettingsRead {
  const text = `settings: ${error instanceof Error ? error.message : String(error)}`;
  return { hash: text, changes: {}, problems: [{ level: "error", text }] };
}
