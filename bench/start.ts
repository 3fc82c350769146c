import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { toEnd } from "./ending.ts";
import { figuresOf, type Row } from "./figures.ts";
import { MAIN, until, World } from "./world.ts";

const SAMPLES = 12;

/** Is this text in a file of the folder? Neither need be there yet. */
function isIn(folder: string, text: string): boolean {
  try {
    return readdirSync(folder).some((name) => readFileSync(join(folder, name), "utf8").includes(text));
  } catch {
    return false;
  }
}

/** The stand-in's program alone in a terminal, until its record says that it is idle. */
async function spawnAlone(world: World, n: number): Promise<number> {
  const state = join(world.folder, `alone-${n}`);
  const began = performance.now();
  const child = Bun.spawn([process.execPath, "--no-install", MAIN, "standin", "--state", state], {
    cwd: world.folder,
    env: { ...world.env(), TERM: "xterm-256color" },
    terminal: { cols: 140, rows: 50, data: () => {} },
  });
  const end = toEnd(() => child.kill("SIGKILL"));
  try {
    await until("the program is idle", () => isIn(join(state, "sessions"), '"status":"idle"'), 1);
    return performance.now() - began;
  } finally {
    await end();
    await child.exited;
  }
}

async function startOne(world: World): Promise<number> {
  const began = performance.now();
  const { agent, mid } = await world.start("SAY: ready");
  await until(
    "the prompt is in the transcript",
    () => isIn(join(world.home.agents, agent, "state", "transcripts"), mid),
    1,
  );
  const took = performance.now() - began;
  await world.quiet([agent]);
  await world.client.post(`/api/actions/jobs/${agent}/kill`, {});
  await until("the agent has ended", async () => (await world.job(agent)).activity === "exited", 10);
  return took;
}

/** A new agent: from the order until its CLI has the prompt. */
export async function start(isQuick: boolean): Promise<Row[]> {
  const world = new World();
  try {
    await world.boot();
    const alone: number[] = [];
    const started: number[] = [];
    for (let n = isQuick ? SAMPLES - 3 : -1; n < SAMPLES; n++) {
      const [base, took] = [await spawnAlone(world, n), await startOne(world)];
      // The first one starts the tmux server.
      if (n < 0) continue;
      alone.push(base);
      started.push(took);
    }
    return [
      {
        measure: "start → prompt in a new stand-in's transcript",
        unit: "ms",
        samples: started.length,
        figures: figuresOf(started),
        baseline: { name: "the stand-in's program alone → idle", ...figuresOf(alone) },
        limits: { p50: 100 },
      },
    ];
  } finally {
    await world.end();
  }
}
