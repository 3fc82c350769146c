import { afterEach, expect, test } from "bun:test";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Lab } from "../../test/fakes/git-lab.ts";
import type { Worktree } from "../core/jobs/worktree.ts";
import { Worktrees } from "./worktrees.ts";

let it: Lab;
afterEach(() => it.end());

const AGENT = "a0000001";

async function opened(files?: Record<string, string>) {
  it = new Lab(files);
  const worktrees = new Worktrees(it.wrapper);
  const tree = await worktrees.open(it.repo, AGENT);
  const write = (path: string, text: string) => writeFileSync(join(tree.path, path), text);
  const git = (...args: string[]) => {
    const { stdout, exitCode, stderr } = Bun.spawnSync(["git", ...args], { cwd: tree.path, env: it.env });
    if (exitCode !== 0) throw new Error(`${stderr}`);
    return stdout.toString();
  };
  return { worktrees, tree, write, git };
}

const branches = (): string[] => it.git("branch", "--format=%(refname:short)").trim().split("\n");
const shownBy = (tree: Worktree, path: string): string => it.git("show", `${tree.branch}:${path}`);

test("A8 an agent's worktree stands on a branch of its own at the head; the person's files and branch stay", async () => {
  const { tree } = await opened();
  expect(tree).toEqual({
    ...{ repo: it.repo, path: join(it.repo, ".muster/worktrees", AGENT), branch: `muster/${AGENT}`, base: it.head },
  });
  expect(readFileSync(join(tree.path, "src/a.txt"), "utf8")).toBe("one\ntwo\nthree\n");
  expect([it.git("status", "--porcelain"), it.git("branch", "--show-current").trim()]).toEqual(["", "main"]);
});

test("A8 what it changed is seen whole: commits, changes and new files; its index stays as it is", async () => {
  const { worktrees, tree, write, git } = await opened();
  write("src/a.txt", "ONE\ntwo\nthree\n");
  git("commit", "-q", "-a", "-m", "one");
  write("src/a.txt", "ONE\nTWO\nthree\n");
  write("new.txt", "new\n");
  const look = await worktrees.look(tree);
  expect([look.commits, look.dirty.sort()]).toEqual([1, ["new.txt", "src/a.txt"]]);
  for (const line of ["-one", "+ONE", "+TWO", "+new"]) expect(look.diff).toContain(`\n${line}\n`);
  expect(git("status", "--porcelain")).toBe(" M src/a.txt\n?? new.txt\n");
});

test("A8 a worktree that goes is saved first: whatever was not committed is on its branch, which stays", async () => {
  const { worktrees, tree, write } = await opened();
  write("src/a.txt", "changed\n");
  write("new.txt", "new\n");
  mkdirSync(join(tree.path, ".muster"), { recursive: true });
  expect(await worktrees.close(tree)).toBe(tree.branch);
  expect(existsSync(tree.path)).toBe(false);
  expect([shownBy(tree, "src/a.txt"), shownBy(tree, "new.txt")]).toEqual(["changed\n", "new\n"]);
  expect(it.git("worktree", "list").trim().split("\n")).toHaveLength(1);
  expect(it.git("status", "--porcelain")).toBe("");
});

test("A8 a worktree in which nothing was done leaves no branch behind, and closing it twice is harmless", async () => {
  const { worktrees, tree } = await opened();
  expect(await worktrees.close(tree)).toBeNull();
  expect(await worktrees.close(tree)).toBeNull();
  expect(branches()).toEqual(["main"]);
});

test("A8 a merge brings commits into the person's branch and files; a squash makes one of them", async () => {
  const { worktrees, tree, write } = await opened();
  write("src/a.txt", "ONE\ntwo\nthree\n");
  await worktrees.save(tree, "one");
  it.write("src/other.txt", "mine, not committed\n");
  const { commit, branch } = await worktrees.merge(tree, "Merge the work", false);
  expect([branch, it.head, it.read("src/a.txt")]).toEqual(["main", commit, "ONE\ntwo\nthree\n"]);
  expect(it.git("rev-list", "--count", "HEAD").trim()).toBe("3");
  expect(it.git("status", "--porcelain")).toBe("?? src/other.txt\n");
  expect(worktrees.merge(tree, "again", false)).rejects.toThrow("main has all of");
  write("src/a.txt", "ONE\nTWO\nthree\n");
  await worktrees.save(tree, "two");
  await worktrees.merge(tree, "Squashed", true);
  expect(it.git("log", "-1", "--format=%s %P").trim()).toBe(`Squashed ${commit}`);
  expect(await worktrees.close(tree)).toBe(tree.branch);
});

test("A8 what both sides changed is named, and nothing moves", async () => {
  const { worktrees, tree, write } = await opened();
  write("src/a.txt", "theirs\n");
  await worktrees.save(tree, "one");
  it.write("src/a.txt", "mine\n");
  it.git("commit", "-q", "-a", "-m", "mine");
  const before = it.head;
  expect(worktrees.merge(tree, "m", false)).rejects.toThrow("both sides changed src/a.txt");
  await worktrees.merge(tree, "m", false).catch(() => {});
  expect([it.head, it.read("src/a.txt"), it.git("status", "--porcelain")]).toEqual([before, "mine\n", ""]);
});

test("A8 a person's own changes in the way stop a merge, and stay", async () => {
  const { worktrees, tree, write } = await opened();
  write("src/a.txt", "theirs\n");
  await worktrees.save(tree, "one");
  it.write("src/a.txt", "not committed\n");
  const before = it.head;
  expect(await worktrees.merge(tree, "m", false).catch((error: Error) => error.message)).toStartWith(
    "your own changes are in the way",
  );
  expect([it.head, it.read("src/a.txt")]).toEqual([before, "not committed\n"]);
});

test("A8 a folder without a repository or a commit, and a worktree that is gone, are said", async () => {
  const { worktrees, tree } = await opened();
  expect(worktrees.open(it.root, "b0000002")).rejects.toThrow("is in no git repository");
  rmSync(tree.path, { recursive: true });
  expect(worktrees.look(tree)).rejects.toThrow("is gone");
  expect(await worktrees.close(tree)).toBeNull();
  it.git("update-ref", "-d", "HEAD");
  expect(worktrees.open(it.repo, "c0000003")).rejects.toThrow("branch-lost");
});
