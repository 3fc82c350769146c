import { lstat, mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { Refusal } from "../core/refusal.ts";
import type { Git } from "./git.ts";

const NAME = /^muster-(\d+)-[A-Za-z0-9-]+$/;

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
};

/** Scratch worktrees of this process that are in use now; its others are leftovers. */
const inUse = new Set<string>();

async function worktreesOf(repo: string): Promise<string> {
  const folder = join(repo, ".muster", "worktrees");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const path of [join(repo, ".muster"), folder]) {
    if (!(await lstat(path)).isDirectory()) throw new Refusal("state", `${path} is not a folder of its own`);
  }
  return folder;
}

/** `worktree prune` would also forget worktrees of the user whose disk is away: only this one is removed. */
async function remove(git: Git, repo: string, path: string): Promise<void> {
  await git.run(repo, ["worktree", "remove", "--force", "--force", "--end-of-options", path]);
  await rm(path, { recursive: true, force: true });
}

/** Removes what a killed daemon left: only what bears our name, and nothing of a daemon that lives. */
export async function cleanScratch(git: Git, repo: string): Promise<void> {
  const folder = await worktreesOf(repo);
  for (const name of await readdir(folder)) {
    const pid = Number(NAME.exec(name)?.[1]);
    const path = join(folder, name);
    if (!pid || inUse.has(path) || (pid !== process.pid && isAlive(pid))) continue;
    await remove(git, repo, path);
  }
}

/** Runs `work` in a fresh worktree at a commit and removes it afterwards. */
export async function withScratch<T>(
  git: Git,
  order: { repo: string; name: string; commit: string; signal: AbortSignal },
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const { repo, name, commit, signal } = order;
  const path = join(await worktreesOf(repo), `muster-${process.pid}-${name}`);
  inUse.add(path);
  try {
    await git.text(repo, ["worktree", "add", "--quiet", "--force", "--detach", "--end-of-options", path, commit], {
      signal,
    });
    return await work(path);
  } finally {
    await remove(git, repo, path);
    inUse.delete(path);
  }
}
