import { DEFAULT_SETTINGS, type Settings } from "../settings/settings.ts";

/** How a team plans: `policies.blueprint` of its settings. */
export type Blueprint = Settings["policies"]["blueprint"];

const BLUEPRINT: Blueprint = DEFAULT_SETTINGS.policies.blueprint;

/** The plan's rules of a team; without one, those of a repository without settings. */
export const blueprintOf = (team?: { settings: Settings }): Blueprint => team?.settings.policies.blueprint ?? BLUEPRINT;

/** Where the boards of a repository are, relative to it; a setting that would leave the repository falls back. */
export function boardsFolder({ dir }: Pick<Blueprint, "dir">): string {
  const parts = dir.split("/").filter((part) => part !== "" && part !== ".");
  const isInside = !dir.startsWith("/") && parts.length > 0 && !parts.some((part) => part === ".." || part === ".git");
  return isInside ? parts.join("/") : BLUEPRINT.dir;
}
