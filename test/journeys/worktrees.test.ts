import { expect, test } from "bun:test";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { agentOf, factsOf, muster } from "./look.ts";
import { until, World } from "./world.ts";

/** A repository with one commit in the world's folder. */
function repository(world: World): (...args: string[]) => string {
  const env = { ...world.env(), GIT_CONFIG_NOSYSTEM: "1", GIT_CONFIG_GLOBAL: join(world.folder, "gitconfig") };
  writeFileSync(join(world.folder, "gitconfig"), "[user]\n\tname = Ada\n\temail = ada@example.com\n");
  const git = (...args: string[]) => {
    const { stdout, stderr, exitCode } = Bun.spawnSync(["git", ...args], { cwd: world.folder, env });
    if (exitCode !== 0) throw new Error(`git ${args.join(" ")}: ${stderr}`);
    return stdout.toString();
  };
  git("init", "-q", "--initial-branch=main");
  writeFileSync(join(world.folder, ".gitignore"), "/home/\n/gitconfig\n/.muster/\n/.bun/\n");
  writeFileSync(join(world.folder, "a.txt"), "one\n");
  git("add", "--all");
  git("commit", "-q", "-m", "first");
  return git;
}

async function inRepository(work: (world: World, git: (...args: string[]) => string) => Promise<void>): Promise<void> {
  const world = new World();
  try {
    const git = repository(world);
    await world.boot({ GIT_CONFIG_GLOBAL: join(world.folder, "gitconfig"), GIT_CONFIG_NOSYSTEM: "1" });
    await work(world, git);
  } finally {
    await world.end();
  }
}

const started = async (world: World, prompt: string): Promise<string> => {
  const { out } = await muster(world, "start", prompt, "--agent", "standin", "--worktree", "--json");
  const { agent } = JSON.parse(out);
  await until("its job is over", async () => (await world.state()).jobs[agent]?.outcome !== undefined);
  return agent;
};

test("A8 an agent in a worktree leaves the person's files alone; diff shows its work, merge brings it home", async () => {
  await inRepository(async (world, git) => {
    const agent = await started(world, "WRITE: a.txt two\nWRITE: b.txt new");
    expect([readFileSync(join(world.folder, "a.txt"), "utf8"), git("status", "--porcelain")]).toEqual(["one\n", ""]);
    const diff = await muster(world, "diff", agent);
    for (const line of ["-one", "+two", "+new"]) expect(diff.out).toContain(`\n${line}\n`);
    const merged = await muster(world, "merge", agent, "--squash");
    expect([merged.code, merged.out]).toEqual([0, expect.stringContaining(`main has the work of ${agent}: `)]);
    expect([readFileSync(join(world.folder, "a.txt"), "utf8"), git("status", "--porcelain")]).toEqual(["two\n", ""]);
    expect(git("log", "-1", "--format=%s").trim()).toBe("WRITE: a.txt two WRITE: b.txt new");
    expect((await muster(world, "discard", agent)).code).toBe(73);
    await muster(world, "kill", agent);
    await until("it has ended", async () => (await agentOf(world, agent)).activity === "exited");
    const gone = await muster(world, "discard", agent, "--force");
    expect(gone.out).toBe(`the worktree of ${agent} is gone; its work is on muster/${agent}\n`);
    expect((await muster(world, "diff", agent)).code).toBe(73);
  });
}, 40_000);

test("A8 a job with a worktree that is deleted loses nothing: what it left stands on its branch", async () => {
  await inRepository(async (world, git) => {
    const agent = await started(world, "WRITE: a.txt precious");
    const { worktree } = (await agentOf(world, agent)).hire;
    expect((await muster(world, "delete", agent)).code).toBe(0);
    expect(existsSync(worktree?.path ?? "")).toBe(false);
    expect(git("show", `muster/${agent}:a.txt`)).toBe("precious\n");
    expect(git("worktree", "list").trim().split("\n")).toHaveLength(1);
  });
}, 40_000);

test("A8 a worktree without a repository is refused before anything starts", async () => {
  const world = new World();
  try {
    await world.boot();
    const refused = await muster(world, "start", "x", "--agent", "standin", "--worktree");
    expect([refused.code, refused.err]).toEqual([64, expect.stringContaining("is in no git repository")]);
    expect(factsOf(world, "agent.hired")).toEqual([]);
  } finally {
    await world.end();
  }
}, 40_000);
