/**
 * `node setup/run.mjs demo|test|install`: makes a fresh clone ready, then runs. Plain Node 18 without packages, because
 * it runs before there are any; Bun, the packages and tmux are what it brings.
 */
import { spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { Obstacle } from "./obstacle.mjs";
import { ensurePackages, root } from "./packages.mjs";
import { ensureChromium, ensureGit, ensureSandbox, ensureTmux, sayLink } from "./system.mjs";

/** Runs a program in our place: same terminal, same signals, same exit code. */
function become(program, args, env = process.env) {
  const child = spawn(program, args, { cwd: root, env, stdio: "inherit" });
  // The terminal sends SIGINT to both; the child decides what it means.
  process.on("SIGINT", () => {});
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    console.error(`muster: ${program} did not start: ${error.message}`);
    process.exit(1);
  });
  child.on("exit", (code, signal) => {
    process.exitCode = code ?? (signal === "SIGINT" ? 130 : 1);
  });
}

const TASKS = {
  install: () => {
    ensureGit();
    ensureTmux();
    const bun = ensurePackages();
    console.log(`setup: ready, with ${bun}`);
    sayLink(join(root, "bin", "muster"));
    // What is still to be done, such as the login of a CLI, it says itself: the installation is complete without.
    spawnSync(bun, ["--no-install", "src/main.ts", "health"], { cwd: root, stdio: "inherit" });
  },
  demo: (args) => {
    ensureGit();
    ensureTmux();
    become(ensurePackages(), ["--no-install", "src/main.ts", "demo", ...args]);
  },
  test: (args) => {
    ensureGit();
    ensureTmux();
    const bun = ensurePackages();
    const chromium = ensureChromium();
    ensureSandbox();
    become(bun, ["--no-install", "setup/test.ts", ...args], {
      ...process.env,
      ...(chromium ? { CHROMIUM: chromium } : {}),
    });
  },
};

const [name = "install", ...args] = process.argv.slice(2);
const task = Object.hasOwn(TASKS, name) ? TASKS[name] : null;
try {
  if (process.platform === "win32") throw new Obstacle("Windows has no tmux", "use the Linux subsystem (WSL)");
  const [major] = process.versions.node.split(".").map(Number);
  if (major < 18) throw new Obstacle(`Node ${process.versions.node} is too old`, "Node 18 or newer is needed");
  if (!task) throw new Obstacle(`no task ${name}`, `tasks: ${Object.keys(TASKS).join(", ")}`);
  task(args);
} catch (error) {
  if (!(error instanceof Obstacle)) throw error;
  console.error(`muster: ${error.message}; ${error.hint}`);
  process.exitCode = task ? 1 : 64;
}
