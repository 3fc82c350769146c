import { afterAll, expect, test } from "bun:test";
import { chmodSync, existsSync, linkSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { Git } from "../../src/git/git.ts";
import { requireRef, requireRemote, slugFor } from "../../src/git/refs.ts";
import { Lab } from "../fakes/git-lab.ts";
import { Seeded } from "../simulation/random.ts";

const labs: Lab[] = [];
const lab = (files?: Record<string, string>): Lab => {
  const made = new Lab(files);
  labs.push(made);
  return made;
};
afterAll(() => {
  for (const made of labs) made.end();
});

const pwned = (it: Lab) => readdirSync(it.root, { recursive: true }).filter((name) => basename(String(name)) === "pwn");

const TRICKS = [
  ...[
    "--upload-pack=x",
    "-f",
    "--output=pwn",
    "x#(touch$IFS\\pwn)",
    "x#(touch$\u007bIFS}pwn)",
    "$(id)",
    "-",
    "--",
    "`id`",
    "a..b",
    "@{1}",
    "refs/heads/x",
  ],
  ...[
    "x".repeat(300),
    "x".repeat(122),
    ".lock",
    "HEAD",
    "@",
    "a.lock",
    "a.lock/b",
    "mаin",
    "a b",
    "a//b",
    "/a",
    "a/",
    ".a",
    "a/.b",
    "a.",
    "a~1",
    "a^",
    "a:b",
    "",
    "a\nb",
  ],
];

test("S40 refs that are options, shell words or look-alikes are refused; folder names are harmless and differ", () => {
  for (const name of TRICKS) expect(() => requireRef(name)).toThrow("is not a branch name");
  for (const name of ["main", "feature/a-1", "v1.2.3", "a_b"]) expect(requireRef(name)).toBe(name);
  const slugs = TRICKS.map(slugFor);
  expect(slugs.filter((slug) => !/^[a-z0-9-]{10,49}$/.test(slug))).toEqual([]);
  expect(new Set(slugs).size).toBe(TRICKS.length);
});

test("S40 whatever is taken for a branch name, git takes too", () => {
  const it = lab();
  const random = new Seeded(40);
  const parts = [
    "a",
    "B",
    "7",
    ".",
    "_",
    "/",
    "-",
    "lock",
    ".lock",
    "..",
    "refs/",
    "heads",
    "HEAD",
    "@{",
    "~",
    "^",
    " ",
    ":",
    "é",
  ];
  const taken: string[] = [];
  for (let round = 0; round < 3000; round++) {
    const name = Array.from({ length: 1 + random.upTo(5) }, () => parts[random.upTo(parts.length)] ?? "").join("");
    try {
      taken.push(requireRef(name));
    } catch {
      // Refused: git need not agree.
    }
  }
  const names = [...new Set(taken)];
  expect(names.length).toBeGreaterThan(100);
  for (const name of names) expect([name, it.git("check-ref-format", "--branch", name).trim()]).toEqual([name, name]);
}, 30_000);

test("S40 a reference of a letter never becomes an option or a program", async () => {
  const it = lab();
  const line = it.line();
  const judge = (ref: string) => line.judge(it.repo, ref, new AbortController().signal);
  for (const name of TRICKS) expect((await judge(`commit:${name}`)).verdict).not.toBe("verified");
  for (const command of ["touch pwn", "true; touch pwn"]) {
    expect(await judge(`cmd:${command}::OK`)).toMatchObject({ verdict: "claimed" });
  }
  expect(await judge(`commit:${it.head.slice(0, 10)}`)).toMatchObject({ verdict: "verified" });
  expect(pwned(it)).toEqual([]);
});

test("S38 a file that a letter names is read inside the repository alone: not above, not at home, not through a link", async () => {
  const it = lab();
  const judge = (ref: string) => it.line().judge(it.repo, ref, new AbortController().signal);
  symlinkSync(it.root, join(it.repo, "src/linked"));
  symlinkSync(join(it.root, "gitconfig"), join(it.repo, "src/link.txt"));
  linkSync(join(it.root, "gitconfig"), join(it.repo, "src/hard.txt"));
  Bun.spawnSync(["mkfifo", join(it.repo, "src/fifo")]);
  for (const path of [
    ...["../gitconfig", "/etc/passwd", "src/../../gitconfig", "~/.ssh/id", "../../../../etc/passwd", it.root],
    ...["src/linked/gitconfig", "src/link.txt", "src/hard.txt", "src/fifo", "src", join(it.root, "gitconfig")],
  ]) {
    const found = await judge(`log:${path}#L1`);
    expect([path, found.verdict]).toEqual([path, "refuted"]);
    expect(found.detail).not.toMatch(/\[user\]|root:/);
  }
  expect(await judge("log:src/a.txt#L1-2")).toMatchObject({ verdict: "verified", detail: "one\ntwo" });
});

/** A program that leaves a canary, and everything in a repository that can name one. */
function plant(it: Lab): void {
  const evil = join(it.root, "evil.sh");
  writeFileSync(evil, `#!/bin/sh\ntouch ${join(it.root, "pwn")}\ncat\n`);
  chmodSync(evil, 0o755);
  const settings: Record<string, string> = {
    "core.fsmonitor": evil,
    "core.hooksPath": join(it.repo, ".git/evil"),
    "core.pager": evil,
    "core.editor": evil,
    "core.sshCommand": evil,
    "diff.external": evil,
    "diff.evil.textconv": evil,
    "filter.evil.clean": evil,
    "filter.evil.smudge": evil,
    "filter.evil.required": "true",
    "filter.a=b.smudge": evil,
    "filter.a=b.process": evil,
    "alias.status": `!${evil}`,
    "commit.gpgSign": "true",
    "gpg.program": evil,
    "apply.whitespace": "fix",
  };
  for (const [key, value] of Object.entries(settings)) it.git("config", key, value);
  for (const hook of ["post-checkout", "pre-commit", "reference-transaction", "post-index-change"]) {
    for (const folder of [".git/hooks", ".git/evil"]) {
      it.write(`${folder}/${hook}`, `#!/bin/sh\ntouch ${join(it.root, "pwn")}\n`);
      chmodSync(join(it.repo, folder, hook), 0o755);
    }
  }
  it.write(".git/info/attributes", "*.txt diff=evil\nsrc/b.txt filter=a=b\nsrc/c.txt filter=evil\n");
}

test("S41 nothing that a repository's settings name runs, from status to a whole patch", async () => {
  const it = lab({ "src/a.txt": "one\n", "src/b.txt": "b\n", "src/c.txt": "c\n" });
  const diff = it.diffOf(() => it.write("src/a.txt", "two   \n"));
  plant(it);
  const env = { ...it.env, GIT_DIR: join(it.root, "elsewhere"), GIT_EXTERNAL_DIFF: join(it.root, "evil.sh") };
  const git = new Git(env);
  for (const args of [["status"], ["diff", "HEAD"], ["log", "-p", "-1"], ["add", "--all"], ["checkout", "--", "src"]]) {
    await git.run(it.repo, args);
  }
  expect(await it.run(diff)).toMatchObject({ ok: true });
  expect(it.read("src/a.txt")).toBe("two   \n");
  expect(pwned(it)).toEqual([]);
  // The trap itself works: plain git falls into it.
  Bun.spawnSync(["git", "checkout", "--quiet", "--", "src"], { cwd: it.repo, env: it.env });
  Bun.spawnSync(["git", "status"], { cwd: it.repo, env: it.env });
  expect(pwned(it)).toEqual(["pwn"]);
});

test("S41 a .git file that leads elsewhere brings no program along", async () => {
  const [it, other] = [lab(), lab()];
  plant(other);
  Bun.spawnSync(["rm", "-rf", join(it.repo, ".git")]);
  it.write(".git", `gitdir: ${join(other.repo, ".git")}\n`);
  await it.wrapper.run(it.repo, ["status"]);
  await it.run("--- a/src/a.txt\n+++ b/src/a.txt\n@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n");
  expect(pwned(other)).toEqual([]);
});

test("S42 remotes that run programs or read files are refused, and git would refuse them too", async () => {
  const it = lab();
  const bad = [
    "ext::sh -c 'touch pwn'",
    "file:///etc",
    "-u x",
    "ssh://-oProxyCommand=touch pwn",
    "ssh://-oProxyCommand=x/y",
  ];
  for (const url of [...bad, "/etc", "git@-oX:y", "https://a b", "ftp://x/y", ""]) {
    expect(() => requireRemote(url)).toThrow("is not a remote");
  }
  for (const url of ["https://github.com/a/b.git", "git@github.com:a/b.git", "ssh://git@host:22/a/b"]) {
    expect(requireRemote(url)).toBe(url);
  }
  it.git("config", "protocol.ext.allow", "always");
  const ended = await it.wrapper.run(it.repo, ["ls-remote", "ext::sh -c touch% pwn"]);
  expect([ended.code === 0, ended.stderr.includes("not allowed")]).toEqual([false, true]);
  expect(pwned(it)).toEqual([]);
});

test("S43 names with newlines, quotes and escapes are listed whole and block as they are", async () => {
  const names = ["a\nb.txt", "a\u001b[31m.txt", 'a"b.txt', "<img src=x>.txt", "ü b.txt"].map((name) => `src/${name}`);
  const it = lab(Object.fromEntries(names.map((name) => [name, "one\n"])));
  expect((await it.wrapper.list(it.repo, ["ls-files", "-z", "--", "src"])).sort()).toEqual([...names].sort());
  const diff = it.diffOf(() => {
    for (const name of names) it.write(name, "two\n");
  });
  it.policy = { ...it.policy, allowedPaths: ["src/a*"] };
  expect(await it.run(diff)).toMatchObject({ reason: expect.stringContaining("path-not-allowed: src/") });
  it.policy = { ...it.policy, allowedPaths: ["src/**"] };
  expect(await it.run(diff)).toMatchObject({ ok: true });
  expect(names.map((name) => it.read(name))).toEqual(names.map(() => "two\n"));
  expect(existsSync(join(it.root, "pwn"))).toBe(false);
});
