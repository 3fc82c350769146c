import { lstat, mkdir, realpath, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Worktree, WorktreeLook } from "../core/jobs/worktree.ts";
import { Refusal } from "../core/refusal.ts";
import type { Git } from "./git.ts";
import { requireIdentity, Stopped, standingOf } from "./repository.ts";
import { moveBranch, stepTree } from "./tree.ts";

/** Longest diff that is shown, in bytes. */
const DIFF_LIMIT = 4 * 1024 * 1024;

const branchOf = (agent: string): string => `muster/${agent}`;

/** What `git` says is wrong with a place, as a refusal of a command. */
async function refused<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    throw new Refusal("state", error.reason, "then try again");
  }
}

/** Worktrees of single agents: made beside the person's files, brought home by a merge, never thrown away unsaved. */
export class Worktrees {
  constructor(private readonly git: Git) {}

  /** A worktree on a branch of its own, at the head of the repository that `folder` lies in. */
  async open(folder: string, agent: string): Promise<Worktree> {
    const { git } = this;
    const found = await git.run(folder, ["rev-parse", "--show-toplevel"]);
    const repo = new TextDecoder().decode(found.stdout).trimEnd();
    if (found.code !== 0 || repo === "")
      throw new Refusal(
        "usage",
        `${folder} is in no git repository`,
        "git init and a first commit, or leave --worktree out",
      );
    const { head } = await refused(() => standingOf(git, repo));
    const path = join(await this.home(repo), agent);
    await git.text(repo, ["worktree", "add", "--quiet", "-b", branchOf(agent), "--end-of-options", path, head]);
    return { repo, path, branch: branchOf(agent), base: head };
  }

  /** What an agent has changed in it: commits, and what is not committed. */
  async look({ path, base, branch }: Worktree): Promise<WorktreeLook> {
    const { git } = this;
    if (!(await isFolder(path))) throw new Refusal("state", `${path} is gone`, `its commits are on ${branch}`);
    const dirty = await git.list(path, ["status", "--porcelain=v1", "-z", "--untracked-files=all", "--no-renames"]);
    const commits = await git.text(path, ["rev-list", "--count", "--end-of-options", `${base}..HEAD`]);
    // Untracked files are part of the change as well: an index of its own has them, and the agent's stays as it is.
    const tree = await this.wholeTree(path);
    const diff = await git.text(path, ["diff", "--binary", "--end-of-options", base, tree]);
    return {
      dirty: dirty.map((line) => line.slice(3)),
      commits: Number(commits.trim()),
      diff: diff.slice(0, DIFF_LIMIT),
    };
  }

  /** Commits to its branch whatever is not committed. Returns the commit; null = there was nothing. */
  async save(tree: Worktree, why: string): Promise<string | null> {
    const { git } = this;
    const { path } = tree;
    const head = (await git.text(path, ["rev-parse", "HEAD"])).trim();
    const whole = await this.wholeTree(path);
    if (whole === (await git.text(path, ["rev-parse", `${head}^{tree}`])).trim()) return null;
    await refused(() => requireIdentity(git, path));
    const args = ["commit-tree", whole, "-p", head, "-F", "-"];
    const commit = (await git.text(path, args, { stdin: `${why}\n` })).trim();
    await git.text(path, ["update-ref", "-m", "muster: saved", `refs/heads/${tree.branch}`, commit, head]);
    await git.text(path, ["read-tree", whole]);
    return commit;
  }

