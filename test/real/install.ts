import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

const VERSION = "2.1.328";
const PACKAGE = `@anthropic-ai/claude-code-${process.platform}-${process.arch}`;
const cache = process.env.MUSTER_CACHE ?? join(import.meta.dir, "../../.cache");
const folder = join(cache, `claude-${VERSION}`);

const programIn = (root: string) => join(root, "node_modules", PACKAGE, "claude");

/** The pinned CLI, or the reason why there is none. `isUnreached`: nobody answered for the registry. */
type Installed = { program: string; version: string } | { missing: string; isUnreached?: boolean };

/** What npm says when nobody answers; anything else is the registry's own answer. */
const UNREACHED =
  /\b(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|E\w*TIMEDOUT|EHOSTUNREACH|ENETUNREACH|ERR_SOCKET_TIMEOUT)\b/;

const run = (argv: string[], env: Record<string, string | undefined>) =>
  Bun.spawnSync(argv, { env, stdout: "pipe", stderr: "pipe", timeout: 180_000 });

/** Into a folder of its own first: a broken download never looks installed. */
function download(): { missing: string; isUnreached?: boolean } | undefined {
  if (!Bun.which("npm")) return { missing: "npm, which fetches it, is not installed" };
  const fresh = `${folder}.${process.pid}.tmp`;
  mkdirSync(fresh, { recursive: true });
  // npm alone gets this process's environment, for the registry's settings and certificates.
  const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-save", "--prefix", fresh];
  const done = run(["npm", "install", ...flags, `${PACKAGE}@${VERSION}`], process.env);
  if (done.exitCode !== 0 || !existsSync(programIn(fresh))) {
    rmSync(fresh, { recursive: true, force: true });
    const said = done.stderr.toString();
    const why = said.match(/^npm (?:error|ERR!) (?:code )?(.+)$/m)?.[1] ?? `exit code ${done.exitCode}`;
    // Without an exit code it was ended by our own time limit.
    const isUnreached = done.exitCode === null || UNREACHED.test(said);
    return { missing: `npm cannot install ${PACKAGE}@${VERSION}: ${why}`, isUnreached };
  }
  rmSync(folder, { recursive: true, force: true });
  renameSync(fresh, folder);
  return undefined;
}

/** Installs Claude Code from the npm registry unless it is there, and asks it for its version. */
function installClaude(): Installed {
  const program = programIn(folder);
  const problem = existsSync(program) ? undefined : download();
  if (problem) return problem;
  const home = join(folder, "home");
  mkdirSync(home, { recursive: true });
  const said = run([program, "--version"], { PATH: "/usr/bin:/bin", HOME: home }).stdout.toString().trim();
  if (!said.startsWith(`${VERSION} `)) return { missing: `${program} says version ${said}, not ${VERSION}` };
  return { program, version: VERSION };
}

/** Asked once per run; a suite without it is skipped and says why. */
export const cli = installClaude();
if ("missing" in cli) {
  console.error(`test/real is skipped: ${cli.missing}`);
  if (process.env.CI && !cli.isUnreached)
    throw new Error(`in CI the real CLI may be missing only when its registry cannot be reached; ${cli.missing}`);
}
