import { afterEach, expect, test } from "bun:test";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Lab } from "../../test/fakes/git-lab.ts";
import { writtenTree } from "./tree.ts";

const labs: Lab[] = [];
const lab = (files?: Record<string, string>): Lab => {
  const made = new Lab(files);
  labs.push(made);
  return made;
};
afterEach(() => {
  for (const made of labs.splice(0)) made.end();
});

const lines = (count: number): string => Array.from({ length: count }, (_, n) => `line ${n}\n`).join("");

test("P41 (fault 4) what git diff prints is applied, committed with its trailers and put into the user's tree", async () => {
  const it = lab();
  const before = it.head;
  const diff = it.diffOf(() => {
    it.write("src/a.txt", "one\nTWO\nthree\n");
    it.write("docs/new.md", "new\n");
  });
  it.policy = { ...it.policy, lint: "true", test: "grep -q TWO src/a.txt" };
  const verdict = await it.run(diff);
  expect(verdict).toMatchObject({ ok: true, branch: "main", commit: it.head, notice: undefined });
  expect(it.git("rev-parse", "HEAD^").trim()).toBe(before);
  expect(it.git("log", "-1", "--format=%an <%ae>%n%B").trim()).toBe(
    "Ada <ada@example.com>\nmuster(PeerA): change things\n\nMuster-MID: muster-1700000000-000001\nMuster-Patch: P-0001\nMuster-Checks: lint=0 test=0",
  );
  expect(it.read("src/a.txt")).toBe("one\nTWO\nthree\n");
  expect(it.read("docs/new.md")).toBe("new\n");
  expect(it.git("status", "--porcelain")).toBe("");
  expect(it.told.map(({ step }) => [step.step, step.code])).toEqual([
    ["apply", 0],
    ["lint", 0],
    ["test", 0],
  ]);
  expect(readdirSync(join(it.repo, ".muster/worktrees"))).toEqual([]);
  expect(it.git("worktree", "list").trim().split("\n")).toHaveLength(1);
});

test("P44 (fault 5) a failing test command means no commit: nothing has moved and its output comes back", async () => {
  const it = lab();
  const before = it.head;
  const diff = it.diffOf(() => it.write("src/a.txt", "changed\n"));
  it.policy = { ...it.policy, test: "echo expected 4 got 5; echo to the error stream >&2; exit 3" };
  const verdict = await it.run(diff);
  expect(verdict).toMatchObject({ ok: false, kind: "test-fail", reason: expect.stringContaining("rc=3") });
  expect(verdict).toMatchObject({ output: expect.stringContaining("expected 4 got 5\n") });
  expect(it.head).toBe(before);
  expect(it.read("src/a.txt")).toBe("one\ntwo\nthree\n");
  expect(it.git("status", "--porcelain")).toBe("");
});

test("P44 without any tests the commit says none, and a check that takes too long is ended with its children", async () => {
  const it = lab();
  const diff = it.diffOf(() => it.write("src/a.txt", "changed\n"));
  const slow = { ...it.policy, testLimitMs: 300, test: "sleep 600 & sleep 600" };
  it.policy = slow;
  expect(await it.run(diff)).toMatchObject({ ok: false, kind: "test-fail", reason: expect.stringContaining("rc=124") });
  it.policy = { ...slow, test: undefined };
  expect(await it.run(diff)).toMatchObject({ ok: true });
  expect(it.git("log", "-1", "--format=%B")).toContain("Muster-Checks: lint=none test=none");
});

test("P44 the repository's own test script runs on the patched tree, with a small environment", async () => {
  const it = lab({ "src/a.txt": "one\n", "package.json": '{"scripts":{"test":"env > seen.txt; cat src/a.txt"}}' });
  it.env.MUSTER_SECRET = "canary";
  const diff = it.diffOf(() => it.write("src/a.txt", "patched\n"));
  it.policy = { ...it.policy, lint: "env; false" };
  const verdict = await it.run(diff);
  expect(verdict).toMatchObject({ ok: false, kind: "lint-fail", output: expect.stringContaining("CI=true") });
  expect(JSON.stringify(verdict)).not.toContain("canary");
  it.policy = { ...it.policy, lint: undefined };
  await it.run(diff);
  expect(it.told.at(-1)).toMatchObject({ step: { command: "npm test", code: 0 } });
  expect(it.told.at(-1)?.output).toContain("patched");
});

