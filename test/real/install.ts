import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

const VERSION = "2.1.328";
const PACKAGE = `@anthropic-ai/claude-code-${process.platform}-${process.arch}`;
const cache = process.env.MUSTER_CACHE ?? join(import.meta.dir, "../../.cache");
const folder = join(cache, `claude-${VERSION}`);

const programIn = (root: string) => join(root, "node_modules", PACKAGE, "claude");

/** The pinned CLI, or the reason why there is none. */
type Installed = { program: string; version: string } | { missing: string };

const run = (argv: string[], env: Record<string, string | undefined>) =>
  Bun.spawnSync(argv, { env, stdout: "pipe", stderr: "pipe", timeout: 180_000 });

/** Into a folder of its own first: a broken download never looks installed. */
function download(): string | undefined {
  const fresh = `${folder}.${process.pid}.tmp`;
  mkdirSync(fresh, { recursive: true });
  // npm alone gets this process's environment, for the registry's settings and certificates.
  const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-save", "--prefix", fresh];
  const done = run(["npm", "install", ...flags, `${PACKAGE}@${VERSION}`], process.env);
  if (done.exitCode !== 0 || !existsSync(programIn(fresh))) {
    rmSync(fresh, { recursive: true, force: true });
    const why = done.stderr.toString().match(/^npm error (?:code )?(.+)$/m)?.[1] ?? `exit code ${done.exitCode}`;
    return `npm cannot install ${PACKAGE}@${VERSION}: ${why}`;
  }
  rmSync(folder, { recursive: true, force: true });
  renameSync(fresh, folder);
  return undefined;
}

/** Installs Claude Code from the npm registry unless it is there, and asks it for its version. */
function installClaude(): Installed {
  const program = programIn(folder);
  const reason = existsSync(program) ? undefined : download();
  if (reason) return { missing: reason };
  const home = join(folder, "home");
  mkdirSync(home, { recursive: true });
  const said = run([program, "--version"], { PATH: "/usr/bin:/bin", HOME: home }).stdout.toString().trim();
  if (!said.startsWith(`${VERSION} `)) return { missing: `${program} says version ${said}, not ${VERSION}` };
  return { program, version: VERSION };
}

/** Asked once per run; a suite without it is skipped and says why. */
export const cli = installClaude();
if ("missing" in cli) console.error(`test/real is skipped: ${cli.missing}`);
