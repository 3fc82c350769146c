import { DISCORD, SLACK, TELEGRAM, WECOM } from "./bridges.ts";
import { CLI_PROFILES } from "./cli-profiles.ts";
import { POLICIES } from "./policies.ts";
import { AGENTS, FOREMAN, ROLES } from "./roles.ts";
import { changesIn, readTree, type SettingProblem, type Tree, type ValueOf } from "./tree.ts";

/** The settings files of a repository (`.muster/settings/<name>.yaml`), and what each may hold. */
export const FILES = {
  cli_profiles: CLI_PROFILES,
  policies: POLICIES,
  roles: ROLES,
  foreman: FOREMAN,
  agents: AGENTS,
  telegram: TELEGRAM,
  slack: SLACK,
  discord: DISCORD,
  wecom: WECOM,
} satisfies Record<string, Tree>;

export type SettingsFile = keyof typeof FILES;

/** Everything a team goes by. Keys, units and defaults are those of its files. */
export type Settings = { [F in SettingsFile]: ValueOf<(typeof FILES)[F]> };

/** What of the files differs from the defaults: so much stands in the log. */
export type SettingsChanges = { [F in SettingsFile]?: Record<string, unknown> };

export const SETTINGS_FILES = Object.keys(FILES) as SettingsFile[];

/** Keys that were read once and have no meaning any more. */
const PASSED_OVER = [["cli_profiles", "delivery_mode"]] as const;
/** Keys that belong to a driver's own file only (P21). */
const OF_DRIVERS = ["input_mode", "paste_keys", "newline_key", "send_sequence", "post_paste_keys"];

function told(file: SettingsFile, problem: SettingProblem): SettingProblem {
  // What a team shows of its roles must be what a person meant (P19); elsewhere an unknown key harms nobody.
  if (file === "roles" && problem.message.startsWith("unknown key")) return { ...problem, level: "error" };
  const key = problem.path.at(-1) ?? "";
  if (file !== "cli_profiles" || problem.path[0] !== "roles" || !OF_DRIVERS.includes(key)) return problem;
  return { ...problem, level: "error", message: "belongs to the driver; write it into agents.yaml" };
}

/** The settings in one file's document; a problem names its place in the document. */
export function readSettings<F extends SettingsFile>(
  file: F,
  document: unknown,
): { value: Settings[F]; problems: SettingProblem[] } {
  const read = readTree(FILES[file] as Tree, document);
  const problems = read.problems.map((problem) => told(file, problem));
  for (const [of, key] of PASSED_OVER) {
    if (of === file && typeof document === "object" && document !== null && key in document)
      problems.push({
        path: [key],
        level: "warning",
        message: "is passed over: letters are delivered in one way only",
      });
  }
  return { value: read.value as Settings[F], problems };
}

/** The whole settings from what differs; whatever does not fit any more falls back to its default. */
export function settingsFrom(changes: SettingsChanges = {}): Settings {
  const entries = SETTINGS_FILES.map((file) => [file, readSettings(file, changes[file]).value]);
  return Object.fromEntries(entries) as Settings;
}

/** What of these settings differs from the defaults. */
export function changesOf(settings: Settings): SettingsChanges {
  const entries = SETTINGS_FILES.map((file) => [file, changesIn(FILES[file] as Tree, settings[file] as ValueOf<Tree>)]);
  return Object.fromEntries(entries.filter(([, changes]) => Object.keys(changes ?? {}).length > 0)) as SettingsChanges;
}

/** What a team without files goes by. */
export const DEFAULT_SETTINGS: Settings = settingsFrom();

/** Something wrong in a settings file: `path:line:column key: what`. An error keeps the files from being used. */
export interface SettingsWarning {
  level: "error" | "warning";
  text: string;
}

/** What a repository's settings files say. */
export interface SettingsRead {
  /** Of the files' bytes. */
  hash: string;
  changes: SettingsChanges;
  problems: SettingsWarning[];
}
