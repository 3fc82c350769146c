import { join } from "node:path";
import { EMPTY_PROGRAM, timed } from "./commands.ts";
import { figuresOf, type Row } from "./figures.ts";
import { mostMemory, observed, processorMillis, same } from "./idle.ts";
import { fillJobs } from "./ledger.ts";
import { ROOT, sleep, until, World } from "./world.ts";

const MUSTER = join(ROOT, "bin", "muster");
const AGENTS = 200;
const STARTED_TOGETHER = 8;
const SAMPLES = 25;
const FINISHED = 10_000;
/** Facts that are told to every rule and reactor, one after the other. */
const TICKS = 200;
/** A daemon that has just read its log still tidies up. */
const SETTLE_MS = 8000;

/** Many that live at the same time: the places for jobs would hold them back. */
async function startArmy(world: World, count: number): Promise<string[]> {
  await world.client.post("/api/queue/limits", { maxRunning: 1000 });
  return world.startMany(count, STARTED_TOGETHER);
}

/** Many agents at once: all of them live, how long their list takes, what the daemon holds. */
async function manyAgents(count: number, samples: number): Promise<Row[]> {
  const world = new World();
  try {
    await world.boot();
    const agents = await startArmy(world, count);
    const state = await world.state();
    const alive = agents.filter((id) => state.agents[id]?.activity === "idle" && state.agents[id]?.pane).length;
    const [alone, listed]: [number[], number[]] = [[], []];
    for (let n = -2; n < samples; n++) {
      const [base, took] = [await timed(EMPTY_PROGRAM, world.env()), await timed([MUSTER, "jobs"], world.env())];
      if (n < 0) continue;
      alone.push(base);
      listed.push(took);
    }
    const { rss, pss } = await observed(world.pid, 3);
    const baseline = { name: "bun -e 0", ...figuresOf(alone) };
    return [
      {
        measure: `${count} stand-in agents, alive`,
        unit: "",
        samples: 1,
        figures: same(alive),
        limits: { atLeast: count },
      },
      {
        ...{ measure: `muster jobs, ${count} agents alive`, unit: "ms", samples, baseline },
        ...{ figures: figuresOf(listed), limits: { timesP50: 4 } },
      },
      {
        measure: `daemon, ${count} agents: memory (RSS)`,
        unit: "MB",
        samples: 1,
        figures: same(rss),
        limits: { p50: 150 },
      },
      { measure: `daemon, ${count} agents: memory (PSS)`, unit: "MB", samples: 1, figures: same(pss) },
    ];
  } finally {
    await world.end();
  }
}

/** What is done for each finished job once is over when the daemon has become quiet. */
async function settled(world: World): Promise<void> {
  await sleep(SETTLE_MS);
  await until("the daemon is quiet", async () => {
    const before = processorMillis(world.pid);
    await sleep(1000);
    return processorMillis(world.pid) - before < 60;
  });
}

/** What the daemon holds at most from its start on, over many finished jobs, and at rest with many agents besides. */
async function memoryOver(finished: number, count: number): Promise<Row[]> {
  const world = new World();
  const rowOf = (measure: string, megabytes: number): Row => ({
    ...{ measure: `daemon, ${finished} jobs over: ${measure}`, unit: "MB", samples: 1 },
    ...{ figures: same(megabytes), limits: { p50: 150 } },
  });
  try {
    fillJobs(world.home, finished);
    const most: number[] = [];
    for (const isAnew of [true, false]) {
      await world.boot();
      await settled(world);
      most.push(mostMemory(world.pid));
      if (isAnew) await world.stop(false);
    }
    await startArmy(world, count);
    await settled(world);
    const { rss } = await observed(world.pid, 3);
    return [
      rowOf("most memory while its tables are made", most[0] ?? Number.NaN),
      rowOf("most memory at a start", most[1] ?? Number.NaN),
      rowOf(`memory (RSS) at rest, ${count} agents alive`, rss),
    ];
  } finally {
    await world.end();
  }
}

/** Processor milliseconds of the daemon for one fact, over so many finished jobs. */
async function tickOver(finished: number, ticks: number): Promise<number> {
  const world = new World();
  try {
    if (finished > 0) fillJobs(world.home, finished);
    await world.boot();
    await settled(world);
    const before = processorMillis(world.pid);
    for (let n = 0; n < ticks; n++) await world.client.post("/api/orchestrator/note", { text: `note ${n}` });
    return (processorMillis(world.pid) - before) / ticks;
  } finally {
    await world.end();
  }
}

/** An army: many agents alive, and many jobs that are over. */
export async function army(isQuick: boolean): Promise<Row[]> {
  const rows = await manyAgents(isQuick ? 10 : AGENTS, isQuick ? 5 : SAMPLES);
  const [finished, ticks] = isQuick ? [1000, 50] : [FINISHED, TICKS];
  const none = await tickOver(0, ticks);
  const many = await tickOver(finished, ticks);
  const baseline = { name: "the same with none", ...same(none) };
  const tick: Row = {
    ...{ measure: `one fact to all rules and reactors, ${finished} jobs over`, unit: "ms", samples: ticks },
    ...{ figures: same(many), baseline, limits: { timesP50: 1.5 } },
  };
  return [...rows, tick, ...(await memoryOver(finished, isQuick ? 10 : AGENTS))];
}
