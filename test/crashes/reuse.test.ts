import { expect, test } from "bun:test";
import { FAULT_POINTS } from "../../src/core/fault-points.ts";
import { agentOf, factsOf, isIdle, promptsOf, readyAgent } from "../journeys/look.ts";
import { until, World } from "../journeys/world.ts";

const PROMPT = ["before message.typing", "after message.typing", "before paste", "after paste", "after enter"] as const;

/** A reuse whose daemon dies at a point: it is cleared once, and its prompt arrives once, in the new conversation. */
async function reuseAcross(point: string): Promise<void> {
  const world = new World();
  try {
    await world.boot();
    const agent = await readyAgent(world);
    await world.kill();
    await world.boot({ MUSTER_FAULT: `${point}:1` });
    const mid = "muster-1-00000a";
    const order = { prompt: "SAY: again", mid };
    await isIdle(world, agent);
    await world.client.post(`/api/actions/jobs/${agent}/reuse`, order).catch((error) => {
      if (error.code !== "unreachable") throw error;
    });
    await until(`the daemon dies at ${point}`, () => !world.isUp());
    await world.boot();
    // A client that heard no answer asks again: that changes nothing.
    await world.client.post(`/api/actions/jobs/${agent}/reuse`, order);
    await until("the next job is done", async () => (await world.state()).jobs[`${agent}#2`]?.outcome === "completed");
    expect(await promptsOf(world, agent)).toEqual([expect.stringContaining("SAY: again")]);
    expect(new Set(factsOf(world, "session.started").map(({ session }) => session)).size).toBe(2);
    expect(factsOf(world, "job.created").map(({ job }) => job)).toEqual([agent, `${agent}#2`]);
    expect((await agentOf(world, agent)).incarnation).toBe(1);
  } finally {
    await world.end();
  }
}

for (const point of [...FAULT_POINTS.control, ...PROMPT]) {
  test.concurrent(`A19 the daemon killed at "${point}" of a reuse clears once, and types the prompt once afterwards`, async () => {
    await reuseAcross(point);
  }, 30_000);
}