test("P41 (fault 6) a dirty file that the patch does not touch stays as it is, unstaged", async () => {
  const it = lab();
  const diff = it.diffOf(() => it.write("src/a.txt", "changed\n"));
  it.write("wip.txt", "mine\n");
  it.write(".gitignore", "/.muster/\n# mine\n");
  expect(await it.run(diff)).toMatchObject({ ok: true });
  expect(it.git("status", "--porcelain").trimEnd().split("\n")).toEqual([" M .gitignore", "?? wip.txt"]);
  expect(it.git("show", "--stat", "--format=").trim()).toContain("1 file changed");
});

test("P46 a file that the user has changed blocks its patch before anything happens", async () => {
  const it = lab();
  const before = it.head;
  const change = it.diffOf(() => it.write("src/a.txt", "changed\n"));
  const creation = it.diffOf(() => it.write("src/new.txt", "theirs\n"));
  it.write("src/a.txt", "one\ntwo\nthree\nmine\n");
  it.write("src/new.txt", "mine\n");
  expect(await it.run(change)).toMatchObject({ ok: false, kind: "blocked", reason: "user-changes: src/a.txt" });
  expect(await it.run(creation)).toMatchObject({ ok: false, kind: "blocked", reason: "user-changes: src/new.txt" });
  it.write(".git/info/exclude", "src/new.txt\n");
  expect(await it.run(creation)).toMatchObject({ ok: false, kind: "blocked", reason: "user-changes: src/new.txt" });
  expect([it.head, it.read("src/a.txt"), it.told.length]).toEqual([before, "one\ntwo\nthree\nmine\n", 0]);
});

test("P46 a change that the user makes while the tests run blocks the commit too", async () => {
  const it = lab();
  const before = it.head;
  const diff = it.diffOf(() => it.write("src/a.txt", "changed\n"));
  const line = it.line((name) => name === "patch.tested" && it.write("src/a.txt", "typed meanwhile\n"));
  expect(await it.run(diff, line)).toMatchObject({ ok: false, reason: "user-changes: src/a.txt" });
  expect([it.head, it.read("src/a.txt")]).toEqual([before, "typed meanwhile\n"]);
});

test("P42 refuses more than 150 changed lines and takes exactly 150", async () => {
  const it = lab();
  const tooLong = it.diffOf(() => it.write("src/b.txt", lines(163)));
  expect(await it.run(tooLong)).toMatchObject({
    ok: false,
    kind: "reject",
    reason: "too-many-lines: 163 > 150; split it or open an RFD",
  });
  const longest = it.diffOf(() => it.write("src/b.txt", lines(150)));
  expect(await it.run(longest)).toMatchObject({ ok: true });
});

test("P43 refuses every path that is not allowed: new, deleted, renamed, linked, binary, ours", async () => {
  const it = lab({ "src/a.txt": lines(20), Makefile: "all:\n", "tool.sh": "#!/bin/sh\n" });
  const changes: Record<string, () => void> = {
    Makefile: () => it.write("Makefile", "all: other\n"),
    "secret.txt": () => it.write("secret.txt", "x\n"),
    "tool.sh": () => it.git("mv", "tool.sh", "src/tool.sh"),
    "a.txt": () => it.git("mv", "src/a.txt", "a.txt"),
    "image.bin": () => it.write("image.bin", "\u0000\u0001"),
  };
  for (const [path, change] of Object.entries(changes)) {
    const reason = `path-not-allowed: ${path}`;
    expect(await it.run(it.diffOf(change))).toMatchObject({ ok: false, kind: "reject", reason });
  }
  const modes = "diff --git a/tool.sh b/tool.sh\nold mode 100644\nnew mode 100755\n";
  expect(await it.run(modes)).toMatchObject({ reason: "path-not-allowed: tool.sh" });
  const add = (path: string, mode = "100644", text = "x") =>
    `diff --git a/${path} b/${path}\nnew file mode ${mode}\n--- /dev/null\n+++ b/${path}\n@@ -0,0 +1 @@\n+${text}\n\\ No newline at end of file\n`;
  for (const path of [
    ".git/hooks/pre-commit",
    "src/.git/config",
    ".muster/settings/policies.yaml",
    "src/../Makefile",
  ]) {
    expect(await it.run(add(path))).toMatchObject({ reason: `path-not-allowed: ${path}` });
  }
  expect(await it.run(add("src/link", "120000", "../../outside"))).toMatchObject({
    reason: "path-not-allowed: src/link (a link to ../../outside)",
  });
  expect(await it.run(add("src/link", "120000", "a.txt"))).toMatchObject({ ok: true });
});

