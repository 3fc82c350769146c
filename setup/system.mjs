import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { Obstacle } from "./obstacle.mjs";

/** How each package manager installs one package, in order of preference; all but brew need root. */
const MANAGERS = {
  "apt-get": (name) => [
    ["update", "-q"],
    ["install", "-y", "-q", "--no-install-recommends", name],
  ],
  dnf: (name) => [["install", "-y", name]],
  apk: (name) => [["add", name]],
  pacman: (name) => [["-Sy", "--noconfirm", name]],
  brew: (name) => [["install", name]],
};

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Absolute path of a program; null = not on PATH. */
function which(name) {
  const folders = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  return folders.map((folder) => join(folder, name)).find(isProgram) ?? null;
}

const manager = () => Object.keys(MANAGERS).find(which);

/** What must stand before a command that needs root; null = root cannot be had without a question. */
function rootPrefix(name) {
  if (name === "brew" || process.getuid?.() === 0) return [];
  if (which("sudo") && spawnSync("sudo", ["-n", "true"], { stdio: "ignore" }).status === 0) return ["sudo", "-n"];
  return null;
}

/** What a person would type to install it. */
function advice(name) {
  const found = manager();
  if (!found && process.platform === "darwin") return `install Homebrew, then type: brew install ${name}`;
  if (!found) return `install ${name} with your system's package manager`;
  const sudo = found === "brew" || process.getuid?.() === 0 ? "" : "sudo ";
  return `type: ${sudo}${found} ${MANAGERS[found](name).at(-1).join(" ")}`;
}

/** Installs a system package where that is possible without asking; false = it is not, or it failed (its output is shown). */
function installPackage(name) {
  const found = manager();
  const prefix = found ? rootPrefix(found) : null;
  if (!found || !prefix) return false;
  console.log(`setup: ${name} is missing; installing it with ${[...prefix, found].join(" ")}`);
  for (const args of MANAGERS[found](name)) {
    const [program, ...rest] = [...prefix, "env", "DEBIAN_FRONTEND=noninteractive", found, ...args];
    const ran = spawnSync(program, rest, { encoding: "utf8" });
    if (ran.status === 0) continue;
    process.stderr.write(`${ran.stdout ?? ""}${ran.stderr ?? ""}`);
    return false;
  }
  return true;
}

/** Why the installed tmux will not do; null = it will. */
function tmuxFault() {
  const path = which("tmux");
  if (!path) return "tmux is missing";
  const said = spawnSync(path, ["-V"], { encoding: "utf8" }).stdout?.trim() ?? "";
  if (/tmux (master|openbsd)/.test(said)) return null;
  const [, major = 0, minor = 0] = /(\d+)\.(\d+)/.exec(said)?.map(Number) ?? [];
  const isNew = major > 3 || (major === 3 && minor >= 2);
  return isNew ? null : `${said || "this tmux"} is too old`;
}

/** tmux 3.2 or newer, installed when missing and possible. */
export function ensureTmux() {
  if (tmuxFault() === null) return;
  installPackage("tmux");
  const fault = tmuxFault();
  if (fault) throw new Obstacle(`${fault}: Muster needs tmux 3.2 or newer`, advice("tmux"));
}

/** git, installed when missing and possible. */
export function ensureGit() {
  if (which("git")) return;
  installPackage("git");
  if (!which("git")) throw new Obstacle("git is missing", advice("git"));
}

/** Says how to type `muster` from everywhere, in a home that needs no root; nothing where it is typed so already. */
export function sayLink(program) {
  if (which("muster")) return;
  const folder = join(homedir(), ".local", "bin");
  console.log(`setup: to type muster anywhere: mkdir -p "${folder}" && ln -s "${program}" "${folder}/muster"`);
  const isOnPath = (process.env.PATH ?? "").split(delimiter).includes(folder);
  if (!isOnPath) console.log(`setup: in your shell's profile: export PATH="${folder}:$PATH"`);
}

const answers = (path) => spawnSync(path, ["--version"], { stdio: "ignore" }).status === 0;

/** Installs what only tests need: by apt as root, because elsewhere the package differs or has another name. */
const bring = (name) => process.getuid?.() === 0 && manager() === "apt-get" && installPackage(name);

/** What Claude Code confines its Bash with on Linux; without it one test of the real CLI is skipped. */
export function ensureSandbox() {
  if (process.platform !== "linux") return;
  for (const [program, name] of [
    ["bwrap", "bubblewrap"],
    ["socat", "socat"],
  ])
    if (!which(program) && !bring(name))
      console.log(`setup: no test of the CLI's sandbox: ${name} is missing; ${advice(name)}`);
}

/** Chromium for the browser tests: $CHROMIUM, or the distribution's. null = none, after a line that says why. */
export function ensureChromium() {
  const named = process.env.CHROMIUM;
  if (named) {
    if (isProgram(named)) return named;
    console.log(`setup: no browser tests: CHROMIUM names ${named}, which is not a program`);
    return null;
  }
  const installed = () => which("chromium") ?? which("chromium-browser");
  const known = installed();
  if (known) return known;
  const isTried = bring("chromium");
  const fresh = installed();
  // Some distributions have a package of this name that only points to another one.
  if (fresh && answers(fresh)) return fresh;
  const why = isTried ? "the installed Chromium does not start" : "Chromium is missing";
  console.log(`setup: no browser tests: ${why}; ${advice("chromium")}`);
  return null;
}
