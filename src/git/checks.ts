import { readdir, readFile, stat } from "node:fs/promises";
import { extname, join } from "node:path";
import { checkEnvironment, type Environment } from "../core/environment.ts";
import type { PatchStep } from "../core/facts.ts";
import type { PatchPolicy } from "../core/patch-policy.ts";
import type { PatchProgress } from "../core/ports.ts";
import { ends, runProgram, TIMED_OUT } from "./process.ts";

/** How to lint or test a tree: a person's own words for a shell, or the arguments of a known tool. */
export type Check = { shell: string } | { argv: string[] };

/** Tools that a repository brings along for itself. */
const LOCAL_TOOLS = ["node_modules/.bin", ".venv/bin", "venv/bin"];

const SCRIPTS = [".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx", ".mts", ".cts"];
const LINTERS: { config: RegExp; argv: string[]; extensions: string[] }[] = [
  {
    config: /^biome\.jsonc?$/,
    argv: ["biome", "lint", "--no-errors-on-unmatched"],
    extensions: [...SCRIPTS, ".json", ".css"],
  },
  { config: /^(?:eslint\.config\.|\.eslintrc)/, argv: ["eslint", "--no-warn-ignored"], extensions: SCRIPTS },
  { config: /^\.?ruff\.toml$/, argv: ["ruff", "check"], extensions: [".py", ".pyi"] },
];

const words = (check: Check): string => ("shell" in check ? check.shell : check.argv.join(" "));

/** The environment of a check in a scratch worktree of `repo`. */
function environmentIn(env: Environment, repo: string): Record<string, string> {
  const path = [...LOCAL_TOOLS.map((tools) => join(repo, tools)), env.PATH ?? "/usr/bin:/bin"].join(":");
  return { CI: "true", ...checkEnvironment(env), PATH: path };
}

async function has(folder: string, name: string): Promise<boolean> {
  return stat(join(folder, name)).then(
    () => true,
    () => false,
  );
}

const read = (folder: string, name: string): Promise<string> => readFile(join(folder, name), "utf8").catch(() => "");

/** The repository's own linter for the files that changed: old faults elsewhere block nobody. */
async function findLint(folder: string, paths: string[], env: Record<string, string>): Promise<Check | null> {
  const names = await readdir(folder);
  const isRuff = (await read(folder, "pyproject.toml")).includes("[tool.ruff");
  for (const { config, argv, extensions } of LINTERS) {
    const isConfigured = names.some((name) => config.test(name)) || (argv[0] === "ruff" && isRuff);
    const [tool = ""] = argv;
    if (!isConfigured || !Bun.which(tool, { PATH: env.PATH })) continue;
    const files: string[] = [];
    for (const path of paths) if (extensions.includes(extname(path)) && (await has(folder, path))) files.push(path);
    if (files.length > 0) return { argv: [...argv, ...files] };
  }
  return null;
}

function scriptOf(text: string): string | null {
  try {
    const script: unknown = JSON.parse(text)?.scripts?.test;
    return typeof script === "string" && !script.includes("no test specified") ? script : null;
  } catch {
    return null;
  }
}

async function hasBunTests(folder: string): Promise<boolean> {
  for await (const _ of new Bun.Glob("**/*.test.{ts,tsx,js,jsx}").scan({ cwd: folder })) return true;
  return false;
}

/** What the repository's files say about its tests. */
async function findTest(folder: string): Promise<Check | null> {
  const names = await readdir(folder);
  const isBun = names.some((name) => /^bun\.lockb?$/.test(name));
  if (scriptOf(await read(folder, "package.json"))) return { argv: isBun ? ["bun", "run", "test"] : ["npm", "test"] };
  if (isBun && (await hasBunTests(folder))) return { argv: ["bun", "test"] };
  const isPytest =
    names.includes("pytest.ini") ||
    (await read(folder, "pyproject.toml")).includes("[tool.pytest") ||
    (await read(folder, "setup.cfg")).includes("[tool:pytest]");
  if (isPytest || names.includes("conftest.py")) return { argv: ["pytest", "-q"] };
  if (names.includes("Cargo.toml")) return { argv: ["cargo", "test"] };
  return names.includes("go.mod") ? { argv: ["go", "test", "./..."] } : null;
}

export interface CheckOrder {
  /** The scratch worktree. */
  folder: string;
  repo: string;
  paths: string[];
  policy: PatchPolicy;
  env: Environment;
  signal: AbortSignal;
}

/** Runs one check; the exit code is the only judge. */
export async function runCheck(
  step: PatchStep["step"],
  check: Check | null,
  order: CheckOrder,
): Promise<PatchProgress> {
  if (!check) return { step: { step, command: "", code: null, millis: 0 }, output: "" };
  const started = performance.now();
  // A person's own command line is theirs to write for a shell; nothing of a patch or letter ever stands in it.
  const argv = "shell" in check ? ["/bin/sh", "-c", check.shell] : check.argv;
  const { folder, repo, env, policy, signal } = order;
  const limitMs = step === "lint" ? policy.lintLimitMs : policy.testLimitMs;
  const ended = await runProgram({
    argv,
    cwd: folder,
    env: environmentIn(env, repo),
    limitMs,
    signal,
    isReport: true,
  });
  signal.throwIfAborted();
  const said = new TextDecoder().decode(ended.stdout);
  const late = ended.code === TIMED_OUT ? `\n[stopped after ${limitMs / 1000} s]` : "";
  const millis = Math.round(performance.now() - started);
  return {
    step: { step, command: words(check), code: ended.code, millis },
    output: ends(`${said || ended.stderr}${late}`),
  };
}

/** The check that holds for a tree: a person's command, else what its files suggest, else none. */
export async function findCheck(step: "lint" | "test", order: CheckOrder): Promise<Check | null> {
  const own = order.policy[step]?.trim();
  if (own) return { shell: own };
  if (step === "test") return findTest(order.folder);
  return findLint(order.folder, order.paths, environmentIn(order.env, order.repo));
}
