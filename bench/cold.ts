import { EMPTY_PROGRAM, timed } from "./commands.ts";
import { figuresOf, type Row } from "./figures.ts";
import { fillEvents } from "./ledger.ts";
import { World } from "./world.ts";

const SAMPLES = 15;

async function withEvents(events: number, bound: number, samples: number): Promise<Row> {
  const world = new World();
  try {
    if (events > 0) fillEvents(world.home, events);
    const alone: number[] = [];
    const booted: number[] = [];
    for (let n = -2; n < samples; n++) {
      const [base, took] = [await timed(EMPTY_PROGRAM, world.env()), await world.boot()];
      await world.stop(false);
      if (n < 0) continue;
      alone.push(base);
      booted.push(took);
    }
    return {
      measure: `daemon's cold start, ${events.toLocaleString("en")} events`,
      unit: "ms",
      samples,
      figures: figuresOf(booted),
      baseline: { name: "bun -e 0", ...figuresOf(alone) },
      limits: { p50: bound },
    };
  } finally {
    await world.end();
  }
}

/** From the spawn of a daemon until its socket answers. */
export async function cold(isQuick: boolean): Promise<Row[]> {
  const samples = isQuick ? 4 : SAMPLES;
  return [await withEvents(0, 60, samples), await withEvents(100_000, 150, samples)];
}
