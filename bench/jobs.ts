import { join } from "node:path";
import { EMPTY_PROGRAM, timed } from "./commands.ts";
import { figuresOf, type Row } from "./figures.ts";
import { fillJobs } from "./ledger.ts";
import { ROOT, World } from "./world.ts";

const SAMPLES = 25;
const MUSTER = join(ROOT, "bin", "muster");

async function withJobs(count: number, flags: string[], samples: number): Promise<Row> {
  const world = new World();
  try {
    if (count > 0) fillJobs(world.home, count);
    await world.boot();
    const env = world.env();
    const alone: number[] = [];
    const listed: number[] = [];
    for (let n = -2; n < samples; n++) {
      const [base, took] = [await timed(EMPTY_PROGRAM, env), await timed([MUSTER, "jobs", ...flags], env)];
      if (n < 0) continue;
      alone.push(base);
      listed.push(took);
    }
    return {
      measure: `muster jobs${flags.map((flag) => ` ${flag}`).join("")}, ${count} jobs`,
      unit: "ms",
      samples,
      figures: figuresOf(listed),
      baseline: { name: "bun -e 0", ...figuresOf(alone) },
      ...(count === 500 && flags.length === 0 ? { limits: { timesP50: 3 } } : {}),
    };
  } finally {
    await world.end();
  }
}

/** The list of jobs as a person asks for it. */
export async function jobs(isQuick: boolean): Promise<Row[]> {
  const samples = isQuick ? 5 : SAMPLES;
  const rows: Row[] = [];
  for (const count of isQuick ? [0, 500] : [0, 50, 500]) rows.push(await withJobs(count, [], samples));
  return [...rows, await withJobs(500, ["--all"], samples)];
}
