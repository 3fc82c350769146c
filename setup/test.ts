import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { runChecks, STATIC_CHECKS } from "./check.ts";
import { scratch } from "./scratch.ts";
import { runSuite, type Suite, type Tally } from "./suite.ts";

const root = join(import.meta.dir, "..");

/** No suite goes on after this, though the run should have ended long before (10 minutes on two cores). */
const TOTAL_MS = 900_000;

/** Its sandbox has a /dev of its own, which hides what lies in memory. */
const ON_DISK = "real";

/** Folders of `test/` in the order of what they cost; one that is not named here comes last. */
const ORDER = [
  "fakes",
  "simulation",
  "contracts",
  "security",
  "journeys",
  "web",
  "real",
  "letters",
  "crashes",
  "hours",
];
const TEST_MS: Record<string, number> = {
  simulation: 60_000,
  journeys: 120_000,
  hours: 120_000,
  web: 30_000,
  real: 150_000,
};

/** What tests may see of the caller's environment. */
const ALLOWED = ["PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "TZ", "TMPDIR", "TERM", "CHROMIUM", "CI"];
/** Only the suite that installs a CLI from the registry: how the registry is reached, and where the result is kept. */
const NETWORK =
  /^(npm_config_.*|https?_proxy|no_proxy|all_proxy|node_extra_ca_certs|ssl_cert_(file|dir)|muster_cache)$/i;

const picked = (isWanted: (name: string) => boolean): Record<string, string> =>
  Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (isWanted(name) && value ? [[name, value]] : [])),
  );

const hasTests = (folder: string): boolean => {
  if (!existsSync(join(root, folder))) return false;
  const [first] = new Bun.Glob("**/*.test.{ts,tsx}").scanSync(join(root, folder));
  return first !== undefined;
};

function suites(): Suite[] {
  const rank = (name: string) => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);
  const folders = readdirSync(join(root, "test"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && hasTests(join("test", entry.name)))
    .map(({ name }) => name)
    .sort((a, b) => rank(a) - rank(b));
  const top = readdirSync(join(root, "test")).filter((name) => name.endsWith(".test.ts"));
  return [
    { name: "the house", paths: top.map((name) => `./test/${name}`), timeoutMs: 10_000, limitMs: 60_000 },
    { name: "unit", paths: ["./src", ...(hasTests("setup") ? ["./setup"] : [])], timeoutMs: 30_000, limitMs: 180_000 },
    ...folders.map((name) => ({
      name,
      paths: [`./test/${name}`],
      timeoutMs: TEST_MS[name] ?? 30_000,
      limitMs: 420_000,
      env: name === "real" ? picked((variable) => NETWORK.test(variable)) : undefined,
    })),
  ];
}

/**
 * In CI a skip is a failure. Not with the real CLI: when the registry did not serve it, the output says so; when it runs, a
 * single test may need what only some machines have (bubblewrap).
 */
function judgeSkips(name: string, tally: Tally): void {
  if (!process.env.CI || tally.skipped === 0) return;
  if (name === "real" && tally.reasons.every((reason) => reason.includes("npm cannot install"))) return;
  console.log(`  ${tally.skipped} skipped in CI: counted as failed`);
  tally.failed += tally.skipped;
  tally.skipped = 0;
}

const total: Tally = { passed: 0, failed: 0, skipped: 0, reasons: [] };
const began = performance.now();

function add(name: string, tally: Tally, since: number): void {
  const { passed, failed, skipped } = tally;
  const seconds = ((performance.now() - since) / 1000).toFixed(1);
  console.log(`${name}: ${passed} passed, ${failed} failed, ${skipped} skipped in ${seconds} s`);
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
}

async function check(): Promise<void> {
  const since = performance.now();
  const checks = await runChecks(STATIC_CHECKS);
  for (const { name, isOk, output } of checks) if (!isOk) console.log(`(fail) ${name}\n${output}`);
  const passed = checks.filter(({ isOk }) => isOk).length;
  add("checks", { passed, failed: checks.length - passed, skipped: 0, reasons: [] }, since);
}

