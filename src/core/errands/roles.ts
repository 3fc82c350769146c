import type { Hire } from "../facts.ts";
import type { Millis } from "../ids.ts";
import { driverIn, levelOf, NONE, REUSE_AUX } from "../settings/bindings.ts";
import type { Settings } from "../settings/settings.ts";
import type { State, Team } from "../state.ts";
import type { Foreman } from "./errands-state.ts";
import type { ErrandRole } from "./facts.ts";

const chosen = (word: string): string | null => (word === "" || word === NONE ? null : word);

/** Who helps, as the settings bind it; null = nobody (P66). */
export const auxActor = ({ cli_profiles }: Settings): string | null => chosen(cli_profiles.roles.aux.actor);

/** Who runs for the user; null = nobody was chosen. */
export function foremanActor(settings: Settings): string | null {
  const agent = chosen(settings.foreman.agent);
  return agent === REUSE_AUX ? auxActor(settings) : agent;
}

/** Was a Foreman enabled, with somebody to run (P64)? */
export const hasForeman = ({ settings }: Pick<Team, "settings">): boolean =>
  settings.foreman.enabled && foremanActor(settings) !== null;

/** Does its timer run? */
export const isForemanOn = (team: Pick<Team, "settings" | "switches">): boolean =>
  hasForeman(team) && team.switches.foreman !== false;

/** Who runs errands for a team, as a start must know them: what they may do is agreed to with the team. */
export function errandSeats(settings: Settings): Pick<Hire, "driver" | "seat" | "permission">[] {
  const seat = (name: string, role: ErrandRole, actor: string | null) =>
    actor === null ? [] : [{ seat: name, driver: driverIn(actor), permission: levelOf(settings, role) }];
  const foreman = hasForeman({ settings }) ? foremanActor(settings) : null;
  return [...seat("Aux", "aux", auxActor(settings)), ...seat("Foreman", "foreman", foreman)];
}

export const foremanIn = ({ errands }: State, team: string): Foreman => errands.foremen[team] ?? {};

/** The first run comes soon after the team does: after a third of the interval, within two minutes. */
const FIRST_MS = 120_000;

/** When the next run is due; a run that was left out counts as one, unless it only waits. */
export function foremanDue({ formedAt, settings }: Team, foreman: Foreman): Millis {
  const interval = settings.foreman.interval_seconds * 1000;
  const { skipped } = foreman;
  const first = formedAt + Math.min(FIRST_MS, interval / 3);
  // A team of this name may have run before.
  const after = (at: Millis | undefined) => (at === undefined || at < formedAt ? 0 : at + interval);
  const left = skipped && !skipped.isWaiting ? after(skipped.at) : 0;
  return Math.max(first, after(foreman.lastAskedAt), left);
}
