import type { Permission } from "./facts.ts";
import type { SettingEdit } from "./settings/edit.ts";
import type { SettingsFile, SettingsRead } from "./settings/settings.ts";

/** A driver that this version has, as a start must know it. */
export interface DriverRow {
  name: string;
  /** The program it starts and how a person installs it; absent = built in. */
  program?: { name: string; install: string };
  /** Levels that it can enforce. */
  permissions: Permission[];
}

/** What a start finds: a repository's settings, what an earlier team left there, and the drivers there are. */
export interface Premises {
  /** Its top folder, without links. */
  repo: string;
  settings: SettingsRead;
  /** Roles (`peerA`, `peerB`, `aux`, `foreman`) for which a person has written a driver down. */
  saved: string[];
  /** A person has allowed full access here, in words. */
  isPermitted: boolean;
  /** Unread letters of an earlier team, oldest first, by seat. */
  residual: Record<string, string[]>;
  hasBrief: boolean;
  hasBoard: boolean;
  drivers: DriverRow[];
}

/** One file that an upgrade looked at. */
export interface UpgradedFile {
  /** From the repository's top. */
  path: string;
  what: "created" | "kept" | "extended";
  /** Its new lines, each with `+`. */
  diff: string[];
}

export interface FileEdit extends SettingEdit {
  file: SettingsFile;
}

/** What becomes of unread letters that an earlier team left. */
export type ResidualAnswer = "resume" | "archive" | "discard";

/** The word by which a person allows full access. */
export const FULL_ACCESS = "full access";
