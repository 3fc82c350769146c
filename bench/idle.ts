import { readdirSync, readFileSync } from "node:fs";
import { toEnd } from "./ending.ts";
import type { Figures, Row } from "./figures.ts";
import { sleep, World } from "./world.ts";

const SECONDS = 10;
/** Programs that have just started still settle, and so does the memory that their start took. */
const SETTLE_MS = 10_000;
/** At once, so that a hundred start soon enough. */
const STARTED_TOGETHER = 4;

const same = (value: number): Figures => ({ p50: value, p95: value });

/** Nanoseconds on a processor, of all threads that live. */
function processorTime(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  const times = threads.map((id) => Number(readFileSync(`/proc/${pid}/task/${id}/schedstat`, "utf8").split(" ")[0]));
  return times.reduce((sum, time) => sum + time, 0);
}

/** Memory in MB and the share of one processor in percent. */
async function observed(pid: number, seconds: number): Promise<{ rss: number; cpu: number }> {
  const before = processorTime(pid);
  const began = performance.now();
  await sleep(seconds * 1000);
  const used = (processorTime(pid) - before) / 1e6;
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return { rss: Number(kilobytes) / 1024, cpu: (100 * used) / (performance.now() - began) };
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
    const agents: string[] = [];
    while (agents.length < count) {
      const together = Math.min(STARTED_TOGETHER, count - agents.length);
      const started = await Promise.all(Array.from({ length: together }, () => world.start("SAY: ready")));
      agents.push(...started.map(({ agent }) => agent));
      await world.quiet(agents);
    }
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
    const { rss, cpu } = await withAgents(count, seconds);
    const isMost = count === 100;
    rows.push(
      {
        ...{ measure: `idle daemon, ${count} idle agents: memory`, unit: "MB", samples: 1, figures: same(rss) },
        ...{ baseline: { name, ...same(base.rss) }, limits: isMost ? { p50: 60 } : undefined },
      },
      {
        ...{ measure: `idle daemon, ${count} idle agents: processor`, unit: "%", samples: 1, figures: same(cpu) },
        ...{ baseline: { name, ...same(base.cpu) }, limits: isMost ? { p50: 0.3 } : undefined },
      },
    );
  }
  return rows;
}
