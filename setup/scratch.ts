import { mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Where Linux keeps files in memory. */
const MEMORY = "/dev/shm";
/** What all suites may need there at one time, in bytes. */
const ROOM = 4 * 1024 ** 3;

/** May programs be started from there? */
function runsPrograms(folder: string): boolean {
  const script = join(folder, "script");
  writeFileSync(script, "#!/bin/sh\nexit 0\n", { mode: 0o700 });
  try {
    return Bun.spawnSync([script]).exitCode === 0;
  } catch {
    return false;
  }
}

/**
 * A folder in memory for what tests write: each of thousands of commits to a disk would be waited for. Undefined where there is
 * no room for it, or the caller chose a folder (TMPDIR). `end` removes it with all that tests left.
 */
export function scratch(chosen: string | undefined): { folder: string | undefined; end(): void } {
  const none = { folder: undefined, end: () => {} };
  if (chosen) return none;
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    if (bavail * bsize < ROOM) return none;
    const folder = mkdtempSync(join(MEMORY, "t-"));
    const end = () => rmSync(folder, { recursive: true, force: true });
    if (runsPrograms(folder)) return { folder, end };
    end();
    return none;
  } catch {
    return none;
  }
}
