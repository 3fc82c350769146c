import { expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startModelServer } from "../fakes/model-server/server.ts";
import { until, World } from "../journeys/world.ts";
import { cli } from "./install.ts";

const KEY = "sk-ant-api03-scripted-model-no-real-key-00000000";

test.skipIf("missing" in cli)(
  "a person who keeps Claude Code's configuration elsewhere is heard as well",
  async () => {
    const world = new World();
    const model = startModelServer();
    const folder = join(world.folder, "configuration");
    const work = join(world.folder, "work");
    try {
      for (const path of [folder, work]) mkdirSync(path);
      const seed = {
        hasCompletedOnboarding: true,
        customApiKeyResponses: { approved: [KEY.slice(-20)], rejected: [] },
      };
      writeFileSync(join(folder, ".claude.json"), JSON.stringify(seed));
      const place = { CLAUDE_CONFIG_DIR: folder, ANTHROPIC_BASE_URL: model.url, ANTHROPIC_API_KEY: KEY };
      await world.boot({ ...place, CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1", IS_SANDBOX: "1" });
      const program = "missing" in cli ? "" : cli.program;
      const agent = await world.start("SAY: hi", { agent: "claude", command: program, cwd: work });
      await until("its job is done", async () => (await world.state()).jobs[agent]?.outcome === "completed");
      expect((await world.state()).agents[agent]?.transcript).toStartWith(folder);
    } finally {
      await world.end();
      await model.stop();
    }
  },
  60_000,
);
