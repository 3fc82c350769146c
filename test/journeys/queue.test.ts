import { expect, test } from "bun:test";
import { factsOf, muster } from "./look.ts";
import { until, World } from "./world.ts";

async function inWorld(work: (world: World) => Promise<void>): Promise<void> {
  const world = new World();
  try {
    await world.boot();
    await work(world);
  } finally {
    await world.end();
  }
}

const add = async (world: World, ...args: string[]): Promise<number> =>
  JSON.parse((await muster(world, "queue", "add", ...args, "--direct", "--agent", "standin", "--json")).out).task;

const states = async (world: World): Promise<string[]> =>
  Object.values((await world.state()).queue.tasks).map((task) => task.state);

test("A65 A-fault 8: five tasks end, in their turn, although the daemon is killed in the second", async () => {
  await inWorld(async (world) => {
    await muster(world, "queue", "limits", "--parallel", "1");
    await add(world, "SAY: one");
    await until("the first is over", async () => (await states(world))[0] === "completed");
    await add(world, "DELAY: 4000\nSAY: two");
    await add(world, "SAY: three");
    await add(world, "SAY: four", "--priority", "5");
    await add(world, "SAY: five", "--after", "3");
    await until("the second is at work", async () => (await states(world))[1] === "processing");
    await world.kill();
    await world.boot();
    await until("all are over", async () => (await states(world)).every((state) => state === "completed"), 20_000);
    const started = factsOf(world, "queue.started").map(({ task }) => task);
    expect(started).toEqual([1, 2, 4, 3, 5]);
    expect(factsOf(world, "agent.hired")).toHaveLength(5);
    expect(factsOf(world, "queue.finished").map(({ result }) => result)).toEqual([
      ...["one", "two", "four", "three", "five"],
    ]);
    const shown = await muster(world, "queue");
    expect(shown.out.split("\n").slice(1, 6)).toEqual(Array(5).fill(expect.stringContaining("completed")));
  });
}, 40_000);

test("A25 a task that fails says so, is tried again by hand, and takes along what it blocked", async () => {
  await inWorld(async (world) => {
    const empty = await muster(world, "queue");
    expect([empty.code, empty.out]).toEqual([0, expect.stringContaining("Nothing waits.")]);
    await muster(world, "queue", "limits", "--parallel", "1");
    await add(world, "CRASH: 3");
    await add(world, "SAY: never", "--after", "1");
    await until("it has failed", async () => (await states(world)).every((state) => state === "failed"));
    const [failed, blocked] = JSON.parse((await muster(world, "queue", "list", "--json")).out);
    expect([failed, blocked].map(({ result }) => result).sort()).toEqual([
      "blocked: #1 was not completed",
      "exit code 3",
    ]);
    expect((await muster(world, "queue", "retry", "1")).out).toBe("#1, #2 will be tried again\n");
    await until("it has failed again", async () => factsOf(world, "queue.finished").length === 4);
    const late = await muster(world, "queue", "remove", "#1");
    expect([late.code, late.err]).toEqual([
      73,
      "muster: queue: #1 is failed already; what is over stays in the history\n",
    ]);
    expect((await muster(world, "queue", "show", "9")).code).toBe(66);
    for (const words of [["show"], ["show", "x"], ["fly"], ["add", " "], ["list", "--status", "odd"], ["edit", "1"]])
      expect((await muster(world, "queue", ...words)).code).toBe(64);
    expect((await muster(world, "why", "#2")).out).toContain("blocked: #1 was not completed");
  });
}, 40_000);

test("A63 a lead works off the queue by its own commands, one task after the other", async () => {
  await inWorld(async (world) => {
    await muster(world, "orchestrator", "start", "--agent", "standin");
    for (const n of [1, 2, 3])
      await muster(world, "queue", "add", `RUN: muster queue done ${n} --result 'did ${n}' >> done.txt`);
    await until("all are over", async () => (await states(world)).join() === "completed,completed,completed");
    expect(factsOf(world, "queue.finished").map(({ result }) => result)).toEqual(["did 1", "did 2", "did 3"]);
    expect(factsOf(world, "queue.started").map(({ agent }) => agent)).toEqual(["orch", "orch", "orch"]);
  });
}, 40_000);

test("A39 A8 more jobs than places wait, and one that comes after another begins when that is completed", async () => {
  await inWorld(async (world) => {
    await muster(world, "queue", "limits", "--max-running", "1");
    const first = await world.start("DELAY: 800\nSAY: first");
    const after = JSON.parse(
      (await muster(world, "start", "SAY: after", "--agent", "standin", "--after", first, "--json")).out,
    ).agent;
    const second = await world.start("SAY: second");
    expect((await muster(world, "why", after)).out).toContain(`it waits for ${first}`);
    expect((await muster(world, "why", second)).out).toContain("1 jobs are at work");
    const ended = async (id: string) => (await world.state()).jobs[id]?.outcome === "completed";
    for (const id of [first, second, after]) await until(`${id} is over`, () => ended(id));
    const opened = factsOf(world, "terminal.opened").map(({ agent }) => agent);
    expect(opened[0]).toBe(first);
    expect(opened).toHaveLength(3);
  });
}, 40_000);
