import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { marksIn } from "../../src/core/mark.ts";
import { claude } from "../../src/drivers/claude.ts";
import { type ModelServer, startModelServer } from "../fakes/model-server/server.ts";
import { until, World } from "../journeys/world.ts";
import { cli } from "./install.ts";

const KEY = "sk-ant-api03-scripted-model-no-real-key-00000000";
const program = "missing" in cli ? "" : cli.program;
const GIT = { GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" };

describe.skipIf("missing" in cli)("a pair of real Claude Code", () => {
  const world = new World();
  const repo = join(world.folder, "repo");
  let model: ModelServer;

  const git = (...args: string[]): string =>
    Bun.spawnSync(["git", ...args], { cwd: repo, env: { ...world.env(), ...GIT } })
      .stdout.toString()
      .trim();

  beforeAll(async () => {
    model = startModelServer();
    mkdirSync(join(repo, "src"), { recursive: true });
    writeFileSync(join(repo, "src", "one.txt"), "1\n");
    writeFileSync(join(repo, "package.json"), '{"name":"x","scripts":{"test":"grep -q 2 src/one.txt"}}\n');
    git("init", "--quiet", "--initial-branch=main");
    git("config", "user.name", "A Person");
    git("config", "user.email", "person@localhost");
    git("add", ".");
    git("commit", "--quiet", "-m", "start");
    const seed = {
      hasCompletedOnboarding: true,
      hasSeenAutoDefaultNotice: true,
      customApiKeyResponses: { approved: [KEY.slice(-20)], rejected: [] },
    };
    writeFileSync(join(world.folder, ".claude.json"), JSON.stringify(seed));
    const model_url = { ANTHROPIC_BASE_URL: model.url, ANTHROPIC_API_KEY: KEY };
    await world.boot({ ...model_url, CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1", IS_SANDBOX: "1" });
  }, 60_000);

  afterAll(async () => {
    await world.end();
    await model.stop();
  }, 30_000);

  test("PeerA's patch is proven and committed, and both peers and the user are told", async () => {
    const seat = { driver: "claude", command: program };
    const { team } = await world.client.post<{ team: string }>("/api/teams", { repo, peerA: seat, peerB: seat });
    const state = () => world.state();
    const seats = (await state()).teams[team]?.seats ?? [];
    await until("both have their SYSTEM text", async () => {
      const { messages } = await state();
      return Object.values(messages).filter((one) => one.kind === "system" && one.state === "delivered").length === 2;
    });
    const diff = "diff --git a/src/one.txt b/src/one.txt\n--- a/src/one.txt\n+++ b/src/one.txt\n@@ -1 +1 @@\n-1\n+2\n";
    const call = { file_path: join(repo, ".muster/mailbox/peerA/patch.diff"), content: diff };
    const mid = "muster-9-00000a";
    await world.send(seats[0]?.agent ?? "", `CALL: Write ${JSON.stringify(call)}`, mid);
    const patch = await until("a patch is judged", async () => {
      const [first] = Object.values((await state()).patches);
      return first && first.state !== "queued" && first;
    });
    expect(patch.state).toBe("committed");
    expect(git("rev-parse", "HEAD")).toBe(patch.commit ?? "");
    expect(git("show", "HEAD:src/one.txt")).toBe("2");
    await until("everybody is told", async () => {
      const told = Object.values((await state()).messages).filter((one) => one.preview.includes("is commit"));
      return told.length === 3 && told.every((one) => one.state === "delivered");
    });
  }, 90_000);

  test("a peer whose CLI is killed comes back in its session; a letter to it meanwhile arrives once", async () => {
    const state = () => world.state();
    const [, seat] = Object.values((await state()).teams)[0]?.seats ?? [];
    const peer = async () => (await state()).agents[seat?.agent ?? ""];
    await until("PeerB is idle", async () => (await peer())?.activity === "idle");
    const { session, pid = 0 } = (await peer()) ?? {};
    process.kill(pid, "SIGKILL");
    await until("its end is known", async () => (await peer())?.activity === "exited");
    const mid = "muster-9-00000b";
    await world.send(seat?.agent ?? "", "SAY: back again", mid);
    await until("it is back", async () => (await peer())?.incarnation === 2 && (await peer())?.activity === "idle");
    await until("the letter is there", async () => (await state()).messages[mid]?.state === "delivered");
    expect((await peer())?.session).toBe(session ?? "");
    const { transcript = "" } = (await peer()) ?? {};
    const prompts = readFileSync(transcript, "utf8")
      .split("\n")
      .flatMap((line) => claude.transcript(line)?.text ?? []);
    expect(prompts.filter((text) => marksIn(text).includes(mid))).toHaveLength(1);
  }, 60_000);
});
