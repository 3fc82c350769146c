import { preview } from "../core/text.ts";
import type { TreeLook } from "../core/tree-look.ts";
import type { Git } from "./git.ts";

/** Paths and commits that are named; of more nobody reads. */
const PATHS = 200;
const COMMITS = 20;
/** How `git status --porcelain=v2 --branch` names the head (git 2.11 and later); `(initial)` before the first commit. */
const OID = "# branch.oid ";

/** Of a porcelain v2 entry, the words before its path: changed, unmerged; untracked ones begin with `?`. */
const WORDS: Record<string, number> = { "1": 8, u: 10, "?": 1 };

function pathOf(entry: string): string | null {
  const words = WORDS[entry[0] ?? ""];
  return words === undefined ? null : entry.split(" ").slice(words).join(" ");
}

/** The head, and the paths that are changed, new or gone; neither where there is no repository or no commit. */
async function statusOf(git: Git, repo: string): Promise<{ head: string; dirty: string[] }> {
  const untold = ["--no-renames", "--untracked-files=all", "--ignore-submodules=all"];
  const { code, stdout } = await git.run(repo, ["status", "--porcelain=v2", "--branch", "-z", ...untold]);
  if (code !== 0) return { head: "", dirty: [] };
  const entries = new TextDecoder().decode(stdout).split("\0");
  const head = entries.find((entry) => entry.startsWith(OID))?.slice(OID.length) ?? "";
  const dirty = entries.map(pathOf).filter((path) => path !== null);
  return { head: head === "(initial)" ? "" : head, dirty: dirty.slice(0, PATHS) };
}

/** Commits between two heads that came past the patch line. */
async function foreignSince(git: Git, repo: string, since: string, head: string): Promise<TreeLook["foreign"]> {
  const format = "--format=%H%x00%(trailers:key=Muster-Patch,valueonly,separator=%x2C)%x00%s";
  const range = ["--end-of-options", head, `^${since}`];
  const { code, stdout } = await git.run(repo, ["log", `--max-count=${COMMITS}`, format, ...range]);
  if (code !== 0) return [];
  const lines = new TextDecoder().decode(stdout).split("\n").filter(Boolean);
  return lines.flatMap((line) => {
    const [id = "", patch, subject = ""] = line.split("\0");
    return patch ? [] : [{ id, subject: preview(subject, 72) }];
  });
}

/** What a repository's files and newest commits show; `since`: the head of the last look. */
export async function lookAtTree(git: Git, repo: string, since: string | undefined): Promise<TreeLook> {
  const { head, dirty } = await statusOf(git, repo);
  const isMoved = since !== undefined && since !== "" && head !== "" && since !== head;
  return {
    head,
    dirty,
    foreign: isMoved ? await foreignSince(git, repo, since, head) : [],
  };
}
