import type { Hire } from "../../core/facts.ts";
import type { TeamName } from "../../core/ids.ts";
import type { Settings } from "../../core/settings/settings.ts";

/** Everything the texts of a team depend on. */
export interface Order {
  repo: string;
  team: TeamName;
  hires: (Pick<Hire, "agent" | "driver"> & { seat: string })[];
  settings: Settings;
}

export const isSolo = ({ hires }: Order): boolean => hires.length < 2;

export const rulesOf = (repo: string): string => `${repo}/.muster/rules`;

/** `PEERA.md`: the rules file of a seat. */
export const rulesFile = (seat: string): string => `${seat.toUpperCase()}.md`;

/** Who sits where, in one line: `PeerA claude, PeerB codex, Aux gemini, Foreman none`. */
export function bindings({ hires, settings }: Order): string {
  const seats = hires.map(({ seat, driver }) => `${seat} ${driver}`);
  const { agent, enabled } = settings.foreman;
  const foreman = enabled && agent !== "none" ? agent : "none";
  return [...seats, `Aux ${settings.cli_profiles.roles.aux.actor}`, `Foreman ${foreman}`].join(", ");
}