  /** Brings its branch into the branch that the person stands on. Conflicts are named before anything moves. */
  async merge(tree: Worktree, message: string, isSquash: boolean): Promise<{ commit: string; branch: string }> {
    const { git } = this;
    const { repo } = tree;
    const at = await refused(() => standingOf(git, repo));
    await refused(() => requireIdentity(git, repo));
    const ours = (await git.text(repo, ["rev-parse", `refs/heads/${tree.branch}`])).trim();
    if ((await git.run(repo, ["merge-base", "--is-ancestor", ours, at.head])).code === 0)
      throw new Refusal("state", `${at.branch} has all of ${tree.branch} already`, "nothing is to be merged");
    const merged = await this.mergedTree(repo, at.head, ours);
    const parents = ["-p", at.head, ...(isSquash ? [] : ["-p", ours])];
    const commit = (
      await git.text(repo, ["commit-tree", merged, ...parents, "-F", "-"], { stdin: `${message}\n` })
    ).trim();
    const problem = await stepTree(git, repo, at.head, commit, true);
    if (problem !== "")
      throw new Refusal(
        "state",
        `your own changes are in the way: ${problem.trim().split("\n")[0]}`,
        "commit or stash them",
      );
    if (!(await moveBranch(git, repo, at, commit, `muster: merge ${tree.branch}`)))
      throw new Refusal("state", `${at.branch} moved meanwhile`, "try again");
    await stepTree(git, repo, at.head, commit);
    return { commit, branch: at.branch };
  }

  /**
   * Removes the worktree. What was not committed is committed to its branch first; the branch goes too once another branch has
   * all of it. Returns the branch that stays; null = none.
   */
  async close(tree: Worktree): Promise<string | null> {
    const { git } = this;
    const { repo, path, branch } = tree;
    if (await isFolder(path)) {
      await this.save(tree, `muster: what was not committed in the worktree of ${branch}`);
      await git.text(repo, ["worktree", "remove", "--force", "--end-of-options", path]);
      await rm(path, { recursive: true, force: true });
    } else await git.run(repo, ["worktree", "prune"]);
    if ((await git.run(repo, ["rev-parse", "--verify", "--quiet", `refs/heads/${branch}`])).code !== 0) return null;
    const holders = await git.text(repo, [
      "for-each-ref",
      "--format=%(refname:short)",
      "--contains",
      branch,
      "refs/heads",
    ]);
    if (
      holders
        .trim()
        .split("\n")
        .every((name) => name === branch)
    )
      return branch;
    await git.text(repo, ["branch", "-D", "--end-of-options", branch]);
    return null;
  }

  private async mergedTree(repo: string, head: string, ours: string): Promise<string> {
    const { code, stdout, stderr } = await this.git.run(repo, [
      "merge-tree",
      "--write-tree",
      "--name-only",
      "--no-messages",
      "-z",
      head,
      ours,
    ]);
    const [tree = "", ...names] = new TextDecoder().decode(stdout).split("\0");
    if (code === 0) return tree.trim();
    if (code !== 1)
      throw new Refusal("failed", `git cannot merge by itself: ${stderr.trim()}`, "git 2.38 or newer is needed");
    const paths = names.filter(Boolean).slice(0, 10).join(", ");
    throw new Refusal(
      "state",
      `both sides changed ${paths}`,
      "have the agent merge your branch into its own, then try again",
    );
  }

  /** The tree of everything in a worktree, ignored files aside, without touching its index. */
  private async wholeTree(path: string): Promise<string> {
    const { git } = this;
    const own = (await git.text(path, ["rev-parse", "--absolute-git-dir"])).trimEnd();
    const index = join(own, `muster-index-${process.pid}`);
    try {
      await git.text(path, ["read-tree", "HEAD"], { index });
      await git.text(path, ["add", "--all", "--", "."], { index });
      return (await git.text(path, ["write-tree"], { index })).trim();
    } finally {
      await rm(index, { force: true });
    }
  }

  private async home(repo: string): Promise<string> {
    const muster = join(repo, ".muster");
    const folder = join(muster, "worktrees");
    const isNew = !(await isFolder(muster));
    await mkdir(folder, { recursive: true, mode: 0o700 });
    for (const path of [muster, folder])
      if (!(await isFolder(path))) throw new Refusal("state", `${path} is not a folder of its own`, "remove it");
    // The folder ignores itself: nothing in it can be committed by accident.
    if (isNew) await writeFile(join(muster, ".gitignore"), "*\n", { mode: 0o600 });
    return realpath(folder);
  }
}

const isFolder = (path: string): Promise<boolean> =>
  lstat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
