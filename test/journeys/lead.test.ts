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
      "muster: lead: the lead is there already; muster orchestrator status shows it\n",
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
