import { pathsOf } from "../core/diff.ts";
import type { Environment } from "../core/environment.ts";
import type { PatchStep } from "../core/facts.ts";
import type { FaultPoint } from "../core/fault-points.ts";
import { exceptional, judgePatch, type PatchPolicy } from "../core/patch-policy.ts";
import type { Judgement, PatchLine, PatchOrder, PatchProgress, PatchVerdict } from "../core/ports.ts";
import { preview } from "../core/text.ts";
import { type CheckOrder, findCheck, runCheck } from "./checks.ts";
import type { Git } from "./git.ts";
import { type JudgeParts, judgeReference } from "./references.ts";
import { requireIdentity, type Standing, Stopped, standingOf } from "./repository.ts";
import { cleanScratch, withScratch } from "./scratch.ts";
import { applyPatch, moveBranch, requireClean, stepTree, writtenTree } from "./tree.ts";

export interface PatchLineParts {
  git: Git;
  /** The environment of whoever works in this repository; checks get a part of it by name. */
  env(repo: string): Environment;
  policy(repo: string): Promise<PatchPolicy>;
  /** Reads a foreign file safely. */
  read: JudgeParts["read"];
  /** Called at named points; tests kill the process there. */
  faultPoint?(name: FaultPoint): void;
}

type Tell = (progress: PatchProgress) => void;

/** When the branch moves while a patch is being proven, it is proven again on the new head, so often. */
const TRIES = 3;
/** A commit of ours whose fact was lost in a crash is among the newest of its branch. */
const LOOK_BACK = 300;

interface Job {
  order: PatchOrder;
  policy: PatchPolicy;
  /** Paths the patch names itself; git's own list comes after applying. */
  named: string[];
  tell: Tell;
  signal: AbortSignal;
}

/** Proves patches one by one in each repository (P41): nothing of the user's moves before everything has passed. */
export class GitPatchLine implements PatchLine {
  private readonly turns = new Map<string, Promise<unknown>>();

  constructor(private readonly parts: PatchLineParts) {}

  run(order: PatchOrder, tell: Tell, signal: AbortSignal): Promise<PatchVerdict> {
    return this.inTurn(order.repo, async () => {
      try {
        return await this.prove(order, tell, signal);
      } catch (error) {
        if (!(error instanceof Stopped)) throw error;
        return { ok: false, kind: error.kind, reason: error.reason, output: error.output };
      }
    });
  }

  judge(repo: string, ref: string, signal: AbortSignal): Promise<Judgement> {
    return this.inTurn(repo, async () => {
      const { git, read } = this.parts;
      const [env, policy] = [this.parts.env(repo), await this.parts.policy(repo)];
      return judgeReference({ git, env, read, policy, signal }, repo, ref);
    });
  }

  private async inTurn<T>(repo: string, work: () => Promise<T>): Promise<T> {
    const before = this.turns.get(repo) ?? Promise.resolve();
    const mine = before.then(work, work);
    this.turns.set(
      repo,
      mine.catch(() => {}),
    );
    return mine;
  }

  private async prove(order: PatchOrder, tell: Tell, signal: AbortSignal): Promise<PatchVerdict> {
    const { git } = this.parts;
    const usual = await this.parts.policy(order.repo);
    const policy = order.isException ? exceptional(usual) : usual;
    const judged = judgePatch(order.diff, policy);
    if ("kind" in judged) throw new Stopped(judged.kind, judged.reason);
    const first = await standingOf(git, order.repo);
    await cleanScratch(git, order.repo);
    const done = await this.alreadyDone(order, first);
    if (done) return this.finish(order, first, `${done}^`, done, []);
    await requireIdentity(git, order.repo);
    const job: Job = { order, policy, named: pathsOf(judged), tell, signal };
    for (let left = TRIES; left > 0; left -= 1) {
      const verdict = await this.attempt(job, await standingOf(git, order.repo));
      if (verdict) return verdict;
    }
    throw new Stopped(
      "blocked",
      `head-moved: the branch moved ${TRIES} times while the patch was proven; send it again`,
    );
  }

  /** One proof on one head; null = the head moved meanwhile. */
  private async attempt(job: Job, at: Standing): Promise<PatchVerdict | null> {
    const { git } = this.parts;
    const { order, signal } = job;
    await requireClean(git, order.repo, job.named);
    const scratch = { repo: order.repo, name: order.patch, commit: at.head, signal };
    const proven = await withScratch(git, scratch, (folder) => this.inScratch(job, at, folder));
    await requireClean(git, order.repo, proven.paths);
    const now = await standingOf(git, order.repo);
    if (now.head !== at.head || now.ref !== at.ref) return null;
    const problem = await stepTree(git, order.repo, at.head, proven.commit, true);
    if (problem !== "") throw new Stopped("blocked", blockedReason(problem), problem);
    this.parts.faultPoint?.("patch.proven");
    if (!(await moveBranch(git, order.repo, at, proven.commit, `muster: ${order.patch}`))) return null;
    this.parts.faultPoint?.("patch.moved");
    return this.finish(order, at, at.head, proven.commit, proven.steps);
  }

