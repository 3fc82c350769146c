import { posix } from "node:path";
import { notAllowed, type PatchPolicy, pathRefusal } from "../core/patch-policy.ts";
import type { Git } from "./git.ts";
import { ends } from "./process.ts";
import { lockReason, type Standing, Stopped } from "./repository.ts";

const LINK = "120000";
const SUBMODULE = "160000";
/** The user's own git may hold the index for a moment. */
const LOCK_TRIES = 5;
const LOCK_WAIT_MS = 100;

const stoppedBy = ({ kind, reason }: { kind: Stopped["kind"]; reason: string }, output = ""): Stopped =>
  new Stopped(kind, reason, output);

/** A patch in a scratch worktree: checked, applied to its files and index. The bytes go in as they came. */
export async function applyPatch(git: Git, folder: string, diff: string, signal: AbortSignal): Promise<void> {
  const apply = (...how: string[]) => git.run(folder, ["apply", ...how, "--index", "-"], { stdin: diff, signal });
  const check = await apply("--check");
  if (check.code !== 0) {
    const reason = "git apply --check refuses it on the present head; make it anew from there";
    throw new Stopped("precheck-fail", reason, ends(check.stderr));
  }
  const applied = await apply();
  if (applied.code !== 0) throw new Stopped("apply-fail", "git apply failed", ends(applied.stderr));
}

interface Change {
  path: string;
  mode: string;
}

/** What the index really holds now: git's own reading of the patch, whatever its headers claimed. */
async function changesIn(git: Git, folder: string): Promise<Change[]> {
  const args = ["diff", "--cached", "--raw", "-z", "--no-renames", "HEAD"];
  const parts = await git.list(folder, args);
  const changes: Change[] = [];
  for (let at = 0; at + 1 < parts.length; at += 2) {
    changes.push({ mode: parts[at]?.split(" ")[1] ?? "", path: parts[at + 1] ?? "" });
  }
  return changes;
}

async function requireHarmless(git: Git, folder: string, { path, mode }: Change, policy: PatchPolicy): Promise<void> {
  const refusal = pathRefusal(path, policy);
  if (refusal) throw stoppedBy(refusal);
  if (mode === SUBMODULE) throw stoppedBy(notAllowed(path, " (a submodule)"));
  if (mode !== LINK) return;
  const target = await git.text(folder, ["cat-file", "blob", `:${path}`]);
  const end = posix.normalize(posix.join(posix.dirname(path), target));
  if (target.startsWith("/") || end.startsWith("..")) throw stoppedBy(notAllowed(path, ` (a link to ${target})`));
}

/** Files that a filter (LFS) keeps elsewhere: without running it we would commit something else than the user does. */
async function requireUnfiltered(git: Git, folder: string, paths: string[]): Promise<void> {
  const args = ["check-attr", "-z", "--stdin", "filter"];
  const parts = (await git.text(folder, args, { stdin: `${paths.join("\0")}\0` })).split("\0");
  for (let at = 0; at + 2 < parts.length; at += 3) {
    const filter = parts[at + 2] ?? "";
    if (filter !== "unspecified" && filter !== "unset") {
      throw new Stopped("reject", `filtered-file: ${parts[at]} passes the filter ${filter}; change it yourself`);
    }
  }
}

/** The paths that were changed, all of them allowed, and the tree they make. */
export async function writtenTree(git: Git, folder: string, policy: PatchPolicy) {
  const changes = await changesIn(git, folder);
  const paths = changes.map(({ path }) => path);
  if (paths.length === 0) throw new Stopped("apply-fail", "it changes nothing");
  for (const change of changes) await requireHarmless(git, folder, change, policy);
  await requireUnfiltered(git, folder, paths);
  return { paths, tree: (await git.text(folder, ["write-tree"])).trim() };
}

/** A path of the patch that the user has changed and not committed. Nothing was touched yet (P46). */
export async function requireClean(git: Git, repo: string, paths: string[]): Promise<void> {
  if (paths.length === 0) return;
  const args = [
    "status",
    "--porcelain",
    "-z",
    "--no-renames",
    "--untracked-files=all",
    "--ignored=matching",
    "--",
    ...paths,
  ];
  const [dirty] = await git.list(repo, args);
  if (dirty !== undefined) throw new Stopped("blocked", `user-changes: ${dirty.slice(3)}`);
}

/** Moves the user's files and index from one commit to the next: exactly the files that differ, none that is not clean. */
async function moveTree(git: Git, repo: string, from: string, to: string, isDry: boolean): Promise<string> {
  await git.run(repo, ["update-index", "-q", "--refresh"]);
  const args = ["read-tree", ...(isDry ? ["--dry-run"] : []), "-m", "-u", "--no-recurse-submodules", from, to];
  const { code, stderr } = await git.run(repo, args);
  return code === 0 ? "" : stderr;
}

/** The same, waiting for a moment when somebody else's git holds the index. Empty = done. */
export async function stepTree(git: Git, repo: string, from: string, to: string, isDry = false): Promise<string> {
  for (let left = LOCK_TRIES; ; left -= 1) {
    const problem = await moveTree(git, repo, from, to, isDry);
    if (problem === "" || !problem.includes("index.lock")) return problem;
    if (left <= 1) return lockReason(git, repo);
    await Bun.sleep(LOCK_WAIT_MS);
  }
}

/** The branch moves only if nobody moved it; false = somebody did. */
export async function moveBranch(git: Git, repo: string, at: Standing, to: string, why: string): Promise<boolean> {
  const args = ["update-ref", "--no-deref", "-m", why, "--end-of-options", at.ref, to, at.head];
  return (await git.run(repo, args)).code === 0;
}
