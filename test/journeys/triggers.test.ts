import { expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import type { Approval } from "../../src/core/triggers/state.ts";
import { agentOf, factsOf, muster } from "./look.ts";
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

const listed = async <T>(world: World, ...args: string[]): Promise<T> =>
  JSON.parse((await muster(world, ...args, "--json")).out);

test("A26 A28 A71 A74 A-fault 10: a failed job asks for a task; the question outlives kill -9, and a yes queues it once", async () => {
  await inWorld(async (world) => {
    const payload = '{"prompt":"Find out why {{job.id}} failed: {{job.error}}"}';
    const added = await muster(
      world,
      "trigger",
      "add",
      "care",
      "event",
      "job_failed",
      "queue_task",
      "--payload",
      payload,
    );
    expect([added.code, added.out]).toEqual([0, expect.stringContaining("care  event job_failed")]);
    const agent = await world.start("CRASH: 3");
    const open = () => listed<Approval[]>(world, "approvals");
    await until("a person is asked", async () => (await open()).length === 1);
    await world.kill();
    await world.boot();
    const [approval] = await open();
    expect(approval?.action).toMatchObject({ do: "queue_task", prompt: `Find out why ${agent} failed: exit code 3` });
    const yes = await muster(world, "approvals", "approve", approval?.id ?? "");
    expect([yes.code, yes.out]).toEqual([
      0,
      expect.stringContaining(`${approval?.id} is approved: queue a task: Find out why`),
    ]);
    const again = await muster(world, "approvals", "reject", approval?.id ?? "");
    expect([again.code, again.err]).toEqual([73, expect.stringContaining("approved by user at")]);
    expect(factsOf(world, "queue.added").map(({ preview }) => preview)).toEqual([
      `Find out why ${agent} failed: exit code 3`,
    ]);
    expect((await muster(world, "approvals")).out).toBe("Nothing waits for you.\n");
    const acts = await muster(world, "activity");
    for (const words of ["care (job_failed) wants to queue", "approved by you"]) expect(acts.out).toContain(words);
  });
}, 40_000);

test("A27 A29 A30 triggers, modes and the pulse from the command line, with what to do next in every refusal", async () => {
  await inWorld(async (world) => {
    expect((await muster(world, "trigger")).out).toContain("No triggers.");
    await muster(world, "trigger", "add", "tick", "cron", "* * * * *", "notify", "--payload", '{"message":"x"}');
    expect((await muster(world, "trigger")).out).toMatch(
      /tick\s+cron \* \* \* \* \*\s+notify you: x\s+confirm\s+never\s+\d\d:\d\d, in/,
    );
    expect((await muster(world, "trigger", "test", "tick")).out).toContain("after you agree");
    expect((await muster(world, "trigger", "toggle", "tick")).out).toBe("tick is off\n");
    expect((await muster(world, "why", "tick")).out).toContain("it is switched off");
    await muster(world, "trigger", "edit", "tick", "--condition", "0 3 * * *", "--autonomy", "auto");
    expect((await muster(world, "trigger")).out).toContain("cron 0 3 * * *");
    expect((await muster(world, "mode", "activate", "sprint")).code).toBe(0);
    expect((await muster(world, "mode")).out).toMatch(/sprint\s+active/);
    await muster(world, "mode", "deactivate");
    expect(await listed<{ name: string }[]>(world, "trigger")).toMatchObject([{ name: "tick" }]);
    expect((await muster(world, "pulse", "stop")).out).toContain("stands still");
    const refused = async (...args: string[]) => {
      const { code, err } = await muster(world, ...args);
      return `${code} ${err.trim()}`;
    };
    expect(await refused("trigger", "add", "x", "sometimes", "y", "notify")).toStartWith(
      "64 muster: trigger: sometimes is no type",
    );
    expect(
      await refused("trigger", "add", "x", "event", "job_lost", "notify", "--payload", '{"message":"m"}'),
    ).toStartWith("64 muster: trigger: job_lost is no event; job_created, ");
    expect(await refused("trigger", "add", "x", "event", "job_failed", "notify")).toStartWith(
      "64 muster: trigger: notify needs message",
    );
    expect(await refused("trigger", "add", "x", "event", "job_failed", "notify", "--payload", "no")).toStartWith("64 ");
    expect(await refused("trigger", "add", "tick", "cron", "* * * * *", "clear_context")).toStartWith("73 ");
    expect(await refused("trigger", "remove", "nobody")).toBe("66 muster: trigger: no trigger nobody; there are: tick");
    expect(await refused("mode", "create", "mine")).toBe(
      "64 muster: mode: say what is in it; --from-current or --empty",
    );
    expect(await refused("mode", "delete", "dev")).toStartWith("73 muster: mode: dev comes with Muster");
    expect((await muster(world, "trigger", "remove", "tick")).out).toBe("tick is removed\n");
  });
}, 40_000);

test("A54 by the user's rule an agent's question is an approval; what the rule says nothing of stays with its terminal", async () => {
  const world = new World();
  try {
    mkdirSync(world.home.folder, { recursive: true, mode: 0o700 });
    writeFileSync(world.home.config, 'approvals:\n  - { tool: Bash, match: "*asked*" }\n');
    await world.boot();
    const [ruled, free] = [await world.start("ASK: Bash echo asked"), await world.start("ASK: Bash echo else")];
    const [approval] = await until("a person is asked", async () => {
      const open = await listed<Approval[]>(world, "approvals");
      return open.length > 0 && open;
    });
    expect(approval?.action).toMatchObject({ do: "answer_permission", agent: ruled, tool: "Bash" });
    const { code, out } = await muster(world, "approvals", "approve", approval?.id ?? "");
    expect([code, out]).toEqual([0, expect.stringContaining(`let ${ruled} use Bash: echo asked`)]);
    await until("its CLI heard it", async () => (await world.state()).jobs[ruled]?.outcome === "completed");
    await until("the other one asks", async () => (await agentOf(world, free)).question);
    expect(factsOf(world, "permission.answered")).toMatchObject([{ agent: ruled, choice: "allow" }]);
    expect(factsOf(world, "permission.told")).toMatchObject([{ agent: ruled, ok: true }]);
    expect((await muster(world, "approvals", "approve", approval?.id ?? "")).code).toBe(73);
  } finally {
    await world.end();
  }
}, 30_000);