  /** Applies, checks and commits in the scratch worktree; the commit belongs to no branch yet. */
  private async inScratch(job: Job, at: Standing, folder: string) {
    const { git } = this.parts;
    const { order, policy, signal } = job;
    this.parts.faultPoint?.("patch.scratch");
    const started = performance.now();
    await applyPatch(git, folder, order.diff, signal);
    const { paths, tree } = await writtenTree(git, folder, policy);
    const millis = Math.round(performance.now() - started);
    const apply: PatchStep = { step: "apply", command: "git apply --index", code: 0, millis };
    job.tell({ step: apply, output: "" });
    this.parts.faultPoint?.("patch.applied");
    const env = this.parts.env(order.repo);
    const checks: CheckOrder = { folder, repo: order.repo, paths, policy, env, signal };
    const steps = [apply, await this.check("lint", checks, job), await this.check("test", checks, job)];
    this.parts.faultPoint?.("patch.tested");
    const args = ["commit-tree", tree, "-p", at.head, "-F", "-"];
    const commit = (await git.text(folder, args, { stdin: commitText(order, steps), signal })).trim();
    this.parts.faultPoint?.("patch.committed");
    return { paths, steps, commit };
  }

  private async check(step: "lint" | "test", order: CheckOrder, job: Job): Promise<PatchStep> {
    const progress = await runCheck(step, await findCheck(step, order), order);
    job.tell(progress);
    const { code, command } = progress.step;
    if (code === null || code === 0) return progress.step;
    throw new Stopped(`${step}-fail`, `${command} ended with rc=${code}`, progress.output);
  }

  /** The user's files follow the branch. A commit found again after a crash is finished here too. */
  private async finish(
    order: PatchOrder,
    at: Standing,
    from: string,
    commit: string,
    steps: PatchStep[],
  ): Promise<PatchVerdict> {
    const { git } = this.parts;
    // Later commits of the branch may stand above ours: the files then follow the branch's head as it was.
    const head = steps.length > 0 ? commit : at.head;
    const problem = head === commit ? await stepTree(git, order.repo, from, commit) : "";
    this.parts.faultPoint?.("patch.stepped");
    const notice =
      problem === ""
        ? undefined
        : `${commit.slice(0, 10)} is on ${at.branch}, but your files were not updated: ${preview(problem)}`;
    return { ok: true, commit, branch: at.branch, steps, notice };
  }

  private async alreadyDone(order: PatchOrder, at: Standing): Promise<string | null> {
    const format =
      "--format=%H%x00%(trailers:key=Muster-MID,valueonly,separator=%x2C)%x00%(trailers:key=Muster-Patch,valueonly,separator=%x2C)";
    const log = await this.parts.git.text(order.repo, [
      "log",
      `--max-count=${LOOK_BACK}`,
      format,
      "--end-of-options",
      at.head,
    ]);
    for (const line of log.split("\n")) {
      const [commit, mid, patch] = line.split("\0");
      if (commit && mid === order.mid && patch === order.patch) return commit;
    }
    return null;
  }
}

/** The words of `read-tree` when a file of the user stands in the way. */
function blockedReason(problem: string): string {
  if (problem.startsWith("index-locked")) return problem;
  const path = /Entry '(.*)' (?:not uptodate|would be overwritten)|Untracked working tree file '(.*)'/.exec(problem);
  return path ? `user-changes: ${path[1] ?? path[2]}` : `the user's files cannot follow: ${preview(problem)}`;
}

/** `lint=0 test=none`: what was run and how it ended. */
const checksLine = (steps: PatchStep[]): string =>
  steps
    .filter(({ step }) => step !== "apply")
    .map(({ step, code }) => `${step}=${code ?? "none"}`)
    .join(" ");

/** The title is one line of visible text: nothing in it can pass for a trailer. */
function commitText(order: PatchOrder, steps: PatchStep[]): string {
  const title = `muster(${order.seat}): ${preview(order.title, 72)}`;
  return `${title}\n\nMuster-MID: ${order.mid}\nMuster-Patch: ${order.patch}\nMuster-Checks: ${checksLine(steps)}\n`;
}
