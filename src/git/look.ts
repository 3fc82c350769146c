import { preview } from "../core/text.ts";
import type { TreeLook } from "../core/tree-look.ts";
import type { Git } from "./git.ts";

/** Paths and commits that are named; of more nobody reads. */
const PATHS = 200;
const COMMITS = 20;

async function headOf(git: Git, repo: string): Promise<string> {
  const { code, stdout } = await git.run(repo, ["rev-parse", "--verify", "--quiet", "HEAD"]);
  return code === 0 ? new TextDecoder().decode(stdout).trim() : "";
}

/** Paths that are changed, new or gone; none where there is no repository. */
async function dirtyIn(git: Git, repo: string): Promise<string[]> {
  const args = ["status", "--porcelain", "-z", "--no-renames", "--untracked-files=all", "--ignore-submodules=all"];
  const { code, stdout } = await git.run(repo, args);
  if (code !== 0) return [];
  const entries = new TextDecoder().decode(stdout).split("\0").filter(Boolean);
  return entries.slice(0, PATHS).map((entry) => entry.slice(3));
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
  const head = await headOf(git, repo);
  const isMoved = since !== undefined && since !== "" && head !== "" && since !== head;
  return {
    head,
    dirty: await dirtyIn(git, repo),
    foreign: isMoved ? await foreignSince(git, repo, since, head) : [],
  };
}
