import { readFile, realpath, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { PatchRefusal } from "../core/patch-policy.ts";
import type { Git } from "./git.ts";
import { isCommitId } from "./refs.ts";

/** Where a repository stands. */
export interface Standing {
  /** Full name, `refs/heads/main`. */
  ref: string;
  branch: string;
  head: string;
}

/** Why a patch got no further; said in words with what to do. */
export class Stopped extends Error implements PatchRefusal {
  constructor(
    readonly kind: PatchRefusal["kind"],
    readonly reason: string,
    readonly output = "",
  ) {
    super(reason);
  }
}

const blocked = (reason: string): Stopped => new Stopped("blocked", reason);

const MERGING = ["MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "rebase-merge", "rebase-apply"];
/** A lock of the index older than this was left by somebody; it is reported, never removed (F29). */
const STALE_LOCK_MS = 600_000;

const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes).trimEnd();

async function topOf(git: Git, repo: string): Promise<string> {
  const folder = await stat(repo).catch(() => null);
  if (!folder?.isDirectory()) throw blocked(`${repo} is gone, moved or deleted; put it back and send the patch again`);
  const { code, stdout, stderr } = await git.run(repo, ["rev-parse", "--show-toplevel"]);
  if (code === 0) return textOf(stdout);
  if (stderr.includes("dubious ownership")) {
    throw blocked("the repository belongs to another user; git config --global --add safe.directory lets git use it");
  }
  if (stderr.includes("must be run in a work tree")) throw blocked("the repository is bare: it has no files");
  throw blocked("this is no git repository; run git init and make a first commit");
}

async function requireNoMerge(git: Git, repo: string): Promise<void> {
  const folder = (await git.text(repo, ["rev-parse", "--absolute-git-dir"])).trimEnd();
  for (const name of MERGING) {
    const found = await stat(join(folder, name)).catch(() => null);
    if (found) throw blocked(`a merge or rebase is in progress (${name}); finish it first`);
  }
}

/** The last entry of a record that git keeps of a ref: where it was, and where it went. */
async function lastEntry(git: Git, repo: string, ref: string): Promise<{ from: string; to: string }> {
  const path = resolve(repo, (await git.text(repo, ["rev-parse", "--git-path", `logs/${ref}`])).trimEnd());
  const log = await readFile(path, "utf8").catch(() => "");
  const [from = "", to = ""] = log.trimEnd().split("\n").at(-1)?.split(" ") ?? [];
  return { from, to };
}

/** A branch without a commit is a new one, or it was deleted: then git's own records still know its last commit (F30). */
async function withoutCommit(git: Git, repo: string, ref: string): Promise<string> {
  const [head, branch] = [await lastEntry(git, repo, "HEAD"), await lastEntry(git, repo, ref)];
  const last = /^0+$/.test(head.to) ? head.from : branch.to;
  const isThere = isCommitId(last) && (await git.run(repo, ["cat-file", "-e", `${last}^{commit}`])).code === 0;
  if (!isThere) return "the repository has no commit yet; make a first one";
  return `branch-lost: ${ref} was deleted; git update-ref ${ref} ${last} brings its last commit back`;
}

/** The branch and its head; Stopped where no patch can be tried (reliability F29). */
export async function standingOf(git: Git, repo: string): Promise<Standing> {
  const top = await topOf(git, repo);
  if (top !== (await realpath(repo))) throw blocked(`the repository's top is ${top}; start the team there`);
  const symbolic = await git.run(repo, ["symbolic-ref", "--quiet", "HEAD"]);
  const ref = textOf(symbolic.stdout);
  if (symbolic.code !== 0 || !ref.startsWith("refs/heads/")) {
    throw blocked("HEAD is detached; git switch to a branch first");
  }
  const found = await git.run(repo, ["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`]);
  if (found.code !== 0) throw blocked(await withoutCommit(git, repo, ref));
  await requireNoMerge(git, repo);
  return { ref, branch: ref.slice("refs/heads/".length), head: textOf(found.stdout) };
}

/** What is said when somebody else's git holds the index. */
export async function lockReason(git: Git, repo: string): Promise<string> {
  const path = resolve(repo, (await git.text(repo, ["rev-parse", "--git-path", "index.lock"])).trimEnd());
  const found = await stat(path).catch(() => null);
  const minutes = found ? Math.round((Date.now() - found.mtimeMs) / 60_000) : 0;
  const isStale = minutes * 60_000 > STALE_LOCK_MS;
  return `index-locked: ${path} exists${isStale ? ` since ${minutes} minutes; remove it if no git runs` : ""}`;
}

/** Stopped when the person never told git who they are: nobody else signs their commits. */
export async function requireIdentity(git: Git, repo: string): Promise<void> {
  for (const who of ["GIT_AUTHOR_IDENT", "GIT_COMMITTER_IDENT"]) {
    if ((await git.run(repo, ["var", who])).code === 0) continue;
    throw blocked(
      'identity: git does not know who you are; git config --global user.name "Your Name" and git config --global user.email you@example.com',
    );
  }
}
