import { expect, test } from "bun:test";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const MAIN = join(import.meta.dir, "..", "..", "src", "main.ts");

interface Played {
  code: number;
  said: string;
  /** Subjects of the project's commits, newest first. */
  commits: string[];
}

/** Plays the demo in a temporary folder of its own and looks at the project that it leaves. */
async function play(more: Record<string, string>, ...args: string[]): Promise<Played> {
  const folder = mkdtempSync(join(tmpdir(), "muster-demo-test-"));
  try {
    const env = { PATH: process.env.PATH ?? "", HOME: folder, TMPDIR: folder, LANG: "C.UTF-8", ...more };
    const demo = Bun.spawn([process.execPath, "--no-install", MAIN, "demo", "--keep", ...args], {
      env,
      stdout: "pipe",
      stderr: "pipe",
    });
    const [said, wrong, code] = await Promise.all([
      new Response(demo.stdout).text(),
      new Response(demo.stderr).text(),
      demo.exited,
    ]);
    const stage = readdirSync(folder).find((name) => name.startsWith("muster-demo-")) ?? "";
    const project = join(folder, stage, "project");
    const log = Bun.spawnSync(["git", "log", "--format=%s"], {
      cwd: project,
      env: { ...env, GIT_CONFIG_NOSYSTEM: "1" },
    });
    return { code, said: said + wrong, commits: log.stdout.toString().trim().split("\n") };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test.concurrent("the demo ends with a commit whose tests pass, after a refusal and a COUNTER", async () => {
  const { code, said, commits } = await play({}, "--seed", "1");
  expect(said).toContain("refused (test-fail)");
  expect(said).toContain("COUNTER");
  expect(said).toContain("its own tests, in a fresh clone: pass");
  expect(commits.length).toBe(2);
  expect(commits[0]).toStartWith("muster(PeerA): ");
  expect(code).toBe(0);
}, 60_000);

test.concurrent("another seed plants another bug", async () => {
  const { code, said } = await play({}, "--seed", "2");
  expect(said).toContain("slug()");
  expect(code).toBe(0);
}, 60_000);

for (const [how, env, args] of [
  ["by option", {}, ["--test-command", "false"]],
  ["by TEST_CMD", { TEST_CMD: "false" }, []],
] as const) {
  test.concurrent(`a test command that always fails (${how}) ends non-zero and HEAD has not moved`, async () => {
    const { code, said, commits } = await play(env, ...args);
    expect(said).toContain("No commit was made");
    expect(commits).toEqual(["a small library with a mistake in it"]);
    expect(code).toBe(1);
  }, 90_000);
}

test.concurrent("the demo as JSON is one object with the commit and what happened to each patch", async () => {
  const { code, said } = await play({}, "--json");
  const result = JSON.parse(said) as { isProven: boolean; commit: string; patches: { state: string }[] };
  expect(result.isProven).toBe(true);
  expect(result.commit).toMatch(/^[0-9a-f]{40}$/);
  expect(result.patches.map(({ state }) => state)).toEqual(["refused", "committed"]);
  expect(code).toBe(0);
}, 60_000);

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  test(`a demo that gets ${signal} ends with 130 and leaves no process and no folder`, async () => {
    const folder = mkdtempSync(join(tmpdir(), "muster-demo-test-"));
    const demo = Bun.spawn([process.execPath, "--no-install", MAIN, "demo"], {
      env: { PATH: process.env.PATH ?? "", HOME: folder, TMPDIR: folder, LANG: "C.UTF-8" },
      stdout: "pipe",
      stderr: "inherit",
    });
    let said = "";
    for await (const bytes of demo.stdout) {
      said += new TextDecoder().decode(bytes);
      if (said.includes("hired: standin") && !demo.killed) demo.kill(signal);
    }
    expect(await demo.exited).toBe(130);
    expect(readdirSync(folder).filter((name) => name.startsWith("muster-demo-"))).toEqual([]);
    const left = Bun.spawnSync(["pgrep", "-f", folder]).stdout.toString();
    expect(left).toBe("");
    rmSync(folder, { recursive: true });
  }, 60_000);
}

test("a seed that is no number is refused in one line", async () => {
  const folder = mkdtempSync(join(tmpdir(), "muster-demo-test-"));
  const demo = Bun.spawnSync([process.execPath, "--no-install", MAIN, "demo", "--seed", "x"], {
    env: { PATH: process.env.PATH ?? "", HOME: folder },
  });
  expect(demo.exitCode).toBe(64);
  expect(demo.stderr.toString()).toBe("muster: demo: x is no seed; a whole number\n");
  expect(existsSync(join(folder, ".muster"))).toBe(false);
  rmSync(folder, { recursive: true });
});
