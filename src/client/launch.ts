import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import type { Environment } from "../core/environment.ts";
import type { Client } from "./client.ts";
import type { Home } from "./home.ts";

const LOOK_AGAIN_MS = 10;

/** Starts the daemon in a session of its own: it outlives this command and the terminal. */
export function startDaemon(
  home: Home,
  env: Environment,
  main: string,
  args: string[] = [],
): { pid: number; ended: () => number | null } {
  mkdirSync(dirname(home.daemonLog), { recursive: true, mode: 0o700 });
  const log = openSync(home.daemonLog, "a", 0o600);
  const child = Bun.spawn([process.execPath, "--no-install", main, "daemon", ...args], {
    detached: true,
    stdio: ["ignore", log, log],
    env: { ...env, MUSTER_HOME: home.folder },
    cwd: home.folder,
  });
  closeSync(log);
  child.unref();
  return { pid: child.pid, ended: () => child.exitCode };
}

const LEAVING_MS = 15_000;

/** Is there a process of ours with this id? */
export function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Ends a daemon together with its agents, and resolves once it is gone: whoever removes its home earlier keeps its tmux. */
export async function endDaemon(client: Client): Promise<void> {
  const { pid } = await client.get<{ pid: number }>("/api/health");
  await client.post("/api/shutdown", { agents: true });
  const end = performance.now() + LEAVING_MS;
  while (isRunning(pid) && performance.now() < end) await new Promise((done) => setTimeout(done, LOOK_AGAIN_MS));
}
