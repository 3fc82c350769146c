import { readdirSync, readFileSync } from "node:fs";

/** A process that cannot be confused with a later one of the same number. */
export interface Process {
  pid: number;
  /** Start time in the words of the system. */
  start: string;
}

interface Row extends Process {
  parent: number;
  session: number;
  isZombie: boolean;
}

const PS = ["ps", "-axo", "pid=,ppid=,sess=,stat=,lstart="];

/** The fields behind the program's name, which is in brackets and may hold anything. */
function readStat(pid: string): Row | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    const words = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return {
      pid: Number(pid),
      parent: Number(words[1]),
      session: Number(words[3]),
      isZombie: words[0] === "Z" || words[0] === "X",
      start: words[19] ?? "",
    };
  } catch {
    return null;
  }
}

function table(): Row[] {
  if (process.platform === "linux")
    return readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? (readStat(name) ?? []) : []));
  return Bun.spawnSync(PS)
    .stdout.toString()
    .split("\n")
    .flatMap((line) => {
      const [pid, parent, session, state, ...start] = line.trim().split(/\s+/);
      if (!pid || !state) return [];
      const isZombie = state.startsWith("Z");
      return [{ pid: Number(pid), parent: Number(parent), session: Number(session), isZombie, start: start.join(" ") }];
    });
}

const find = (pid: number): Row | null =>
  process.platform === "linux" ? readStat(String(pid)) : (table().find((row) => row.pid === pid) ?? null);

/** When the process began, as a text to compare; null = no such living process. */
export function startOf(pid: number): string | null {
  const row = pid > 1 ? find(pid) : null;
  return row && !row.isZombie ? row.start : null;
}

export const isAlive = (it: Process): boolean => startOf(it.pid) === it.start;

/**
 * The program of a pane, all its descendants, and what is left of its terminal session: tools outlive a killed CLI.
 * `leader` must be alive, or dead with its number still held by its session.
 */
function familyOf(leader: number): Process[] {
  if (leader <= 1) return [];
  const rows = table();
  const family = new Set<number>([leader]);
  for (const row of rows) if (row.session === leader) family.add(row.pid);
  for (let size = 0; size !== family.size; ) {
    size = family.size;
    for (const row of rows) if (family.has(row.parent)) family.add(row.pid);
  }
  return rows.filter((row) => family.has(row.pid) && !row.isZombie && row.pid !== process.pid);
}

function signal(family: Process[], name: NodeJS.Signals): void {
  for (const it of family) {
    if (!isAlive(it)) continue;
    try {
      process.kill(it.pid, name);
    } catch {
      // It ended in between.
    }
  }
}

/** SIGHUP, and SIGKILL for whatever still lives after `graceMs`. Looks again, for children born meanwhile. */
export async function endFamily(leader: number, graceMs: number): Promise<void> {
  const family = familyOf(leader);
  signal(family, "SIGHUP");
  signal(family, "SIGCONT");
  if (await areGone(family, graceMs)) return;
  const late = family.some((it) => it.pid === leader && isAlive(it)) ? familyOf(leader) : [];
  const all = [...family, ...late];
  signal(all, "SIGKILL");
  await areGone(all, 1000);
}

/** Waits until none of them lives, at most `ms`. */
async function areGone(family: Process[], ms: number): Promise<boolean> {
  const end = performance.now() + ms;
  for (let pause = 1; family.some(isAlive); pause = Math.min(pause * 2, 20)) {
    if (performance.now() > end) return false;
    await Bun.sleep(pause);
  }
  return true;
}
