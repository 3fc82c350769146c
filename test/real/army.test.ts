import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LEAD } from "../../src/core/ids.ts";
import type { QueuedTask } from "../../src/core/queue/state.ts";
import type { Approval } from "../../src/core/triggers/state.ts";
import type { Reply, Rule, When } from "../fakes/model-server/script.ts";
import { type ModelServer, startModelServer } from "../fakes/model-server/server.ts";
import { agentOf, factsOf, isIdle, muster } from "../journeys/look.ts";
import { until, World } from "../journeys/world.ts";
import { cli } from "./install.ts";

const KEY = "sk-ant-api03-scripted-model-no-real-key-00000000";
const program = "missing" in cli ? "" : cli.program;
const HOUR_MS = 3_600_000;

/** Tasks by what happens to them; the fifth is a direct one, for a worker of its own. */
const [LIMITED, KILLED, CRASHED, HEAVY, DIRECT] = [1, 2, 3, 4, 5];

const ended = (task: number, more: Partial<Reply> = {}): Reply => ({
  ...more,
  calls: [{ tool: "Bash", input: { command: `muster queue done ${task} --result did-${task}`, description: "x" } }],
});
/** The lead has just read the letter that brings a task. */
const isTold = (task: number): When => ({
  user: "You have a letter",
  toolResult: `New task from queue \\(#${task}\\)`,
  step: 1,
});
/** The model of the whole night: what it is told decides what it does, and each of these happens to one task. */
const RULES: Rule[] = [
  // Once, and once more by the CLI's own retry.
  {
    when: isTold(LIMITED),
    times: 2,
    reply: { error: { status: 429, message: "You've hit your limit · resets in 2h" } },
  },
  { when: { user: "usage limit that stopped you has ended", step: 0 }, reply: ended(LIMITED) },
  // As long as the daemon needs to be killed and to come back.
  { when: isTold(KILLED), times: 1, reply: ended(KILLED, { delay: 3000 }) },
  { when: isTold(CRASHED), times: 1, reply: { hang: true } },
  // Its second attempt, after its program was started again.
  { when: isTold(CRASHED), reply: ended(CRASHED) },
  // The model of this CLI has room for a million tokens.
  { when: isTold(HEAVY), reply: ended(HEAVY) },
  { when: { toolResult: `#${HEAVY} is completed` }, reply: { text: "Done.", usage: { input: 850_000 } } },
];

