import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LEAD } from "../../src/core/ids.ts";
import type { Rule } from "../fakes/model-server/script.ts";
import { type ModelServer, startModelServer } from "../fakes/model-server/server.ts";
import { factsOf, muster } from "../journeys/look.ts";
import { until, World } from "../journeys/world.ts";
import { cli } from "./install.ts";

const KEY = "sk-ant-api03-scripted-model-no-real-key-00000000";
const program = "missing" in cli ? "" : cli.program;
const TASKS = 5;

/** A model that ends each task by the lead's own command, once it has read the letter that brings it. */
const ending = (task: number): Rule => ({
  when: { user: "You have a letter", toolResult: `New task from queue \\(#${task}\\)`, step: 1 },
  times: 1,
  reply: {
    calls: [{ tool: "Bash", input: { command: `muster queue done ${task} --result did-${task}`, description: "x" } }],
  },
});

describe.skipIf("missing" in cli)("real Claude Code in an army", () => {
  const world = new World();
  const repo = join(world.folder, "repo");
  let model: ModelServer;

  beforeAll(async () => {
    model = startModelServer({ rules: Array.from({ length: TASKS }, (_, n) => ending(n + 1)) });
    mkdirSync(repo);
    const seed = {
      ...{ hasCompletedOnboarding: true, hasSeenAutoDefaultNotice: true },
      customApiKeyResponses: { approved: [KEY.slice(-20)], rejected: [] },
    };
    writeFileSync(join(world.folder, ".claude.json"), JSON.stringify(seed));
    const env = { ANTHROPIC_BASE_URL: model.url, ANTHROPIC_API_KEY: KEY };
    await world.boot({ ...env, CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1", IS_SANDBOX: "1" });
  }, 60_000);

  afterAll(async () => {
    await world.end();
    await model.stop();
  }, 30_000);

  test("A55 A63 A57 a lead works off the queue by its own commands, which reach Muster past the CLI's sandbox", async () => {
    await world.client.post("/api/orchestrator/start", { agent: "claude", command: program, cwd: repo });
    for (let task = 1; task <= TASKS; task += 1)
      await world.client.post("/api/queue/tasks", { prompt: `Part ${task} of the work`, cwd: repo });
    await until(
      "all tasks are over",
      async () => Object.values((await world.state()).queue.tasks).every(({ state }) => state === "completed"),
      60_000,
    );
    expect(factsOf(world, "queue.finished").map(({ result }) => result)).toEqual(
      Array.from({ length: TASKS }, (_, n) => `did-${n + 1}`),
    );
    expect(factsOf(world, "queue.started").map(({ agent, attempt }) => `${agent} ${attempt}`)).toEqual(
      Array(TASKS).fill(`${LEAD} 1`),
    );
  }, 90_000);

  test("A65 a direct task is done by a Claude Code of its own, whose end is the task's", async () => {
    const { task } = await world.client.post<{ task: number }>("/api/queue/tasks", {
      ...{ prompt: "Say hello", cwd: repo, direct: true, agent: "claude" },
      environment: {
        ...world.env(),
        PATH: `${join(program, "..")}:${process.env.PATH}`,
        ANTHROPIC_BASE_URL: model.url,
        ANTHROPIC_API_KEY: KEY,
      },
    });
    await until("it is over", async () => (await world.state()).queue.tasks[task]?.finishedAt !== undefined, 40_000);
    expect((await world.state()).queue.tasks[task]).toMatchObject({ state: "completed", attempts: 1 });
    expect((await muster(world, "orchestrator")).out).toContain("Lead");
  }, 60_000);
});
