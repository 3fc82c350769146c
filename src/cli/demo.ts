import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "../client/client.ts";
import { connect } from "../client/connect.ts";
import { homeAt } from "../client/home.ts";
import { endDaemon } from "../client/launch.ts";
import type { Event, PatchStep } from "../core/facts.ts";
import { Refusal } from "../core/refusal.ts";
import type { State } from "../core/state.ts";
import { type Call, type CommandSpec, isSet, text } from "./command.ts";
import { bugOf } from "./demo/bugs.ts";
import { demoGit, makeProject, scenarioOf } from "./demo/project.ts";
import { isLoud, ledgerLine } from "./ledger.ts";
import { followTeam } from "./run.ts";
import { paint } from "./style.ts";

/** A minute for everything; the play itself takes a few seconds. */
const LIMIT_MS = 45_000;

interface Stage {
  folder: string;
  repo: string;
  client: Client;
  head: string;
}

async function setUp(call: Call, seed: number): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), "muster-demo-"));
  const repo = join(folder, "project");
  mkdirSync(repo);
  const bug = bugOf(seed);
  makeProject(repo, bug);
  writeFileSync(join(folder, "scenario.json"), JSON.stringify(scenarioOf(bug), null, 1));
  const env = { ...call.env, MUSTER_HOME: join(folder, "home") };
  const test = text(call.flags, "test-command");
  const client = await connect(homeAt(env.MUSTER_HOME), test === undefined ? env : { ...env, TEST_CMD: test });
  return { folder, repo, client, head: demoGit(repo, "rev-parse", "HEAD") };
}

/** Starts the pair and prints what happens until PeerA reported to the user, or time is up. */
async function play(call: Call, stage: Stage, seed: number): Promise<void> {
  const driver = `mock:${join(stage.folder, "scenario.json")}`;
  const { task } = bugOf(seed);
  const order = { repo: stage.repo, task, peerA: { driver }, peerB: { driver } };
  const begin = async () => (await stage.client.post<{ team: string }>("/api/teams", order)).team;
  let refusals = 0;
  const isDone = (event: Event) => {
    if (event.type === "patch.refused") refusals += 1;
    const isReport = event.type === "message.queued" && event.to === "user" && event.kind === "letter";
    return isReport || refusals >= 2;
  };
  const follow = followTeam({ ...call, daemon: async () => stage.client }, begin, isDone);
  const limit = Promise.withResolvers<void>();
  const timer = setTimeout(limit.resolve, LIMIT_MS);
  await Promise.race([follow, limit.promise]);
  clearTimeout(timer);
}

/** The commit's own tests, in a copy that Muster never touched. */
function testsOfCommit(stage: Stage, commit: string): { passed: boolean; output: string } {
  const copy = join(stage.folder, "copy");
  mkdirSync(copy);
  demoGit(stage.repo, "worktree", "prune");
  demoGit(stage.folder, "clone", "--quiet", stage.repo, copy);
  demoGit(copy, "checkout", "--quiet", "--detach", commit);
  const done = Bun.spawnSync(["npm", "test"], { cwd: copy, stdin: "ignore", env: { ...process.env, NO_COLOR: "1" } });
  return { passed: done.exitCode === 0, output: done.stdout.toString() };
}

const steps = (list: PatchStep[]): string => list.map((step) => `${step.step}=${step.code ?? "none"}`).join(" ");

/** The real output of the failing test, as Muster sent it to the patch's author. */
async function failingOutput(stage: Stage, state: State): Promise<string[]> {
  const told = Object.values(state.messages).find((one) => one.preview.includes("patch-test-fail"));
  if (!told) return [];
  const { body } = await stage.client.get<{ body: string }>(`/api/messages/${told.mid}`);
  return body.split("\n").filter((line) => /^not ok|^ *(error|expected|actual):/.test(line));
}

async function report(call: Call, stage: Stage): Promise<number> {
  const { print } = call;
  const { state } = await stage.client.get<{ state: State }>("/api/state");
  const failed = await failingOutput(stage, state);
  if (failed.length > 0)
    print(
      `\n${paint("bold", "What the author of the refused patch was told")}\n${failed.map((line) => `  ${line}`).join("\n")}`,
    );
  const { facts } = await stage.client.get<{ facts: Event[] }>("/api/ledger?limit=400&tail=1");
  print(`\n${paint("bold", "The ledger's last lines")}`);
  for (const event of facts.filter((one) => isLoud(one, state)).slice(-6)) print(ledgerLine(event, state));
  const patch = Object.values(state.patches).find((one) => one.state === "committed");
  const head = demoGit(stage.repo, "rev-parse", "HEAD");
  if (!patch?.commit || head === stage.head) {
    print(
      `\n${paint("red", "No commit was made")}: HEAD is still ${stage.head.slice(0, 10)}; no patch passed the project's tests.`,
    );
    return 1;
  }
  const { passed, output } = testsOfCommit(stage, patch.commit);
  print(`\n${paint("bold", "The commit")}  ${demoGit(stage.repo, "log", "-1", "--format=%h %s", patch.commit)}`);
  print(demoGit(stage.repo, "show", "--stat", "--format=%(trailers)", patch.commit));
  print(`checks in the scratch worktree: ${steps(patch.steps)}`);
  print(`its own tests, in a fresh clone: ${passed ? paint("green", "pass") : paint("red", "FAIL")}`);
  if (!passed) print(output);
  return passed && head === patch.commit ? 0 : 1;
}

const NEXT = `
The same on a repository of yours, with real CLIs:
  cd your-repository
  muster init                      # settings, mailbox, boards; nothing is committed
  $EDITOR PROJECT.md               # what should exist in the end
  muster run --task "..."          # two Claude Code peers; --peer-b none for one
`;

async function cleanUp(stage: Stage, isKept: boolean): Promise<void> {
  await endDaemon(stage.client).catch(() => {});
  if (!isKept) rmSync(stage.folder, { recursive: true, force: true });
}

export const command: CommandSpec = {
  name: "demo",
  usage: "demo [--seed N] [--test-command CMD] [--keep]",
  summary: "Two stand-in agents find and fix a planted bug in a small real git project. No key, no network.",
  examples: ["npm start", "npm start -- --seed 3", "npm start -- --test-command false"],
  flags: {
    seed: { type: "string", value: "N", default: "0", help: "which bug is planted (0)" },
    "test-command": { type: "string", value: "CMD", help: "check patches with this command instead of npm test" },
    keep: { type: "boolean", help: "keep the project and the ledger" },
  },
  async run(call) {
    const { flags, print } = call;
    const seed = Number(text(flags, "seed"));
    if (!Number.isSafeInteger(seed)) throw new Refusal("usage", `${text(flags, "seed")} is no seed`, "a whole number");
    const stage = await setUp(call, seed);
    try {
      const { url } = await stage.client.post<{ url: string }>("/api/login", {});
      print(
        `${paint("bold", "A pair of stand-in agents works on a small real project")}\n  project  ${stage.repo}\n  task     ${bugOf(seed).task}\n  page     ${url}\n`,
      );
      await play(call, stage, seed);
      const code = await report(call, stage);
      print(NEXT);
      if (isSet(flags, "keep")) print(`kept in ${stage.folder}`);
      return code;
    } finally {
      await cleanUp(stage, isSet(flags, "keep"));
    }
  },
};
