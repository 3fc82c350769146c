import { expect, test } from "bun:test";
import { existsSync, readFileSync, statSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { openClient } from "../../src/client/client.ts";
import { agentOf, arrivals, factsOf, isDelivered, readyAgent } from "./look.ts";
import { type Viewer, view } from "./viewer.ts";
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

test("F1 P60 (fault 12, fault 13) kill -9 while ten agents print loses no byte; all are found again, and letters arrive once", async () => {
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
  });
}, 60_000);

/** Has it every fact since its one snapshot, each once and in order? Gives the snapshot's number. */
async function isWhole(world: World, { seqs, snapshots }: Viewer): Promise<number> {
  const { seq } = await world.state();
  await until("the viewer has caught up", () => (seqs.at(-1) ?? 0) >= seq);
  const [first = 0] = seqs;
  expect(seqs).toEqual(seqs.map((_, at) => first + at));
  expect(snapshots).toBe(1);
  return first;
}

test("F39 a viewer that comes back after kill -9 of the daemon misses no fact and gets none twice", async () => {
  await inWorld(async (world) => {
    const agent = await readyAgent(world);
    const viewer = view(world.client);
    await until("the stream has begun", () => viewer.seqs.length > 0);
    for (let round = 0; round < 3; round += 1) {
      const mid = await world.send(agent, `SAY: round ${round}`);
      await until("the reader has heard of it", () => (viewer.seqs.at(-1) ?? 0) > (viewer.seqs[0] ?? 0) + round);
      await world.kill();
      await world.boot();
      await isDelivered(world, mid);
    }
    const first = await isWhole(world, viewer);
    await viewer.end();
    const starts = factsOf(world, "daemon.started");
    expect(starts.every(({ seq }) => seq <= first || viewer.seqs.includes(seq))).toBe(true);
  });
}, 60_000);

/** A wire to the daemon that can be cut, and mended: whoever looks through it hears nothing of the cut's reason. */
function wireTo(world: World) {
  const path = `${world.folder}/wire.sock`;
  const ends = new Set<Socket>();
  let isCut = false;
  const server = createServer((near) => {
    if (isCut) return near.destroy();
    const far = connect(world.home.socket);
    for (const end of [near, far]) {
      ends.add(end);
      end.on("error", () => {}).on("close", () => ends.delete(end));
    }
    near.pipe(far).pipe(near);
  }).listen(path);
  const cut = () => {
    isCut = true;
    for (const end of ends) end.destroy();
  };
  const mend = () => {
    isCut = false;
  };
  return { client: openClient({ socket: path }), cut, mend, end: () => server.close() };
}

test("F39 a viewer whose connection was cut, for however long, goes on where it was", async () => {
  await inWorld(async (world) => {
    const agent = await readyAgent(world);
    const wire = wireTo(world);
    const viewer = view(wire.client);
    await until("the stream has begun", () => viewer.seqs.length > 0);
    for (let round = 0; round < 3; round += 1) {
      wire.cut();
      const before = viewer.seqs.length;
      const mids: string[] = [];
      for (const text of ["one", "two", "three"]) mids.push(await world.send(agent, `SAY: ${text} of ${round}`));
      for (const mid of mids) await isDelivered(world, mid);
      expect(viewer.seqs.length).toBe(before);
      wire.mend();
      await isWhole(world, viewer);
    }
    await viewer.end();
    wire.end();
  });
}, 60_000);
