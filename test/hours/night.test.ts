import { expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { LEAD } from "../../src/core/ids.ts";
import type { QueuedTask } from "../../src/core/queue/state.ts";
import { isOpen } from "../../src/core/state.ts";
import type { Approval } from "../../src/core/triggers/state.ts";
import { agentOf, factsOf, muster } from "../journeys/look.ts";
import { until, World } from "../journeys/world.ts";

/** What the lead does with a task: HEAVY ones fill 85 % of its context. */
const LEAD_PLAY = [
  {
    when: "New task from queue \\(#(\\d+)\\).*HEAVY",
    do: [{ usage: 170_000 }, { run: "muster queue done $1 --result heavy" }],
  },
  { when: "New task from queue \\(#(\\d+)\\)", do: [{ run: "muster queue done $1 --result light" }] },
  { when: "Your task is #(\\d+)", do: [{ run: "muster queue done $1 --result resumed" }] },
  { when: ".", do: [{ say: "noted" }] },
];

const HEAVY = 4;
const MINUTE_MS = 60_000;
/** Half an hour passes with each step, sixteen make the night. */
const STEPS = 16;
const STEP_MS = 30 * MINUTE_MS;

/** Looks at the lead, 10 ms apart, after which a minute passes. */
const LOOKS_OF_A_MINUTE = 50;

class Night {
  readonly world = new World();
  private readonly clock = join(this.world.folder, "clock");
  private moved = 0;
  kills = 0;

  boot(): Promise<void> {
    return this.world.boot({ MUSTER_CLOCK: this.clock });
  }

  async begin(): Promise<void> {
    writeFileSync(this.clock, "0");
    writeFileSync(join(this.world.folder, "lead.json"), JSON.stringify(LEAD_PLAY));
    await this.boot();
    await muster(this.world, "mode", "activate", "sprint");
    for (const [name, event, prompt] of [
      ["look-into", "job_failed", "SAY: looked into {{job.id}}"],
      ["praise", "job_completed", "SAY: praised {{job.id}}"],
    ] as const) {
      const payload = JSON.stringify({ prompt, direct: true, agent: "standin" });
      await muster(this.world, "trigger", "add", name, "event", event, "queue_task", "--payload", payload);
    }
    const started = await muster(
      this.world,
      "orchestrator",
      "start",
      "--agent",
      `mock:${join(this.world.folder, "lead.json")}`,
    );
    expect([started.code, started.err]).toEqual([0, ""]);
  }

  async add(prompt: string, more: Record<string, unknown> = {}): Promise<number> {
    const { folder, client } = this.world;
    const body = { prompt, cwd: folder, direct: true, agent: "standin", ...more };
    return (await client.post<{ task: number }>("/api/queue/tasks", body)).task;
  }

  /** Ten tasks: six direct ones, one of which fails and blocks another, and four for the lead. */
  async batch(number: number): Promise<void> {
    const first = await this.add(`SAY: first of ${number}`, { priority: number });
    await this.add(`SAY: after the first of ${number}`, { after: [first] });
    const broken = await this.add("CRASH: 3");
    await this.add("SAY: never", { after: [broken] });
    await this.add(`SAY: fifth of ${number}`, { priority: 9 });
    await this.add(number === 1 ? "LIMIT: You've hit your limit · resets in 1h" : `SAY: sixth of ${number}`);
    const lead = { direct: false, agent: undefined };
    await this.add(`HEAVY work ${number}`, lead);
    for (const part of ["a", "b", "c"]) await this.add(`light work ${number}${part}`, lead);
  }

  async tasks(): Promise<QueuedTask[]> {
    return Object.values((await this.world.state()).queue.tasks);
  }

  /** Nothing else is waited for. */
  pass(ms = STEP_MS): void {
    this.moved += ms;
    writeFileSync(this.clock, String(this.moved));
  }

  async kill(): Promise<void> {
    await this.world.kill();
    await this.boot();
    this.kills += 1;
  }

  /** Every task that can end by itself has ended. */
  async settled(): Promise<void> {
    const isSettled = async () => {
      const { queue, agents } = await this.world.state();
      const isLimited = Object.values(agents).some(({ limit, dismissed }) => limit && !dismissed);
      const open = queue.open.flatMap((task) => queue.tasks[task] ?? []);
      return open.every(({ order }) => isLimited && order.isDirect);
    };
    await until("the tasks are over, or wait for a limit", isSettled, 30_000).catch(async (error) => {
      throw new Error(`${error.message}\n${(await this.unrest()).join("\n")}`);
    });
  }

  /** What is still open, and how those stand who work on it. */
  private async unrest(): Promise<string[]> {
    const { queue, agents, messages } = await this.world.state();
    const open = queue.open.flatMap((task) => queue.tasks[task] ?? []);
    const workers = Object.values(agents).filter(({ dismissed }) => !dismissed);
    const isTold = (agent: string) => open.some((task) => task.agent === agent);
    const waiting = Object.values(messages).filter((message) => isOpen(message) || isTold(message.to));
    return [
      ...open.map(({ task, state, agent, preview }) => `#${task} ${state} ${agent} ${preview}`),
      ...workers.map(
        ({ hire, activity, detail, controls, incarnation, turns }) =>
          `${hire.agent}.${incarnation} ${activity} ${detail} ${turns} turns ${JSON.stringify(controls)}`,
      ),
      ...waiting.map(({ mid, to, state, attempt, reason }) => `${mid} to ${to} ${state} ${attempt} ${reason}`),
    ];
  }

  async crashLead(): Promise<void> {
    const { pid, incarnation } = await agentOf(this.world, LEAD);
    process.kill(pid ?? 0, "SIGKILL");
    let looks = 0;
    await until("the lead is back", async () => {
      // A second crash waits a minute for the next start. A minute within each look would leave no letter the time to arrive.
      looks += 1;
      if (looks % LOOKS_OF_A_MINUTE === 0) this.pass(MINUTE_MS);
      const lead = await agentOf(this.world, LEAD);
      return lead.incarnation > incarnation && lead.activity === "idle";
    });
  }
}

test("A114 a night: forty tasks, a limit, crashes of lead and daemon, two questions; each ends once and for its reason", async () => {
  const night = new Night();
  const { world } = night;
  try {
    await night.begin();
    for (let step = 0; step < STEPS; step += 1) {
      if (step % 4 === 0) await night.batch(step / 4);
      if (step % 4 === 1) await night.kill();
      if (step === 6 || step === 10) await night.crashLead();
      await night.settled();
      night.pass();
    }
    await night.kill();
    await night.settled();

    const tasks = await night.tasks();
    expect(tasks).toHaveLength(40);
    const failed = tasks.filter(({ state }) => state === "failed").map(({ result }) => result.replace(/\d+/, "N"));
    expect(failed.sort()).toEqual([...Array(4).fill("blocked: #N was not completed"), ...Array(4).fill("exit code N")]);
    expect(tasks.filter(({ state }) => state === "completed")).toHaveLength(32);
    expect(Math.max(...tasks.map(({ attempts }) => attempts))).toBeLessThanOrEqual(2);
    const finished = factsOf(world, "queue.finished").map(({ task }) => task);
    expect(finished.toSorted((left, right) => left - right)).toEqual(tasks.map(({ task }) => task));
    for (const { task } of factsOf(world, "queue.returned")) expect(tasks[task - 1]?.interruptions).toBe(1);

    // tmux 3.3a may die when its client is killed: what was at work then is done again.
    const again = (word: string): number =>
      tasks
        .filter(({ preview }) => preview.startsWith(word))
        .reduce((sum, { interruptions }) => sum + interruptions, 0);
    const ends = [...factsOf(world, "terminal.lost"), ...factsOf(world, "terminal.exited")];
    const leadEnds = ends.filter(({ agent }) => agent === LEAD).length;
    expect(leadEnds).toBeGreaterThanOrEqual(2);
    expect(factsOf(world, "limit.reached")).toHaveLength(1 + again("LIMIT"));
    expect(factsOf(world, "limit.ended")).toHaveLength(1 + again("LIMIT"));
    expect(factsOf(world, "lead.clearing").length - again("HEAVY")).toBe(HEAVY);
    expect(factsOf(world, "terminal.opened").filter(({ agent }) => agent === LEAD)).toHaveLength(1 + leadEnds);
    expect(night.kills).toBe(5);

    const approvals = await world.client.get<Approval[]>("/api/triggers/approvals");
    expect(approvals.map(({ name }) => name).sort()).toEqual(["look-into", "praise"]);
    const [asked, other] = approvals;
    await muster(world, "approvals", "approve", asked?.id ?? "");
    await muster(world, "approvals", "reject", other?.id ?? "");
    await night.settled();
    expect((await night.tasks()).at(-1)).toMatchObject({ task: 41, state: "completed", attempts: 1 });

    const acts = JSON.parse((await muster(world, "activity", "--limit", "1000", "--json")).out) as { text: string }[];
    const told = (words: string) => acts.filter(({ text }) => text.includes(words)).length;
    expect(told("begins with")).toBe(factsOf(world, "queue.started").length);
    expect(told("is being cleared")).toBe(factsOf(world, "lead.clearing").length);
    expect(told("fired (")).toBe(factsOf(world, "trigger.fired").length);
  } finally {
    await world.end();
  }
}, 120_000);
