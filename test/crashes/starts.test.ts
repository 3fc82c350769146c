import { expect, test } from "bun:test";
import { factsOf, tmux } from "../journeys/look.ts";
import { until, World } from "../journeys/world.ts";

const ROUNDS = 5;
const STARTS = 8;
/** Milliseconds after the first answer at which the daemon is killed. */
const MOMENTS = [0, 7, 23, 61, 140];

test("A36 A-fault 23: kill -9 in the middle of starts leaves no job that hangs, and no terminal without an agent", async () => {
  const world = new World();
  try {
    for (let round = 0; round < ROUNDS; round++) {
      await world.boot();
      const starts = Array.from({ length: STARTS }, (_, n) => world.start(`SAY: ${round}-${n}`).catch(() => null));
      await Promise.race(starts);
      await Bun.sleep(MOMENTS[round] ?? 0);
      await world.kill();
      await Promise.all(starts);
    }
    await world.boot();
    const jobs = async () => Object.values((await world.state()).jobs);
    expect((await jobs()).length).toBeGreaterThan(ROUNDS);
    await until(
      "every job has ended",
      async () => (await jobs()).every(({ outcome }) => outcome === "completed"),
      25_000,
    );
    const agents = (await jobs()).map(({ agent }) => agent);
    const opened = factsOf(world, "terminal.opening").map(({ agent }) => agent);
    expect(opened.toSorted()).toEqual(agents.toSorted());
    const panes = (await tmux(world, "list-panes", "-a", "-F", "#{session_name}")).out.trim().split("\n");
    const names = panes.filter((name) => name !== "muster_keeper");
    expect(names.sort()).toEqual(agents.map((id) => `muster-${id}`).sort());
  } finally {
    await world.end();
  }
}, 60_000);
