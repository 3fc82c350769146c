import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { Obstacle } from "./obstacle.mjs";

/** The checkout. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const modules = join(root, "node_modules");
const stampPath = join(modules, ".muster-lock-hash");
/** Leads to the locked Bun; `bin/muster` starts by it. */
const linkPath = join(modules, ".muster-bun");

const wantedBun = () => JSON.parse(readFileSync(join(root, "package.json"), "utf8")).dependencies.bun;

/** What node_modules must have been made from. The platform counts too: a folder may be shared with a container. */
function lockHash() {
  const hash = createHash("sha256").update(readFileSync(join(root, "bun.lock")));
  return hash.update(`${process.platform} ${process.arch}`).digest("hex");
}

/** Were the packages installed from this very lock? */
function isCurrent(hash) {
  try {
    return readFileSync(stampPath, "utf8") === hash && existsSync(linkPath);
  } catch {
    return false;
  }
}

/** Where a Bun may lie: the package puts it under `bun/bin` by its install script, else it stays with its platform. */
function* candidates() {
  const oven = join(modules, "@oven");
  const platforms = existsSync(oven) ? readdirSync(oven).map((name) => join(oven, name, "bin")) : [];
  for (const folder of [join(modules, "bun", "bin"), ...platforms]) {
    for (const name of ["bun.exe", "bun"]) yield join(folder, name);
  }
}

/** Without its install script the package leaves a stub of some 450 bytes, which only prints an error. */
const STUB_BYTES = 100_000;

/** The locked Bun that runs here; null = there is none yet. */
function findBun() {
  for (const path of candidates()) {
    if (!existsSync(path) || statSync(path).size < STUB_BYTES) continue;
    const ran = spawnSync(path, ["--version"], { encoding: "utf8" });
    if (ran.status === 0 && ran.stdout.trim() === wantedBun()) return path;
  }
  return null;
}

function install() {
  const bun = findBun();
  const args = ["install", "--frozen-lockfile", "--cwd", root];
  const [program, ...first] = bun ? [bun] : ["npx", "-y", `bun@${wantedBun()}`];
  console.log(`setup: installing the locked packages (${bun ? "bun" : `npx bun@${wantedBun()}`} install)`);
  // From elsewhere: inside the checkout npx would prefer a stub that it finds in node_modules.
  const ran = spawnSync(program, [...first, ...args], { cwd: tmpdir(), encoding: "utf8" });
  if (ran.status === 0) return;
  process.stderr.write(`${ran.stdout ?? ""}${ran.stderr ?? ""}`);
  const why = ran.error ? ran.error.message : `exit code ${ran.status}`;
  throw new Obstacle(
    `the packages were not installed: ${why}`,
    "the npm registry must be reachable; then run it again",
  );
}

/** Makes sure of node_modules as bun.lock has it; returns the path of the locked Bun. Some milliseconds when all is there. */
export function ensurePackages() {
  const hash = lockHash();
  if (isCurrent(hash)) return linkPath;
  install();
  const bun = findBun();
  if (!bun) {
    const what = `no Bun ${wantedBun()} for ${process.platform} ${process.arch} came with the packages`;
    throw new Obstacle(what, "see node_modules/@oven for what was installed");
  }
  rmSync(linkPath, { force: true });
  symlinkSync(relative(modules, bun), linkPath);
  writeFileSync(stampPath, hash);
  return linkPath;
}
