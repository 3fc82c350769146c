import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Client, openClient } from "../../src/client/client.ts";
import { isListening } from "../../src/client/connect.ts";
import { type Home, homeAt } from "../../src/client/home.ts";
import { startDaemon } from "../../src/client/launch.ts";
import type { State } from "../../src/core/state.ts";

const MAIN = join(import.meta.dir, "..", "..", "src", "main.ts");
const PATIENCE_MS = 20_000;

/** Looks again until something is there; fails with what was awaited. */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined | false> | T | undefined | false,
  ms = PATIENCE_MS,
): Promise<T> {
  const end = performance.now() + ms;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (performance.now() > end) throw new Error(`never happened: ${what}`);
    await new Promise((done) => setTimeout(done, 10));
  }
}

/** One home of its own with real daemons in it, one after the other. */
export class World {
  readonly folder = mkdtempSync(join(tmpdir(), "muster-journey-"));
  readonly home: Home = homeAt(join(this.folder, "home"));
  readonly client: Client = openClient({ socket: this.home.socket });
  pid = 0;

  /** An environment with nothing of the machine's but the programs. */
  env(more: Record<string, string> = {}): Record<string, string> {
    return { PATH: process.env.PATH ?? "", HOME: this.folder, LANG: "C.UTF-8", MUSTER_GRACE_MS: "1000", ...more };
  }

  async boot(more: Record<string, string> = {}, args = ["--port", "0"]): Promise<void> {
    mkdirSync(this.home.folder, { recursive: true, mode: 0o700 });
    const daemon = startDaemon(this.home, this.env(more), MAIN, args);
    this.pid = daemon.pid;
    await until(
      "the daemon answers",
      async () => (await isListening(this.home.socket)) || (daemon.ended() !== null && "ended"),
    );
  }

  isUp(): boolean {
    if (this.pid === 0) return false;
    try {
      process.kill(this.pid, 0);
      return true;
    } catch {
      return false;
    }
  }

  /** SIGKILL, and wait until it is gone. */
  async kill(): Promise<void> {
    process.kill(this.pid, "SIGKILL");
    await until("the daemon is gone", async () => !(await isListening(this.home.socket)));
  }

  async state(): Promise<State> {
    return (await this.client.get<{ state: State }>("/api/state")).state;
  }

  async start(prompt: string, more: Record<string, unknown> = {}): Promise<string> {
    const order = { prompt, agent: "standin", cwd: this.folder, ...more };
    return (await this.client.post<{ agent: string }>("/api/actions/jobs", order)).agent;
  }

  async send(agent: string, message: string, mid?: string): Promise<string> {
    return (await this.client.post<{ mid: string }>(`/api/actions/jobs/${agent}/send`, { message, mid })).mid;
  }

  /** Ends agents, tmux and the daemon, and removes the folder. */
  async end(): Promise<void> {
    if (!this.isUp()) await this.boot();
    await this.client.post("/api/shutdown", { agents: true }).catch(() => {});
    await until("the daemon has ended", () => !this.isUp(), 5000);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