test("P40 refuses what is not a diff, and a diff copied from a screen with its frame", async () => {
  const it = lab();
  const reason = (word: string) => ({ ok: false, kind: "reject", reason: expect.stringContaining(word) });
  expect(await it.run("please change a.txt\n")).toMatchObject(reason("not-a-diff"));
  expect(await it.run("--- a/src/a.txt\n+++ b/src/a.txt\n@@ -1,3 +1,3 @@\n one\n-two\n")).toMatchObject(
    reason("not-a-diff"),
  );
  const diff = it.diffOf(() => it.write("src/a.txt", "one\nTWO\nthree\n"));
  const framed = diff
    .split("\n")
    .map((line) => `│ ${line}`)
    .join("\n");
  expect(await it.run(framed)).toMatchObject(reason("ui-frame"));
  expect(await it.run(diff.replace("-two", "-2"))).toMatchObject({ ok: false, kind: "precheck-fail" });
  const tree = it.diffOf(() => it.write("docs/tree.md", "├── src\n│   └── a.txt\n"));
  expect(await it.run(tree)).toMatchObject({ ok: true });
});

test("P40 carriage returns and a missing last newline are committed byte for byte", async () => {
  const it = lab({ "src/crlf.txt": "one\r\ntwo\r\n", "src/open.txt": "one\ntwo" });
  const [crlf, open] = ["one\r\nTWO\r\nthree\r\n", "one\nTWO"];
  const diff = it.diffOf(() => {
    it.write("src/crlf.txt", crlf);
    it.write("src/open.txt", open);
  });
  expect(await it.run(diff)).toMatchObject({ ok: true });
  expect([it.git("show", "HEAD:src/crlf.txt"), it.git("show", "HEAD:src/open.txt")]).toEqual([crlf, open]);
  expect([it.read("src/crlf.txt"), it.read("src/open.txt")]).toEqual([crlf, open]);
});

test("P45 a branch that moves meanwhile makes the proof start again on its new head, three times at most", async () => {
  const it = lab({ "src/a.txt": "one\n", "src/b.txt": "b\n" });
  const diff = it.diffOf(() => it.write("src/a.txt", "changed\n"));
  let moves = 1;
  const line = it.line((name) => {
    if (name !== "patch.tested" || moves-- <= 0) return;
    it.write("src/b.txt", `move ${moves}\n`);
    it.git("commit", "--quiet", "--all", "--message=of the user");
  });
  expect(await it.run(diff, line)).toMatchObject({ ok: true, commit: it.head });
  expect(it.git("log", "--format=%s").trim().split("\n")).toEqual([
    "muster(PeerA): change things",
    "of the user",
    "first",
  ]);
  moves = 9;
  const again = it.diffOf(() => it.write("src/a.txt", "changed again\n"));
  const before = it.head;
  expect(await it.run(again, line)).toMatchObject({ ok: false, reason: expect.stringContaining("head-moved") });
  expect(it.git("log", "--format=%s", `${before}..HEAD`).trim().split("\n")).toEqual(Array(3).fill("of the user"));
});

