import { mkdirSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Home } from "../../client/home.ts";
import type { Environment } from "../../core/environment.ts";
import { Refusal } from "../../core/refusal.ts";
import { quoted } from "../../core/shell-word.ts";
import { entriesFor, markOf, statusLineFor } from "./entries.ts";
import { hooksOf, isAnyKept, keep, keptOf } from "./installed.ts";
import { isStrict, lookAt, Unfit, type Wanted, withHooks, withoutHooks } from "./plan.ts";
import { relay } from "./relay.ts";
import { NotJson } from "./scan.ts";
import { readSettings, replaceSettings, type SettingsFile, settingsPath, writeOwn } from "./settings-file.ts";

const PROGRAM = fileURLToPath(new URL("../../../bin/muster", import.meta.url));

/** A change of a person's settings that was not made yet. */
export interface Change {
  file: SettingsFile;
  /** null = no file. */
  after: string | null;
  isChanged: boolean;
  /** Claude Code loads the file as it will be. */
  isLoaded: boolean;
  /** Somebody's status line stands there and stays. */
  hasOtherStatusLine: boolean;
  /** Makes it. Gives the place of the backup; null = none was needed. */
  make(at: Date): string | null;
}

function wantedFor(home: Home, hasStatusLine: boolean): Wanted {
  const folder = hooksOf(home);
  const statusLine = hasStatusLine ? statusLineFor(`${folder}/statusline.sh`) : null;
  return { entries: entriesFor(`${folder}/relay-event.sh`), statusLine, mark: markOf(folder) };
}

/** What cannot be read is said with its place; the file stays as it is. */
function reading<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof NotJson)
      throw new Refusal(
        "failed",
        `${path}:${error.line}:${error.column}: ${error.message}`,
        "nothing was changed; mend it first",
      );
    if (error instanceof Unfit)
      throw new Refusal("failed", `${path}: ${error.message}`, "nothing was changed; mend it first");
    throw error;
  }
}

function writePrograms(home: Home): void {
  const folder = hooksOf(home);
  mkdirSync(home.folder, { recursive: true, mode: 0o700 });
  mkdirSync(home.spool, { recursive: true, mode: 0o700 });
  writeOwn(`${folder}/relay-event.sh`, relay(home.folder), 0o700);
  writeOwn(
    `${folder}/statusline.sh`,
    `#!/bin/sh\n[ -x ${quoted(PROGRAM)} ] && ${quoted(PROGRAM)} statusline\nexit 0\n`,
    0o700,
  );
}

/** Hooks into a person's settings; with `hasStatusLine` a status line, too, where there is none. */
export function setUp(home: Home, env: Environment, hasStatusLine: boolean): Change {
  const file = readSettings(settingsPath(env));
  const text = file.text ?? "";
  const kept = keptOf(home, file.path, text);
  return reading(file.path, () => {
    const looked = lookAt(text, wantedFor(home, true));
    const wanted = wantedFor(home, hasStatusLine || looked.statusLine === "ours");
    const { text: after, insertions } = withHooks(text, wanted, kept);
    const isChanged = after !== file.text;
    const make = (at: Date) => {
      writePrograms(home);
      if (!isChanged) return null;
      const backup = replaceSettings(file, after, at);
      keep(home, file.path, after, { insertions, isNew: file.text === null || kept?.isNew === true });
      return backup;
    };
    return {
      file,
      after,
      isChanged,
      isLoaded: isStrict(after),
      hasOtherStatusLine: looked.statusLine === "other",
      make,
    };
  });
}

/** Everything of ours out of a person's settings. */
export function takeDown(home: Home, env: Environment): Change {
  const file = readSettings(settingsPath(env));
  const text = file.text ?? "";
  const kept = keptOf(home, file.path, text);
  const bare = reading(file.path, () => withoutHooks(text, markOf(hooksOf(home)), kept));
  const after = file.text === null || (kept?.isNew && bare === "") ? null : bare;
  const isChanged = after !== file.text;
  const make = (at: Date) => {
    const backup = isChanged ? replaceSettings(file, after, at) : null;
    keep(home, file.path, "", null);
    if (!isAnyKept(home)) rmSync(hooksOf(home), { recursive: true, force: true });
    return backup;
  };
  return { file, after, isChanged, isLoaded: true, hasOtherStatusLine: false, make };
}

/** How a person's settings stand. */
export interface Standing {
  path: string;
  /** Events whose hook is not there, of `all`. */
  missing: string[];
  all: number;
  statusLine: "ours" | "other" | "none";
  /** Claude Code loads the file; not with remarks in it. */
  isLoaded: boolean;
  /** The person switched off all hooks. */
  isOff: boolean;
}

/** Looks, changes nothing. */
export function standing(home: Home, env: Environment): Standing {
  const file = readSettings(settingsPath(env));
  const wanted = wantedFor(home, true);
  const looked = reading(file.path, () => lookAt(file.text ?? "", wanted));
  return { path: file.path, all: wanted.entries.length, isLoaded: isStrict(file.text ?? ""), ...looked };
}
