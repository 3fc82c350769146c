import { afterEach, expect, test } from "bun:test";
import { existsSync, readdirSync, renameSync, rmSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { Lab } from "../../test/fakes/git-lab.ts";

const labs: Lab[] = [];
const lab = (files?: Record<string, string>): Lab => {
  const it = new Lab(files);
  labs.push(it);
  return it;
};
afterEach(() => {
  for (const it of labs.splice(0)) it.end();
});

const lines = (count: number) => Array.from({ length: count }, (_, n) => `line ${n + 1}\n`).join("");
const change = (it: Lab) => it.diffOf(() => it.write("src/a.txt", "changed\n"));
const blocked = (reason: string) => ({ ok: false, kind: "blocked", reason: expect.stringContaining(reason) });

test("F29 a dirty tree: what the patch does not touch stays, byte for byte and unstaged", async () => {
  const it = lab({ "src/a.txt": "one\n", "src/b.txt": "b\n" });
  const diff = change(it);
  it.write("src/b.txt", "mine\n");
  it.write("new.txt", "untracked\n");
  it.write("src/c.txt", "staged\n");
  it.git("add", "src/c.txt");
  expect(await it.run(diff)).toMatchObject({ ok: true, commit: it.head });
  expect(it.git("status", "--porcelain").split("\n").sort()).toEqual([
    "",
    " M src/b.txt",
    "?? new.txt",
    "A  src/c.txt",
  ]);
  expect(it.git("show", "--stat=200", "--format=", "HEAD")).not.toMatch(/b\.txt|c\.txt|new\.txt/);
});

test("F29 each unfinished merge, pick, revert and rebase is named, with its conflicts left as they are", async () => {
  const it = lab();
  const diff = change(it);
  it.git("checkout", "--quiet", "-b", "other");
  it.write("src/a.txt", "other\n");
  it.git("commit", "--quiet", "--all", "--message=other");
  it.git("checkout", "--quiet", "main");
  it.write("src/a.txt", "mine\n");
  it.git("commit", "--quiet", "--all", "--message=mine");
  for (const [mark, ...begin] of [
    ["MERGE_HEAD", "merge", "other"],
    ["CHERRY_PICK_HEAD", "cherry-pick", "other"],
    ["rebase-merge", "rebase", "other"],
  ] as [string, ...string[]][]) {
    expect(() => it.git(...begin)).toThrow();
    const conflict = it.read("src/a.txt");
    expect(conflict).toContain("<<<<<<<");
    const verdict = await it.run(diff);
    // A rebase stands on no branch: that is said first.
    expect(verdict).toMatchObject(blocked(mark === "rebase-merge" ? "HEAD is detached" : mark));
    expect(it.read("src/a.txt")).toBe(conflict);
    it.git(begin[0] ?? "", "--abort");
  }
});

test("F29 a submodule is never moved by a patch, and one that is there does not stand in the way", async () => {
  const it = lab();
  const other = lab({ "x.txt": "x\n" });
  it.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", other.repo, "src/sub");
  it.git("commit", "--quiet", "--message=with a submodule");
  const diff = it.diffOf(() => it.write("src/a.txt", "changed\n"));
  expect(await it.run(diff)).toMatchObject({ ok: true });
  const pointer = it.git("rev-parse", "HEAD:src/sub").trim();
  const moved = `diff --git a/src/sub b/src/sub\nindex ${pointer.slice(0, 7)}..${it.head.slice(0, 7)} 160000\n--- a/src/sub\n+++ b/src/sub\n@@ -1 +1 @@\n-Subproject commit ${pointer}\n+Subproject commit ${it.head}\n`;
  expect(await it.run(moved)).toMatchObject({ ok: false, reason: expect.stringContaining("a submodule") });
  expect(it.git("rev-parse", "HEAD:src/sub").trim()).toBe(pointer);
});

test("F29 a repository with many worktrees, and one that is itself a worktree", async () => {
  const it = lab();
  for (let n = 0; n < 6; n++) it.git("worktree", "add", "--quiet", "--detach", join(it.root, `w${n}`));
  const diff = change(it);
  expect(await it.run(diff)).toMatchObject({ ok: true });
  expect(it.git("worktree", "list").trim().split("\n")).toHaveLength(7);
  it.git("worktree", "add", "--quiet", "-b", "side", join(it.root, "side"));
  const order = { ...it.order(it.diffOf(() => it.write("src/a.txt", "side\n"))), repo: join(it.root, "side") };
  const main = it.head;
  const verdict = await it.line().run(order, () => {}, new AbortController().signal);
  expect(verdict).toMatchObject({ ok: true, branch: "side" });
  expect(it.head).toBe(main);
});

test("F29 a lock of the index that is older than ten minutes is reported with its age, and not removed", async () => {
  const it = lab();
  const diff = change(it);
  const lock = join(it.repo, ".git/index.lock");
  it.write(".git/index.lock", "");
  const old = Date.now() / 1000 - 20 * 60;
  utimesSync(lock, old, old);
  expect(await it.run(diff)).toMatchObject(blocked("exists since 20 minutes; remove it if no git runs"));
  expect(existsSync(lock)).toBe(true);
});

test("F30 a repository that was moved or deleted is named, and nothing is made in its place", async () => {
  const it = lab();
  const diff = change(it);
  const away = join(it.root, "away");
  renameSync(it.repo, away);
  expect(await it.run(diff)).toMatchObject(blocked(`${it.repo} is gone, moved or deleted; put it back`));
  expect(existsSync(it.repo)).toBe(false);
  renameSync(away, it.repo);
  expect(await it.run(diff)).toMatchObject({ ok: true });
});

test("F30 a repository that goes away while a patch is proven ends that patch, and nothing is made in its place", async () => {
  const it = lab();
  const diff = change(it);
  const line = it.line((name) => {
    if (name === "patch.tested") rmSync(it.repo, { recursive: true });
  });
  const ended = await it.run(diff, line).then(
    ({ ok }) => ok,
    () => false,
  );
  expect(ended).toBe(false);
  expect(existsSync(join(it.repo, ".git"))).toBe(false);
});

test("F30 a branch that was deleted is named with the command that brings its last commit back, and that works", async () => {
  for (const lose of [
    (it: Lab) => it.git("update-ref", "-d", "refs/heads/main"),
    (it: Lab) => rmSync(join(it.repo, ".git/refs/heads/main")),
  ]) {
    const it = lab();
    const diff = change(it);
    const before = it.head;
    lose(it);
    const verdict = await it.run(diff);
    const command = `git update-ref refs/heads/main ${before}`;
    expect(verdict).toMatchObject(blocked(`branch-lost: refs/heads/main was deleted; ${command} brings`));
    it.git(...command.split(" ").slice(1));
    expect(await it.run(diff)).toMatchObject({ ok: true });
  }
});

test("F30 a scratch worktree that is removed beneath a proof ends that patch, never the user's tree", async () => {
  const it = lab({ "src/a.txt": "one\n", "src/b.txt": "b\n" });
  const diff = change(it);
  const before = it.head;
  const scratch = join(it.repo, ".muster/worktrees");
  const line = it.line((name) => {
    if (name === "patch.applied")
      for (const one of readdirSync(scratch)) rmSync(join(scratch, one), { recursive: true });
  });
  it.policy = { ...it.policy, test: "test -f src/a.txt" };
  const ended = await it.run(diff, line).then(
    ({ ok }) => ok,
    () => false,
  );
  expect([ended, it.head, it.git("status", "--porcelain")]).toEqual([false, before, ""]);
  it.policy = { ...it.policy, test: undefined };
  expect(await it.run(diff)).toMatchObject({ ok: true });
});

test("F31 two agents that finish together: one commit after the other, and who conflicts is told so", async () => {
  const it = lab({ "src/a.txt": lines(30) });
  const edit = (at: number, to: string) =>
    it.diffOf(() => it.write("src/a.txt", lines(30).replace(`line ${at}\n`, `${to}\n`)));
  const [first, apart, same] = [edit(2, "first"), edit(28, "apart"), edit(2, "same place")];
  const line = it.line();
  const verdicts = await Promise.all([it.run(first, line), it.run(apart, line), it.run(same, line)]);
  expect(verdicts.map((verdict) => (verdict.ok ? "committed" : verdict.kind))).toEqual([
    ...["committed", "committed", "precheck-fail"],
  ]);
  expect(it.git("log", "--format=%s").trim().split("\n")).toHaveLength(3);
  expect(it.read("src/a.txt")).not.toContain("same place");
});

test("F31 a user who commits meanwhile: the patch is proven again on the new head, and both commits stand", async () => {
  const it = lab({ "src/a.txt": "one\n", "src/b.txt": "b\n" });
  const diff = change(it);
  let isOnce = true;
  const line = it.line((name) => {
    if (name !== "patch.proven" || !isOnce) return;
    isOnce = false;
    it.write("src/b.txt", "of the user\n");
    it.git("commit", "--quiet", "--all", "--message=of the user");
  });
  expect(await it.run(diff, line)).toMatchObject({ ok: true, commit: it.head });
  expect(it.git("log", "--format=%s").trim().split("\n")).toEqual([
    "muster(PeerA): change things",
    "of the user",
    "first",
  ]);
  expect([it.read("src/a.txt"), it.read("src/b.txt")]).toEqual(["changed\n", "of the user\n"]);
  expect(it.git("status", "--porcelain")).toBe("");
});
