import { afterAll, beforeAll, expect, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { muster, readyAgent } from "./look.ts";
import { until, World } from "./world.ts";

const world = new World();
const KEY = "canary-5f2e";
const secrets = join(world.home.folder, "secrets");
const git = (repo: string, ...args: string[]): string =>
  Bun.spawnSync(["git", ...args], { cwd: repo, env: world.env({ GIT_CONFIG_NOSYSTEM: "1" }) }).stdout.toString();

// The shell that happens to start the daemon is nobody's: what it has set reaches only who started something there.
beforeAll(() => world.boot({ TZ: "Daemon/Own", TEST_CMD: "true", ANTHROPIC_API_KEY: "of-the-daemon" }));
afterAll(() => world.end());

const shown = (path: string) => until(`${path} is written`, () => existsSync(path) && readFileSync(path, "utf8"));

test("fault 21: agents of two shells get each its own environment, whoever started the daemon", async () => {
  const prompt = (out: string) => `RUN: (printenv TZ; printenv ANTHROPIC_API_KEY) > ${out}.tmp; mv ${out}.tmp ${out}`;
  const [one, two] = [join(world.folder, "one"), join(world.folder, "two")];
  for (const [out, TZ] of [
    [one, "Shell/One"],
    [two, "Shell/Two"],
  ] as const) {
    const { code } = await muster({ world, env: { TZ, PRIVATE: "x" } }, "start", prompt(out), "--agent", "standin");
    expect(code).toBe(0);
  }
  expect(await shown(one)).toBe("Shell/One\n");
  expect(await shown(two)).toBe("Shell/Two\n");
});

test("S20 what an agent was started with is kept privately, outside the log, and goes with the agent", async () => {
  const shell = { world, env: { ANTHROPIC_API_KEY: KEY, UNLISTED: KEY } };
  const { out } = await muster(shell, "start", "SAY: ready", "--agent", "standin", "--json");
  const agent: string = JSON.parse(out).agent;
  const path = join(secrets, `${agent}.json`);
  expect(JSON.parse(readFileSync(path, "utf8")).environment).toMatchObject({ ANTHROPIC_API_KEY: KEY });
  expect(readFileSync(path, "utf8").match(new RegExp(KEY, "g"))).toHaveLength(1);
  expect([statSync(secrets).mode & 0o777, statSync(path).mode & 0o777]).toEqual([0o700, 0o600]);
  for (const name of readdirSync(world.home.folder).filter((one) => one.startsWith("ledger.db"))) {
    expect(readFileSync(join(world.home.folder, name)).includes(KEY)).toBe(false);
  }
  expect((await muster(shell, "kill", agent)).code).toBe(0);
  await until("its secrets are gone", () => !existsSync(path));
});

test("P44 (fault 5) TEST_CMD of the shell that runs the team decides: no commit, HEAD unchanged", async () => {
  const repo = join(world.folder, "repo");
  mkdirSync(join(repo, "src"), { recursive: true });
  writeFileSync(join(repo, "src/a.txt"), "one\n");
  git(repo, "init", "--quiet");
  git(repo, "config", "user.name", "Ada");
  git(repo, "config", "user.email", "ada@example.com");
  git(repo, "add", ".");
  git(repo, "commit", "--quiet", "--message=first");
  const head = git(repo, "rev-parse", "HEAD");
  const scenario = join(world.folder, "scenario.json");
  const edits = [{ path: "src/a.txt", find: "one", replace: "two" }];
  writeFileSync(scenario, JSON.stringify({ rules: [{ seat: "PeerA", when: "the task", do: [{ patch: { edits } }] }] }));
  const peers = ["--peer-a", `mock:${scenario}`, "--peer-b", "none"];
  const shell = { world, env: { TEST_CMD: "echo red; false" } };
  const ran = await muster(shell, "run", "--dir", repo, "--task", "the task", ...peers, "--detach");
  expect([ran.code, ran.err]).toEqual([0, ""]);
  const patch = await until("the patch is judged", async () =>
    Object.values((await world.state()).patches).find(({ state }) => state !== "queued"),
  );
  expect(patch).toMatchObject({ state: "refused", reason: "echo red; false ended with rc=1" });
  expect(git(repo, "rev-parse", "HEAD")).toBe(head);
});

test("who names no environment, as the page, gets the daemon's", async () => {
  const out = join(world.folder, "page");
  await readyAgent(world, `RUN: printenv TZ > ${out}`);
  expect(readFileSync(out, "utf8")).toBe("Daemon/Own\n");
});

test("P22 what a driver needs besides reaches its own CLI alone, from this shell and from the settings", async () => {
  const repo = join(world.folder, "needs");
  mkdirSync(join(repo, ".muster/settings"), { recursive: true });
  git(repo, "init", "--quiet");
  const actor =
    "actors:\n  standin:\n    env_require: [ASKED_KEY]\n    peer:\n      env: {FIXED: by-settings, PATH: /nowhere}\n";
  writeFileSync(join(repo, ".muster/settings/agents.yaml"), actor);
  const out = join(world.folder, "needed");
  const run = `(printenv ASKED_KEY; printenv FIXED; printenv OTHER) > ${out}.tmp; mv ${out}.tmp ${out}`;
  const scenario = join(world.folder, "needs.json");
  writeFileSync(scenario, JSON.stringify({ rules: [{ seat: "PeerA", when: "the task", do: [{ run }] }] }));
  const args = [
    "run",
    "--dir",
    repo,
    "--task",
    "the task",
    "--peer-a",
    `mock:${scenario}`,
    "--peer-b",
    "none",
    "--detach",
  ];
  const missing = await muster({ world, env: {} }, ...args);
  expect([missing.code, missing.err.trim()]).toEqual([
    1,
    "muster: run: these variables are missing: ASKED_KEY; set them in this shell; agents.yaml env_require asks for them",
  ]);
  expect((await muster({ world, env: { ASKED_KEY: KEY, OTHER: "x" } }, ...args)).code).toBe(0);
  expect(await shown(out)).toBe(`${KEY}\nby-settings\n`);
});