test("P45 a user who switches to another branch meanwhile gets the commit there, and nothing on the first one", async () => {
  const it = lab();
  const first = it.head;
  const diff = it.diffOf(() => it.write("src/a.txt", "changed\n"));
  const isNew = () => it.git("branch", "--list", "feature") === "";
  const line = it.line((name) => {
    if (name === "patch.tested" && isNew()) it.git("checkout", "--quiet", "-b", "feature");
  });
  expect(await it.run(diff, line)).toMatchObject({ ok: true, branch: "feature", commit: it.head });
  expect(it.git("rev-parse", "main").trim()).toBe(first);
  expect(it.git("status", "--porcelain")).toBe("");
});

test("P43 what git itself applied is judged again, whatever the headers of the patch said", async () => {
  const it = lab({ Makefile: "all:\n" });
  it.write("Makefile", "other:\n");
  it.git("add", "Makefile");
  await expect(writtenTree(it.wrapper, it.repo, it.policy)).rejects.toMatchObject({
    reason: "path-not-allowed: Makefile",
  });
});

test("P41 patches that come together are proven one after the other", async () => {
  const it = lab({ "src/a.txt": lines(30) });
  const patches = [2, 15, 28].map((at) =>
    it.diffOf(() => it.write("src/a.txt", lines(30).replace(`line ${at}\n`, `LINE ${at}\n`))),
  );
  const open: string[] = [];
  const line = it.line((name) => {
    if (name === "patch.scratch") open.push(...readdirSync(join(it.repo, ".muster/worktrees")).map(() => "open"), "|");
  });
  const verdicts = await Promise.all(patches.map((diff) => it.run(diff, line)));
  expect(verdicts.map(({ ok }) => ok)).toEqual([true, true, true]);
  expect(open.join("")).toBe("open|open|open|");
  expect(it.read("src/a.txt")).toContain("LINE 28");
  expect(it.git("status", "--porcelain")).toBe("");
});

test("P45 without an identity the patch is refused with what to type", async () => {
  const it = lab();
  const diff = it.diffOf(() => it.write("src/a.txt", "changed\n"));
  it.write("../gitconfig", "");
  const reason = expect.stringContaining("git config --global user.name");
  expect(await it.run(diff)).toMatchObject({ ok: false, kind: "blocked", reason });
});

test("F29 repositories in which no patch can be tried are named with what to do", async () => {
  const diff = "--- a/src/a.txt\n+++ b/src/a.txt\n@@ -1 +1 @@\n-one\n+two\n";
  const states: [string, (it: Lab) => void][] = [
    ["HEAD is detached", (it) => it.git("checkout", "--quiet", "--detach")],
    ["has no commit yet", (it) => it.git("checkout", "--quiet", "--orphan", "empty")],
    ["no git repository", (it) => it.write("../repo/.git/HEAD", "")],
    ["is bare", (it) => it.git("config", "core.bare", "true")],
    ["(MERGE_HEAD)", (it) => it.write(".git/MERGE_HEAD", `${it.head}\n`)],
    ["top is", (it) => it.git("config", "core.worktree", it.root)],
  ];
  for (const [reason, prepare] of states) {
    const it = lab({ "src/a.txt": "one\n" });
    prepare(it);
    const verdict = await it.run(diff);
    expect(verdict).toMatchObject({ ok: false, kind: "blocked", reason: expect.stringContaining(reason) });
  }
});

test("F29 a lock of the index that stays is named and not removed", async () => {
  const it = lab();
  const before = it.head;
  const diff = it.diffOf(() => it.write("src/a.txt", "changed\n"));
  it.write(".git/index.lock", "");
  const reason = expect.stringContaining("index-locked");
  expect(await it.run(diff)).toMatchObject({ ok: false, kind: "blocked", reason });
  expect([it.head, existsSync(join(it.repo, ".git/index.lock"))]).toEqual([before, true]);
});

test("files that a filter keeps elsewhere are left to the user", async () => {
  const it = lab({ "src/a.bin": "pointer\n", ".gitattributes": "*.bin filter=lfs\n" });
  const diff = it.diffOf(() => it.write("src/a.bin", "other\n"));
  expect(await it.run(diff)).toMatchObject({ ok: false, reason: expect.stringContaining("filtered-file: src/a.bin") });
});
