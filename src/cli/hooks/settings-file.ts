import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import type { Environment } from "../../core/environment.ts";
import { Refusal } from "../../core/refusal.ts";

/** A person's settings as they were read. */
export interface SettingsFile {
  /** As the CLI names it. */
  path: string;
  /** Where it really is, when the path is a link. */
  real: string;
  /** null = there is none yet. */
  text: string | null;
  mode: number;
}

const LARGEST = 256 * 1024;

/** Where Claude Code keeps a person's settings. */
export function settingsPath(env: Environment): string {
  const named = env.CLAUDE_CONFIG_DIR;
  if (!named && !env.HOME) throw new Refusal("failed", "neither HOME nor CLAUDE_CONFIG_DIR is set", "set one of them");
  return join(named || join(env.HOME ?? "", ".claude"), "settings.json");
}

const foreign = (path: string, what: string): Refusal =>
  new Refusal("failed", `${path}: ${what}`, "nothing was changed");

/** A link is followed as long as both ends are the person's own. */
function realOf(path: string, uid: number): string {
  const link = lstatSync(path, { throwIfNoEntry: false });
  if (!link?.isSymbolicLink()) return path;
  if (link.uid !== uid) throw foreign(path, "a link that belongs to another user");
  try {
    return realpathSync(path);
  } catch {
    throw foreign(path, "a link that leads nowhere");
  }
}

/** Bad input: not a plain file, another user's, not UTF-8, too long: refused, untouched. */
export function readSettings(path: string, uid = process.getuid?.() ?? 0): SettingsFile {
  const real = realOf(path, uid);
  const found = statSync(real, { throwIfNoEntry: false });
  if (!found) return { path, real, text: null, mode: 0o600 };
  if (!found.isFile()) throw foreign(real, "it is not a plain file");
  if (found.uid !== uid || (real !== path && statSync(dirname(real)).uid !== uid))
    throw foreign(real, "it belongs to another user");
  if (found.size > LARGEST) throw foreign(real, `it has ${found.size} bytes; at most ${LARGEST}`);
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(readFileSync(real));
    return { path, real, text, mode: found.mode & 0o777 };
  } catch {
    throw foreign(real, "it is not UTF-8");
  }
}

/** A time that a file may be named by, to the millisecond. */
const stampOf = (at: Date): string => at.toISOString().replaceAll(/[-:.]/g, "");

/** Keeps what was read under a name of this moment; one of the same moment is never written over. */
function keepCopy({ path, text, mode }: SettingsFile & { text: string }, at: Date): string {
  const first = `${path}.bak-${stampOf(at)}`;
  for (let n = 1; ; n++) {
    const name = n === 1 ? first : `${first}-${n}`;
    try {
      writeFileSync(name, text, { mode, flag: "wx" });
      return name;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}

/** Writes whole by rename. `from` must still be what was read. Gives the backup's place; null = there was nothing to keep. */
export function replaceSettings(from: SettingsFile, text: string | null, at: Date): string | null {
  mkdirSync(dirname(from.real), { recursive: true, mode: 0o700 });
  const now = readSettings(from.path);
  if (now.text !== from.text || now.real !== from.real)
    throw new Refusal("state", `${from.path} was changed meanwhile`, "type it again");
  const backup = from.text === null ? null : keepCopy({ ...from, text: from.text }, at);
  if (text === null) rmSync(from.real);
  else {
    const draft = `${from.real}.${process.pid}.tmp`;
    writeFileSync(draft, text, { mode: from.mode });
    // The umask does not touch what the person had allowed.
    chmodSync(draft, from.mode);
    renameSync(draft, from.real);
  }
  return backup;
}

/** Writes a file of ours whole; nothing happens when it is so already. */
export function writeOwn(path: string, text: string, mode: number): void {
  if (existsSync(path) && readFileSync(path, "utf8") === text) {
    chmodSync(path, mode);
    return;
  }
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}.tmp`;
  writeFileSync(draft, text, { mode });
  renameSync(draft, path);
}
