import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Client } from "../../client/client.ts";
import type { Event, PatchStep } from "../../core/facts.ts";
import type { Patch, State } from "../../core/state.ts";
import { ledgerLine } from "../ledger.ts";
import { paint } from "../style.ts";
import { demoGit } from "./project.ts";

/** Where a play takes place. */
export interface Stage {
  folder: string;
  repo: string;
  client: Client;
  /** The project's commit before the play. */
  head: string;
}

export interface Result {
  /** A commit whose tests pass in a fresh clone. */
  isProven: boolean;
  commit?: string;
  patches: Pick<Patch, "id" | "state" | "reason" | "steps">[];
}

type Print = (text: string) => void;

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

const indented = (text: string): string =>
  text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => `  ${line.trimStart()}`)
    .join("\n");

/** The real output of the failing test, as Muster sent it to the patch's author. */
async function failingOutput({ client }: Stage, state: State): Promise<string> {
  const told = Object.values(state.messages).find((one) => one.preview.includes("patch-test-fail"));
  if (!told) return "";
  const { body } = await client.get<{ body: string }>(`/api/messages/${told.mid}`);
  const lines = body.split("\n").filter((line) => /^not ok|^ *(expected|actual):/.test(line));
  return lines.map((line) => `  ${line}`).join("\n");
}

async function sayLedger({ client }: Stage, state: State, patch: Patch, print: Print): Promise<void> {
  const { facts } = await client.get<{ facts: Event[] }>(`/api/ledger?about=${patch.id}&limit=20`);
  print(`\n${paint("bold", `The ledger about ${patch.id}`)}, facts ${facts[0]?.seq} to ${facts.at(-1)?.seq}`);
  for (const event of facts) print(ledgerLine(event, state));
}

function sayCommit(stage: Stage, patch: Patch, commit: string, print: Print): boolean {
  const { passed, output } = testsOfCommit(stage, commit);
  const shown = (...args: string[]) => indented(demoGit(stage.repo, ...args, commit));
  print(`\n${paint("bold", "The commit")}  ${demoGit(stage.repo, "log", "-1", "--format=%h %s", commit)}`);
  print(shown("show", "--stat", "--format="));
  print(shown("log", "-1", "--format=%(trailers)"));
  print(`  in the scratch worktree: ${steps(patch.steps)}`);
  print(`  its own tests, in a fresh clone: ${passed ? paint("green", "pass") : paint("red", "FAIL")}`);
  if (!passed) print(output);
  return passed;
}

/** Shows what is left when a play is over: what was told, the ledger, and the commit with its tests. */
export async function report(stage: Stage, print: Print): Promise<Result> {
  const { state } = await stage.client.get<{ state: State }>("/api/state");
  const failed = await failingOutput(stage, state);
  if (failed) print(`\n${paint("bold", "What the author of the refused patch was told")}\n${failed}`);
  const all = Object.values(state.patches);
  const patch = all.find((one) => one.state === "committed") ?? all.at(-1);
  if (patch) await sayLedger(stage, state, patch, print);
  const patches = all.map(({ id, state: end, reason, steps: done }) => ({ id, state: end, reason, steps: done }));
  const head = demoGit(stage.repo, "rev-parse", "HEAD");
  if (!patch?.commit || head === stage.head) {
    const why = patch?.reason ? `the last patch: ${patch.reason}` : "no patch passed the project's tests";
    print(`\n${paint("red", "No commit was made")}: HEAD is still ${stage.head.slice(0, 10)}; ${why}.`);
    return { isProven: false, patches };
  }
  const isPassed = sayCommit(stage, patch, patch.commit, print);
  return { isProven: isPassed && head === patch.commit, commit: patch.commit, patches };
}
