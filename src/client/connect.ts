import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Refusal } from "../core/refusal.ts";
import { VERSION } from "../version.ts";
import { type Client, openClient } from "./client.ts";
import type { Home } from "./home.ts";

const PATIENCE_MS = 10_000;
const LOOK_AGAIN_MS = 10;

/** Does somebody answer on this socket? By Bun's own connect: node:net takes 4 ms to load, more than the rest of a command. */
export const isListening = (socket: string): Promise<boolean> =>
  new Promise((done) => {
    const open = (line: { terminate(): void }) => {
      line.terminate();
      done(true);
    };
    Bun.connect({ unix: socket, socket: { open, data() {} } }).catch(() => done(false));
  });

/** Starts the daemon in a session of its own: it outlives this command and the terminal. */
export function startDaemon(
  home: Home,
  env: Record<string, string | undefined>,
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

function isRunning(pid: number): boolean {
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

/** Says so when another version answers than the one that asks; both understand each other as far as they can. */
function compareVersions(home: Home): void {
  let theirs: string | undefined;
  try {
    theirs = (JSON.parse(readFileSync(home.endpoint, "utf8")) as { version?: string }).version;
  } catch {
    // It has just started, or is about to end.
  }
  if (theirs === undefined || theirs === VERSION) return;
  console.error(
    `muster: the daemon has version ${theirs}, this is ${VERSION}; muster stop --daemon ends it, agents live on`,
  );
}

/** A client of the home's daemon, which is started when nobody answers. */
export async function connect(home: Home, env: Record<string, string | undefined>): Promise<Client> {
  // In an agent's terminal the daemon hears the agent, not the person.
  const client = () => openClient({ socket: home.socket, token: env.MUSTER_TOKEN });
  if (await isListening(home.socket)) {
    compareVersions(home);
    return client();
  }
  const main = join(import.meta.dir, "..", "main.ts");
  const daemon = startDaemon(home, env, main);
  const end = performance.now() + PATIENCE_MS;
  while (performance.now() < end) {
    if (await isListening(home.socket)) return client();
    // 73: another command started one in the same moment; its socket will answer.
    const code = daemon.ended();
    if (code !== null && code !== 73) break;
    await new Promise((done) => setTimeout(done, LOOK_AGAIN_MS));
  }
  throw new Refusal("unreachable", "the daemon did not start", `its words are in ${home.daemonLog}`);
}
