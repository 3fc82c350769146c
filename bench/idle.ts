import { readdirSync, readFileSync } from "node:fs";
import { toEnd } from "./ending.ts";
import type { Figures, Row } from "./figures.ts";
import { sleep, World } from "./world.ts";

const SECONDS = 10;
/** Programs that have just started still settle, and so does the memory that their start took. */
const SETTLE_MS = 10_000;
/** At once, so that a hundred start soon enough. */
const STARTED_TOGETHER = 4;

/** One value for both figures. */
export const same = (value: number): Figures => ({ p50: value, p95: value });

/** Nanoseconds on a processor, by thread. */
function processorTimes(pid: number): Map<string, number> {
  const threads = readdirSync(`/proc/${pid}/task`);
  const timeOf = (id: string) => Number(readFileSync(`/proc/${pid}/task/${id}/schedstat`, "utf8").split(" ")[0]);
  return new Map(threads.map((id) => [id, timeOf(id)]));
}

/** Milliseconds that a process has been on a processor. */
export const processorMillis = (pid: number): number =>
  [...processorTimes(pid).values()].reduce((sum, time) => sum + time, 0) / 1e6;

/** What the threads that live at the end used since the beginning; one that ended meanwhile took its own with it. */
function usedSince(before: Map<string, number>, pid: number): number {
  let used = 0;
  for (const [id, time] of processorTimes(pid)) used += time - (before.get(id) ?? 0);
  return used;
}

export interface Seen {
  /** MB, with the pages of Bun's own file that other programs of Bun share. */
  rss: number;
  /** MB; of shared pages only this process's part. */
  pss: number;
  /** Percent of one processor. */
  cpu: number;
}

const megabytes = (path: string, name: string): number =>
  Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(readFileSync(path, "utf8"))?.[1]) / 1024;

/** MB that a process held at most since it began (RSS). */
export const mostMemory = (pid: number): number => megabytes(`/proc/${pid}/status`, "VmHWM");

/** Memory and processor of a process over some seconds. */
export async function observed(pid: number, seconds: number): Promise<Seen> {
  const before = processorTimes(pid);
  const began = performance.now();
  await sleep(seconds * 1000);
  const used = usedSince(before, pid) / 1e6;
  return {
    rss: megabytes(`/proc/${pid}/status`, "VmRSS"),
    pss: megabytes(`/proc/${pid}/smaps_rollup`, "Pss"),
    cpu: (100 * used) / (performance.now() - began),
  };
}

/** A program of Bun that waits. */
async function waiter(seconds: number) {
  const child = Bun.spawn([process.execPath, "-e", "setInterval(() => {}, 1000)"]);
  const end = toEnd(() => child.kill());
  try {
    await sleep(1000);
    return await observed(child.pid, seconds);
  } finally {
    await end();
  }
}

async function withAgents(count: number, seconds: number) {
  const world = new World();
  try {
    await world.boot();
    await world.startMany(count, STARTED_TOGETHER);
    await sleep(SETTLE_MS);
    return await observed(world.pid, seconds);
  } finally {
    await world.end();
  }
}

/** The daemon while nothing happens. */
export async function idle(isQuick: boolean): Promise<Row[]> {
  const seconds = isQuick ? 3 : SECONDS;
  const base = await waiter(isQuick ? 1 : 5);
  const name = "a Bun program that waits";
  const rows: Row[] = [];
  for (const count of isQuick ? [0, 5] : [0, 20, 100]) {
    const seen = await withAgents(count, seconds);
    const isMost = count === 100;
    const rowOf = (what: keyof Seen, words: string, unit: string, most?: number): Row => ({
      ...{ measure: `idle daemon, ${count} idle agents: ${words}`, unit, samples: 1, figures: same(seen[what]) },
      ...{ baseline: { name, ...same(base[what]) } },
      ...(most !== undefined && isMost ? { limits: { p50: most } } : {}),
    });
    rows.push(rowOf("rss", "memory (RSS)", "MB", 60), rowOf("pss", "memory (PSS)", "MB"));
    rows.push(rowOf("cpu", "processor", "%", 0.3));
  }
  return rows;
}
