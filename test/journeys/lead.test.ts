import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { LeadView } from "../../src/core/lead/view.ts";
import { agentOf, factsOf, isDelivered, isIdle, muster, promptsOf } from "./look.ts";
import { until, World } from "./world.ts";

const LEAD = "orch";

async function withLead(work: (world: World) => Promise<void>): Promise<void> {
  const world = new World();
  try {
    await world.boot();
    const started = await muster(world, "orchestrator", "start", "--agent", "standin");
    expect([started.code, started.out]).toEqual([0, expect.stringContaining("Lead started: orch")]);
    await until("the lead was spoken to", async () => (await promptsOf(world, LEAD)).length === 1);
    await isIdle(world, LEAD);
    await work(world);
  } finally {
    await world.end();
  }
}

const saved = (world: World): LeadView =>
  JSON.parse(readFileSync(join(world.home.folder, "orchestrator-state.json"), "utf8"));
const inject = async (world: World, text: string): Promise<void> => {
  const { mid } = JSON.parse((await muster(world, "orchestrator", "inject", text, "--json")).out);
  await isDelivered(world, mid);
};

test("A24 A55 a lead is started, spoken to, looked at and stopped; started twice is refused", async () => {
  await withLead(async (world) => {
    const again = await muster(world, "lead", "start", "--agent", "standin");
    expect([again.code, again.err]).toEqual([
      73,
      "muster: lead: the lead is there already; muster orchestrator status shows it; another one: muster orchestrator start orch-2\n",
    ]);
    await inject(world, "SAY: at your service");
    const status = await muster(world, "orchestrator");
    expect(status.out).toMatch(/Lead\s+(idle|working)/);
    expect((await muster(world, "orchestrator", "note", "main is red")).out).toBe("noted\n");
    await until("the note is saved", () => saved(world).notes === "main is red");
    expect((await muster(world, "orchestrator", "stop")).code).toBe(0);
    await until("its terminal is gone", async () => (await agentOf(world, LEAD)).activity === "exited");
    const late = await muster(world, "orchestrator", "inject", "hello");
    expect([late.code, late.err]).toEqual([73, "muster: orchestrator: there is no lead; muster orchestrator start\n"]);
    expect(saved(world).status).toBe("stopped");
  });
}, 40_000);

test("A57 the lead starts an agent by its own token, and no more than it may", async () => {
  await withLead(async (world) => {
    await inject(world, "RUN: muster start 'SAY: explored' --agent standin --json -s read-only > started.json");
    const { agent } = await until("an agent was started", async () => {
      const [made] = factsOf(world, "agent.hired").filter(({ hire }) => hire.agent !== LEAD);
      return made?.hire;
    });
    expect(await agentOf(world, agent)).toMatchObject({ hire: { parent: LEAD, permission: "read-only" } });
    await until("its job has ended", async () => (await world.state()).jobs[agent]?.outcome === "completed");
    await inject(world, "RUN: muster start x --agent standin -s danger-full-access 2> refused.txt; echo $? > code.txt");
    const code = await until("the refusal is there", () => {
      try {
        return readFileSync(join(world.folder, "code.txt"), "utf8").trim();
      } catch {
        return undefined;
      }
    });
    expect([code, readFileSync(join(world.folder, "refused.txt"), "utf8")]).toEqual([
      "73",
      "muster: start: agent orch may not start; ask the person who runs the team\n",
    ]);
  });
}, 40_000);

test("A59 A-fault 9: a lead that is killed comes back with its state, and is told once where it stands", async () => {
  await withLead(async (world) => {
    await muster(world, "orchestrator", "note", "main is red");
    const { pid } = await agentOf(world, LEAD);
    process.kill(pid ?? 0, "SIGKILL");
    await until("it runs again", async () => (await agentOf(world, LEAD)).incarnation === 2);
    const told = () => factsOf(world, "lead.resumed").length;
    await until("it was told where it stands", () => told() === 2);
    await until("the words arrived", async () =>
      (await promptsOf(world, LEAD)).some((text) => text.includes("Your program ended and was started again")),
    );
    expect(saved(world)).toMatchObject({ notes: "main is red" });
    await world.kill();
    await world.boot();
    await isIdle(world, LEAD);
    expect([told(), (await agentOf(world, LEAD)).incarnation]).toEqual([2, 2]);
  });
}, 40_000);

test("A60 two leads share the queue by tags; when the one that leads is killed the other leads, and no task is lost", async () => {
  await withLead(async (world) => {
    const second = await muster(world, "orchestrator", "start", "orch-2", "--agent", "standin", "--tags", "docs");
    expect([second.code, second.out]).toEqual([0, expect.stringContaining("muster attach orch-2")]);
    await until("the second was spoken to", async () => (await promptsOf(world, "orch-2")).length === 1);
    await isIdle(world, "orch-2");
    const done = (n: number) => `RUN: muster queue done ${n} --result 'did ${n}'`;
    await muster(world, "queue", "add", done(1), "--tags", "docs");
    await muster(world, "queue", "add", "DELAY: 600000\nSAY: never");
    const taken = () => factsOf(world, "queue.started").map(({ task, agent }) => `${task} ${agent}`);
    await until("both have their task", () => taken().length === 2);
    expect(taken().toSorted()).toEqual(["1 orch-2", "2 orch"]);
    await until("the second is free", async () => {
      const { queue, agents } = await world.state();
      return queue.tasks[1]?.state === "completed" && agents["orch-2"]?.activity === "idle";
    });
    process.kill((await agentOf(world, LEAD)).pid ?? 0, "SIGKILL");
    await until("the other leads", async () => {
      const { out } = await muster(world, "orchestrator", "status", "--json");
      return JSON.parse(out).id === "orch-2";
    });
    await until("the other has its task", () => taken().includes("2 orch-2"));
    const [lost] = factsOf(world, "terminal.exited").concat(factsOf(world, "terminal.lost") as never);
    const given = factsOf(world, "queue.started").find(({ task, agent }) => task === 2 && agent === "orch-2");
    expect((given?.at ?? 0) - (lost?.at ?? 0)).toBeLessThan(20_000);
    await until("the first runs again", async () => (await agentOf(world, LEAD)).incarnation === 2);
    const leads = await muster(world, "orchestrator", "status");
    expect(leads.out).toMatch(/^LEAD .*\norch +\w.*\norch-2 \* /m);
    const stopped = await muster(world, "orchestrator", "stop");
    expect(stopped.out).toBe("orch, orch-2 have ended. Their agents work on; muster jobs lists them.\n");
    expect(JSON.parse(readFileSync(join(world.home.folder, "orchestrator-state-2.json"), "utf8")).id).toBe("orch-2");
  });
}, 40_000);
