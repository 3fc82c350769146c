import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Refusal } from "../../core/refusal.ts";
import type { Bug } from "./bugs.ts";

const AUTHOR = ["-c", "user.name=Muster demo", "-c", "user.email=demo@localhost"];

/** git in the demo's own repository, without anybody's configuration. */
export function demoGit(repo: string, ...args: string[]): string {
  const env = { PATH: process.env.PATH ?? "", HOME: repo, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" };
  const done = Bun.spawnSync(["git", ...args], { cwd: repo, env, stdin: "ignore" });
  if (done.exitCode === 0) return done.stdout.toString().trim();
  throw new Refusal(
    "failed",
    `git ${args[0]} in the demo project: ${done.stderr.toString().trim()}`,
    "is git installed?",
  );
}

/** Makes a small real project with its own tests, one commit, and the planted bug. */
export function makeProject(repo: string, bug: Bug): void {
  const files: Record<string, string> = {
    "package.json": `${JSON.stringify({ name: "demo", private: true, type: "module", scripts: { test: "node --test" } }, null, 2)}\n`,
    "README.md": `# Demo\n\nOne function, its tests, and a mistake to find: src/${bug.module}.js.\n`,
    "PROJECT.md": `A tiny library. Done means: npm test passes and the mistake in src/${bug.module}.js is gone.\n`,
    ".gitignore": "/.muster/\nnode_modules/\n",
    [`src/${bug.module}.js`]: bug.source,
    [`test/${bug.module}.test.js`]: bug.test,
  };
  for (const [path, text] of Object.entries(files)) {
    const target = join(repo, path);
    mkdirSync(join(target, ".."), { recursive: true });
    writeFileSync(target, text);
  }
  demoGit(repo, "init", "--quiet", "--initial-branch=main");
  demoGit(repo, "config", "user.name", "Muster demo");
  demoGit(repo, "config", "user.email", "demo@localhost");
  demoGit(repo, "add", ".");
  demoGit(repo, ...AUTHOR, "commit", "--quiet", "-m", "a small library with a mistake in it");
}

/** What the two stand-ins "think": rules over what they are told. */
export function scenarioOf(bug: Bug): unknown {
  const path = `src/${bug.module}.js`;
  return {
    rules: [
      {
        seat: "PeerA",
        when: "Reproduction: npm test",
        times: 1,
        do: [
          { think: 900 },
          { say: "You are right; that case I missed." },
          { patch: { edits: [{ path, ...bug.fix }] } },
        ],
      },
      {
        seat: "PeerA",
        when: "patch-test-fail",
        times: 1,
        do: [
          { think: 700 },
          { tell: { to: "peer", text: "QUESTION: my patch fails a test. What did I miss?", kind: "ask" } },
        ],
      },
      {
        seat: "PeerA",
        when: "is commit [0-9a-f]{10}",
        times: 1,
        do: [
          {
            tell: {
              to: "user",
              text: `Done: src/${bug.module}.js is fixed and committed; all tests pass.`,
              kind: "evidence",
            },
          },
        ],
      },
      {
        seat: "PeerA",
        when: bug.task.slice(0, 20).replace(/[()]/g, "."),
        times: 1,
        do: [
          { think: 900 },
          { tell: { to: "peer", text: `CLAIM: ${bug.claim}. Acceptance: npm test passes.`, kind: "note" } },
          { patch: { edits: [{ path, ...bug.halfFix }] } },
        ],
      },
      {
        seat: "PeerB",
        when: "What did I miss",
        times: 1,
        do: [
          { think: 900 },
          { run: "npm test 2>&1 | tail -n 5" },
          { tell: { to: "peer", text: `COUNTER: ${bug.counter}. Reproduction: npm test.`, kind: "counter" } },
        ],
      },
      { seat: "PeerB", do: [{ say: "I watch and wait for something to check." }] },
      { do: [{ say: "Noted." }] },
    ],
  };
}
