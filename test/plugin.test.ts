import { afterAll, expect, test } from "bun:test";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { scan } from "../plugin/plugins/muster/skills/cartographer/scan.ts";
import { COMMANDS } from "../src/cli/commands.ts";
import { pluginHooks } from "../src/cli/hooks/entries.ts";
import { pluginRelay } from "../src/cli/hooks/relay.ts";
import { COMMON } from "../src/cli/words.ts";
import { VERSION } from "../src/version.ts";
import { ROOT } from "./sources.ts";

const PLUGIN = join(ROOT, "plugin/plugins/muster");
const read = (path: string): string => readFileSync(join(PLUGIN, path), "utf8");
const json = (path: string) => JSON.parse(readFileSync(join(ROOT, "plugin", path), "utf8"));
const SKILLS = readdirSync(join(PLUGIN, "skills"));
const root = mkdtempSync(join(tmpdir(), "muster-plugin-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

test("A105 the marketplace names the plugin where it is, and the plugin has Muster's version", () => {
  const [{ name, source }] = json(".claude-plugin/marketplace.json").plugins;
  const manifest = json(join(source, ".claude-plugin/plugin.json"));
  expect([name, manifest.name, manifest.version]).toEqual(["muster", "muster", VERSION]);
});

test("A105 A50 the plugin's hooks are those of setup-hooks, and its relay is the same program", () => {
  expect(JSON.parse(read("hooks/hooks.json"))).toEqual(pluginHooks());
  expect(read("hooks/relay-event.sh")).toBe(pluginRelay());
});

test("A105 the plugin's relay tells once: it is silent where setup-hooks is in force, for agents, and without Muster", () => {
  const [{ hooks }] = JSON.parse(read("hooks/hooks.json")).hooks.PreToolUse;
  const home = join(root, "home");
  const hook = (more: Record<string, string> = {}) =>
    Bun.spawnSync(["sh", "-c", hooks[0].command], {
      env: { CLAUDE_PLUGIN_ROOT: PLUGIN, HOME: root, MUSTER_HOME: home, PATH: process.env.PATH ?? "", ...more },
      stdin: Buffer.from("{}\n"),
    }).exitCode;
  expect(hook()).toBe(0);
  mkdirSync(join(home, "spool"), { recursive: true });
  mkdirSync(join(home, "hooks"));
  expect([hook(), hook({ MUSTER_AGENT: "0a1b2c3d" })]).toEqual([0, 0]);
  const spooled = () => readdirSync(join(home, "spool"));
  expect(spooled()).toEqual([expect.stringMatching(/^user\.\d+\.\d+\.json$/)]);
  writeFileSync(join(home, "hooks/installed.json"), "{}");
  expect(hook()).toBe(0);
  expect(spooled()).toHaveLength(1);
  expect(hook({ CLAUDE_PLUGIN_ROOT: "/gone" })).toBe(0);
});

for (const skill of SKILLS)
  test(`A106 A107 A108 A111 skill ${skill}: a head that says when, at most 5K tokens, no command or flag that is not there`, async () => {
    const text = read(`skills/${skill}/SKILL.md`);
    const [, head = ""] = /^---\n([\s\S]*?)\n---\n/.exec(text) ?? [];
    const { name: called, description } = parse(head) as { name: string; description: string };
    expect(called).toBe(skill);
    expect(description).toContain("Use when");
    expect(text.length / 4).toBeLessThan(5000);
    // "the muster command", "the muster link": prose.
    for (const [, word = ""] of text.matchAll(/\bmuster ([a-z][a-z-]*)/g))
      if (!/^(command|link)$/.test(word)) expect(Object.keys(COMMANDS)).toContain(word);
    for (const [, use = "", name = ""] of text.matchAll(/`(muster ([a-z-]+)[^`]*)`/g)) {
      const { command } = (await COMMANDS[name]?.load()) ?? {};
      const known = Object.keys({ ...command?.flags, ...COMMON });
      for (const [, flag = ""] of use.matchAll(/--([a-z-]+)/g)) expect([use, ...known]).toContain(flag);
    }
  });

test("A106 the skill of the lead names what an army is led by, and its seven stages, each with a gate", () => {
  const text = read("skills/orchestrator/SKILL.md");
  const commands =
    "start send wait reuse clear usage session queue trigger mode pulse approvals diff merge discard template";
  expect(commands.split(" ").filter((name) => !text.includes(`muster ${name}`))).toEqual([]);
  const flags = ["--worktree", "--after", "--map", "--template", "--budget", '-f "'];
  expect(flags.filter((flag) => !text.includes(flag))).toEqual([]);
  const stages = [...text.matchAll(/^\| (\d) ([a-z]+) \|[^|]+\| ([^|]{10,}) \|$/gm)].map(
    ([, at, name]) => `${at} ${name}`,
  );
  expect(stages).toEqual([
    ...["1 idea", "2 research", "3 synthesis", "4 requirements", "5 implementation", "6 review", "7 testing"],
  ]);
});

test("A111 the skill of requirements: a file that remembers, one at a time, three agents, checks, three tries", () => {
  const text = read("skills/requirements/SKILL.md");
  for (const rule of [
    "Only this one is at work",
    "at most three agents",
    "After three tries it is blocked",
    "Verify yourself",
  ])
    expect(text).toContain(rule);
  expect(text).toMatch(/state: open \| at work \| verified \| blocked +tries: 0\ncheck: /);
});

test("A108 the update skill forbids what would lose local changes, and checks before anything runs", () => {
  const text = read("skills/update/SKILL.md");
  const orders = text.split("\n").filter((line) => /reset --hard|git stash|git clean|checkout \./.test(line));
  expect(orders.every((line) => line.includes("Never"))).toBe(true);
  expect(text.indexOf("git verify-tag")).toBeLessThan(text.indexOf("setup/run.mjs install"));
  expect(text).not.toMatch(/curl|wget|\| *sh\b/);
});

/** A folder with these files, in a git repository or not. */
function codeBase(files: Record<string, string | Buffer>, isGit: boolean): string {
  const folder = mkdtempSync(join(root, "code-"));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  if (isGit) Bun.spawnSync(["git", "init", "-q", folder]);
  return folder;
}

const FILES = {
  "src/a.ts": "x".repeat(400),
  "src/deep/b.ts": "y".repeat(4000),
  "README.md": "z".repeat(40),
  "logo.png": Buffer.from([137, 80, 0, 1]),
  "big.txt": "w".repeat(10_000),
  "secret.env": "s",
  ".gitignore": "secret.env\n",
  "node_modules/p/index.js": "n",
};

test("A107 the scan counts tokens of each file and folder, and names what it skips", () => {
  const folder = codeBase(FILES, false);
  symlinkSync("/etc/passwd", join(folder, "link"));
  const { files, folders, skipped, total_files, total_tokens } = scan(folder, 2000);
  expect(files.map(({ path, tokens }) => [path, tokens])).toEqual([
    [".gitignore", 3],
    ["README.md", 10],
    ["secret.env", 1],
    ["src/a.ts", 100],
    ["src/deep/b.ts", 1000],
  ]);
  expect(skipped).toEqual([
    { path: "big.txt", reason: "2500 tokens" },
    { path: "logo.png", reason: "binary" },
  ]);
  expect([total_files, total_tokens]).toEqual([5, 1114]);
  expect(folders).toContainEqual({ path: "src", files: 2, tokens: 1100 });
});

test("A107 in a git repository what git ignores is left out", () => {
  const folder = codeBase({ ...FILES, ".gitignore": "secret.env\nnode_modules\n" }, true);
  expect(scan(folder, 50_000).files.map(({ path }) => path)).toEqual([
    ...[".gitignore", "README.md", "big.txt", "src/a.ts", "src/deep/b.ts"],
  ]);
});

test("A107 as a command: json, tree and compact; wrong use is 64 and says what", () => {
  const folder = codeBase({ ...FILES, "src/e\x1b[31m.ts": "e" }, false);
  const run = (...args: string[]) => {
    const argv = [process.execPath, "--no-install", join(PLUGIN, "skills/cartographer/scan.ts"), ...args];
    const { stdout, stderr, exitCode } = Bun.spawnSync(argv, { cwd: folder, stderr: "pipe" });
    return { out: stdout.toString(), err: stderr.toString(), code: exitCode };
  };
  expect(JSON.parse(run(".").out).total_files).toBe(7);
  const tree = run(".", "--format", "tree").out;
  expect(tree).toContain(
    "  src/  1101 tokens, 3 files\n    deep/  1000 tokens, 1 files\n      b.ts  1000\n    a.ts  100\n",
  );
  expect(tree).not.toContain("\x1b");
  const compact = run(".", "--format", "compact", "--max-tokens", "2000").out.split("\n");
  expect([compact[0], compact[1]]).toEqual(["1000\tsrc/deep/b.ts", "100\tsrc/a.ts"]);
  expect(compact).toContain("skipped: big.txt (2500 tokens)");
  for (const [args, says] of [
    [["gone"], "is not a folder"],
    [["--format", "xml"], "no format xml"],
    [["--max-tokens", "0"], "no number above 0"],
    [["a", "b"], "one folder"],
    [["--what"], "what"],
  ] as const) {
    const { err, code } = run(...args);
    expect([code, err.includes(says)]).toEqual([64, true]);
  }
});

test("A107 the scan's starter can be run, and finds the Bun that is there", () => {
  const starter = join(PLUGIN, "skills/cartographer/scan.sh");
  expect(statSync(starter).mode & 0o111).not.toBe(0);
  const bin = join(root, "bin");
  mkdirSync(bin);
  symlinkSync(process.execPath, join(bin, "bun"));
  const folder = codeBase({ "a.txt": "a" }, false);
  const env = { PATH: `${bin}:/usr/bin:/bin`, HOME: root };
  const { stdout, exitCode } = Bun.spawnSync(["sh", starter, folder, "--format", "compact"], { env });
  expect([exitCode, stdout.toString()]).toEqual([0, "1\ta.txt\ntotal: 1 files, about 1 tokens\n"]);
});
