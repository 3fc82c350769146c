import { expect, test } from "bun:test";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Snapshot } from "../../src/core/api.ts";
import type { Event } from "../../src/core/facts.ts";
import { agentOf, arrivals, factsOf, isDelivered, readyAgent } from "./look.ts";
import { until, World } from "./world.ts";

async function inWorld(play: (world: World) => Promise<void>): Promise<void> {
  const world = new World();
  try {
    await world.boot();
    await play(world);
  } finally {
    await world.end();
  }
}

const logOf = (world: World, agent: string): string => join(world.home.jobs, `${agent}.log`);

/**
 * To the terminal itself: a tool's shell is a child of the stand-in. Into the first row only, and the cursor goes back, for
 * the stand-in draws only what it changed.
 */
const SHOW = "'\\0337\\033[1;1H<n%d>\\0338'";
const PRINT = `RUN: i=1; while [ $i -le 600 ]; do printf ${SHOW} $i; i=$((i+1)); sleep 0.004; done > /proc/$PPID/fd/1`;

const numbersIn = (path: string): number[] =>
  [...(existsSync(path) ? readFileSync(path, "latin1") : "").matchAll(/<n(\d+)>/g)]
    .map(([, number]) => Number(number))
    .filter(Boolean);

test("F1 kill -9 while ten agents print loses no byte; all are found again, and letters arrive once", async () => {
  await inWorld(async (world) => {
    const agents = await Promise.all(Array.from({ length: 10 }, () => world.start(PRINT)));
    await until("all print", () => agents.every((agent) => numbersIn(logOf(world, agent)).length > 20));
    const before = await Promise.all(agents.map((agent) => agentOf(world, agent)));
    const mids = await Promise.all(agents.map((agent, index) => world.send(agent, `SAY: letter ${index}`)));
    await world.kill();
    const printed = agents.map((agent) => numbersIn(logOf(world, agent)).length);
    expect(Math.max(...printed)).toBeLessThan(600);
    await until("they print on without a daemon", () =>
      agents.every((agent, index) => numbersIn(logOf(world, agent)).length > (printed[index] ?? 0)),
    );
    const began = performance.now();
    await world.boot();
    const after = await Promise.all(agents.map((agent) => agentOf(world, agent)));
    const tookMs = performance.now() - began;
    console.log(`F1 ten agents found again after ${tookMs.toFixed(0)} ms`);
    expect(tookMs).toBeLessThan(2000);
    for (const [index, { pid, pane, incarnation, activity }] of after.entries()) {
      expect({ pid, pane, incarnation }).toEqual({
        ...{ pid: before[index]?.pid, pane: before[index]?.pane, incarnation: 1 },
      });
      expect(activity).not.toBe("lost");
    }
    for (const [index, agent] of agents.entries()) {
      await isDelivered(world, mids[index] ?? "");
      expect(await arrivals(world, agent, [mids[index] ?? ""])).toEqual([1]);
      const contiguous = Array.from({ length: 600 }, (_, number) => number + 1);
      expect(numbersIn(logOf(world, agent))).toEqual(contiguous);
    }
  });
}, 60_000);

function rssOf(pid: number): number {
  const [, kilobytes = "0"] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kilobytes) / 1024;
}

test("F24 an agent that floods its terminal costs the daemon little, and others get their messages", async () => {
  await inWorld(async (world) => {
    const [quiet, loud] = [await readyAgent(world), await readyAgent(world)];
    const before = rssOf(world.pid);
    let most = before;
    await world.send(loud, "RUN: yes 'a line of a flood' | head -c 50000000 > /proc/$PPID/fd/1");
    await until("it floods", () => statSync(logOf(world, loud)).size > 1_000_000);
    const mids: string[] = [];
    let slowest = 0;
    while (statSync(logOf(world, loud)).size < 50_000_000) {
      const mid = await world.send(quiet, `SAY: ${mids.length}`);
      mids.push(mid);
      const began = performance.now();
      await until("the quiet one has it", async () => {
        most = Math.max(most, rssOf(world.pid));
        return (await world.state()).messages[mid]?.state === "delivered";
      });
      slowest = Math.max(slowest, performance.now() - began);
    }
    await until("the flood is over", async () => (await agentOf(world, loud)).activity === "idle");
    most = Math.max(most, rssOf(world.pid));
    console.log(
      `F24 RSS ${before.toFixed(0)} -> ${most.toFixed(0)} MB; ${mids.length} messages, slowest ${slowest.toFixed(0)} ms`,
    );
    expect(most - before).toBeLessThan(64);
    expect(mids.length).toBeGreaterThan(0);
    expect(slowest).toBeLessThan(2000);
  });
}, 60_000);

test("F39 a viewer that comes back after kill -9 of the daemon misses no fact and gets none twice", async () => {
  await inWorld(async (world) => {
    const agent = await readyAgent(world);
    const seqs: number[] = [];
    let snapshots = 0;
    const ending = new AbortController();
    const note = (one: Snapshot | Event) => {
      if ("state" in one) snapshots += 1;
      seqs.push(one.seq);
    };
    const read = async () => {
      for (;;) {
        try {
          for await (const one of world.client.events(seqs.at(-1), ending.signal)) note(one);
        } catch {
          // The daemon is away.
        }
        if (ending.signal.aborted) return;
        await new Promise((done) => setTimeout(done, 5));
      }
    };
    const reading = read();
    await until("the stream has begun", () => seqs.length > 0);
    for (let round = 0; round < 3; round += 1) {
      const mid = await world.send(agent, `SAY: round ${round}`);
      await until("the reader has heard of it", async () => (seqs.at(-1) ?? 0) > (seqs[0] ?? 0) + round);
      await world.kill();
      await world.boot();
      await isDelivered(world, mid);
    }
    await until("it has caught up", async () => {
      const newest = Math.max(...factsOf(world, "message.delivered").map(({ seq }) => seq));
      return (seqs.at(-1) ?? 0) >= newest;
    });
    ending.abort();
    await reading;
    const [first = 0] = seqs;
    expect(seqs).toEqual(seqs.map((_, index) => first + index));
    expect(snapshots).toBe(1);
    expect(factsOf(world, "daemon.started").every(({ seq }) => seq <= first || seqs.includes(seq))).toBe(true);
  });
}, 60_000);