describe.skipIf("missing" in cli)("real Claude Code in an army", () => {
  const world = new World();
  const repo = join(world.folder, "repo");
  const clock = join(world.folder, "clock");
  let model: ModelServer;
  const boot = (): Promise<void> =>
    world.boot({
      ...{ MUSTER_CLOCK: clock, ANTHROPIC_BASE_URL: model.url, ANTHROPIC_API_KEY: KEY },
      ...{ CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1", CLAUDE_CODE_MAX_RETRIES: "1", IS_SANDBOX: "1" },
    });
  const kill = async (): Promise<void> => {
    await world.kill();
    await boot();
  };
  let moved = 0;
  const pass = (ms: number): void => {
    moved += ms;
    writeFileSync(clock, String(moved));
  };
  const crashLead = async (): Promise<void> => {
    process.kill((await agentOf(world, LEAD)).pid ?? 0, "SIGKILL");
  };
  const task = async (number: number): Promise<QueuedTask | undefined> => (await world.state()).queue.tasks[number];
  const isBegun = (number: number) =>
    until(`task ${number} is at the model`, () =>
      model.log.some(({ turn }) => turn.toolResults.at(-1)?.includes(`New task from queue (#${number})`)),
    );
  const isDone = (number: number) =>
    until(`task ${number} is over`, async () => (await task(number))?.state === "completed", 40_000);

  beforeAll(async () => {
    model = startModelServer({ rules: RULES });
    mkdirSync(repo);
    const seed = {
      ...{ hasCompletedOnboarding: true, hasSeenAutoDefaultNotice: true },
      customApiKeyResponses: { approved: [KEY.slice(-20)], rejected: [] },
    };
    writeFileSync(join(world.folder, ".claude.json"), JSON.stringify(seed));
    writeFileSync(clock, "0");
    await boot();
  }, 60_000);

  afterAll(async () => {
    await world.end();
    await model.stop();
  }, 30_000);

  /** A lead, and four tasks for it. */
  async function fill(): Promise<void> {
    await muster(world, "mode", "activate", "sprint");
    for (const name of ["praise", "review"]) {
      const payload = JSON.stringify({ prompt: `SAY: ${name}`, direct: true, agent: "standin" });
      await muster(world, "trigger", "add", name, "event", "job_completed", "queue_task", "--payload", payload);
    }
    await world.client.post("/api/orchestrator/start", { agent: "claude", command: program, cwd: repo });
    for (const number of [LIMITED, KILLED, CRASHED, HEAVY])
      await world.client.post("/api/queue/tasks", { prompt: `Part ${number} of the work`, cwd: repo });
  }

  const addDirect = (): Promise<unknown> =>
    world.client.post("/api/queue/tasks", {
      ...{ prompt: "Say hello", cwd: repo, direct: true, agent: "claude" },
      environment: {
        ...world.env(),
        PATH: `${join(program, "..")}:${process.env.PATH}`,
        ANTHROPIC_BASE_URL: model.url,
        ANTHROPIC_API_KEY: KEY,
      },
    });

  test("A114 A55 A57 A58 A59 A63 A65 a night of five tasks: a limit, a full context, a lead killed twice, a daemon five times, two approvals, a worker of its own", async () => {
    await fill();
    const limit = await until("the account is limited", async () => (await agentOf(world, LEAD)).limit, 40_000);
    await addDirect();
    expect(limit.until - Date.now()).toBeGreaterThan(1.9 * HOUR_MS);
    await kill();
    expect(await agentOf(world, LEAD)).toMatchObject({ limit: { until: limit.until } });
    expect((await muster(world, "why", `#${DIRECT}`)).out).toContain("limit");
    expect(factsOf(world, "queue.started").map((fact) => fact.task)).toEqual([LIMITED]);
    pass(2.1 * HOUR_MS);
    await isDone(LIMITED);

    await isBegun(KILLED);
    await kill();
    await isDone(KILLED);

    await isBegun(CRASHED);
    await crashLead();
    await kill();
    await isDone(CRASHED);

    await isDone(HEAVY);
    await until("it is being cleared", () => factsOf(world, "lead.clearing").length === 1);
    await kill();
    await until("the lead hears that it was cleared", () =>
      model.log.some(({ turn }) => turn.said.some((words) => words.includes("Your context was cleared"))),
    );
    await isDone(DIRECT);
    await isIdle(world, LEAD);
    await crashLead();
    // A second crash waits a minute for the next start.
    await until("it is known", async () => (await agentOf(world, LEAD)).activity === "exited");
    pass(60_000);
    await until("it runs again", async () => (await agentOf(world, LEAD)).incarnation === 3);
    await kill();
    await isIdle(world, LEAD);

    const asked = await world.client.get<Approval[]>("/api/triggers/approvals");
    expect(asked.map(({ name }) => name).toSorted()).toEqual(["praise", "review"]);
    await muster(world, "approvals", "reject", asked[0]?.id ?? "");
    await muster(world, "approvals", "approve", asked[1]?.id ?? "");
    await isDone(DIRECT + 1);

    const results = factsOf(world, "queue.finished").map(({ task: number, result }) => `${number} ${result}`);
    expect(results.filter((result) => result.includes("did-")).toSorted()).toEqual(
      [LIMITED, KILLED, CRASHED, HEAVY].map((number) => `${number} did-${number}`),
    );
    expect(results).toHaveLength(DIRECT + 1);
    expect(factsOf(world, "limit.reached")).toHaveLength(1);
    expect(factsOf(world, "limit.ended")).toHaveLength(1);
    expect(factsOf(world, "lead.clearing").map(({ percent }) => percent)).toEqual([85]);
    expect(factsOf(world, "terminal.opened").filter(({ agent }) => agent === LEAD)).toHaveLength(3);
    const begun = factsOf(world, "queue.started").filter(({ agent }) => agent === LEAD);
    expect(begun.map(({ task: number, attempt }) => `${number} ${attempt}`)).toEqual([
      `${LIMITED} 1`,
      `${KILLED} 1`,
      `${CRASHED} 1`,
      `${CRASHED} 2`,
      `${HEAVY} 1`,
    ]);
    expect((await muster(world, "orchestrator")).out).toContain("Lead");
  }, 180_000);
});