/**
 * A sample of this size from a code base of which 85 % are noticed shows fewer than so many percent once in a hundred; it is
 * drawn by the commit, so that the same tree gives the same answer.
 */
const SAMPLE = { size: 40, least: 72 };

async function runMutants(): Promise<void> {
  const since = performance.now();
  const head = Bun.spawnSync(["git", "rev-parse", "HEAD"], { cwd: root, stderr: "ignore" }).stdout.toString();
  const seed = Number.parseInt(head.slice(0, 7), 16) || 1;
  const flags = ["--sample", String(SAMPLE.size), "--seed", String(seed), "--least", String(SAMPLE.least)];
  const ran = Bun.spawn([process.execPath, "--no-install", "setup/mutants/run.ts", ...flags], {
    cwd: root,
    env: { ...picked((name) => ALLOWED.includes(name)), ...placeOf("mutants"), NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 180_000,
  });
  const streams = [ran.stdout, ran.stderr].map((stream) => new Response(stream).text());
  const [said = "", wrong = ""] = await Promise.all(streams);
  const code = await ran.exited;
  const score = said.trimEnd().split("\n").at(-1) ?? "";
  console.log(`mutants:\n  ${score} (seed ${seed})`);
  if (code !== 0)
    console.log(
      `(fail) of ${SAMPLE.size} changes of core and engine too many were not noticed\n${said}${said ? "" : wrong}`,
    );
  add("mutants", { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0, reasons: [] }, since);
}

/** As long together as all others that need real programs. */
const LONG = ["journeys", "hours"];
/** Mostly work of one process, and as long together as the suite that begins beside them. */
const EARLY = ["the house", "unit", "fakes", "simulation"];
const BESIDE_EARLY = "security";
/** Browsers keep both cores busy. */
const ALONE = "web";

const memory = scratch(process.env.TMPDIR);
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));
process.once("exit", () => memory.end());
const placeOf = (suite: string): Record<string, string> =>
  memory.folder && suite !== ON_DISK ? { TMPDIR: memory.folder } : {};

/** One suite; what it prints comes in one piece, because another one may run beside it. */
async function runOne(suite: Suite, env: Record<string, string>): Promise<void> {
  const since = performance.now();
  const left = TOTAL_MS - (since - began);
  const lines: string[] = [];
  const print = (line: string) => lines.push(line);
  const limitMs = Math.min(suite.limitMs, left);
  const tally: Tally =
    left < 1000
      ? { passed: 0, failed: 1, skipped: 0, reasons: [] }
      : await runSuite({ ...suite, limitMs }, { ...env, ...placeOf(suite.name), NO_COLOR: "1" }, print);
  if (left < 1000) print("  not run: the suites before it used up the time");
  console.log([`${suite.name}:`, ...lines].join("\n"));
  judgeSkips(suite.name, tally);
  add(suite.name, tally, since);
}

async function inTurn(lane: Suite[], env: Record<string, string>): Promise<void> {
  for (const suite of lane) await runOne(suite, env);
}

/** Two lanes at a time: most of what needs real programs is waiting for them to start and to answer. */
async function runAll(wanted: string[]): Promise<void> {
  const env = picked((name) => ALLOWED.includes(name));
  const chosen = suites().filter(({ name }) => wanted.length === 0 || wanted.includes(name));
  const run = (isIts: (name: string) => boolean) =>
    inTurn(
      chosen.filter(({ name }) => isIts(name)),
      env,
    );
  const isFirst = (name: string) => [...EARLY, BESIDE_EARLY, ALONE].includes(name);
  await Promise.all([run((name) => EARLY.includes(name)), run((name) => name === BESIDE_EARLY)]);
  await run((name) => name === ALONE);
  await Promise.all([run((name) => LONG.includes(name)), run((name) => !LONG.includes(name) && !isFirst(name))]);
}

// Names after `npm test --` choose suites.
const wanted = process.argv.slice(2);
if (wanted.length === 0 || wanted.includes("checks")) await check();
await runAll(wanted);
if (wanted.length === 0 || wanted.includes("mutants")) await runMutants();
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed === 0 ? 0 : 1);
