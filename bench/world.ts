import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Client, openClient } from "../src/client/client.ts";
import { isListening } from "../src/client/connect.ts";
import { type Home, homeAt } from "../src/client/home.ts";
import { startDaemon } from "../src/client/launch.ts";
import type { JobRow } from "../src/core/job-row.ts";
import type { State } from "../src/core/state.ts";
import { toEnd } from "./ending.ts";
import { tmux } from "./raw-tmux.ts";

export const ROOT = join(import.meta.dir, "..");
export const MAIN = join(ROOT, "src", "main.ts");

const PATIENCE_MS = 60_000;

export const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** Looks again every `step` ms until something is there. */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined | false> | T | undefined | false,
  step = 5,
  patience = PATIENCE_MS,
): Promise<T> {
  const end = performance.now() + patience;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (performance.now() > end) throw new Error(`never happened: ${what}`);
    await sleep(step);
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** A home of its own in a temporary folder, with a real daemon in it. */
export class World {
  readonly folder = mkdtempSync(join(tmpdir(), "muster-bench-"));
  readonly home: Home = homeAt(join(this.folder, "home"));
  readonly client: Client = openClient({ socket: this.home.socket });
  readonly end = toEnd(() => this.clear());
  pid = 0;

  constructor() {
    mkdirSync(this.home.folder, { mode: 0o700 });
  }

  /** Nothing of the machine's but the programs. */
  env(): Record<string, string> {
    return { PATH: process.env.PATH ?? "", HOME: this.folder, LANG: "C.UTF-8", MUSTER_HOME: this.home.folder };
  }

  /** Milliseconds from the spawn until the socket answers. */
  async boot(): Promise<number> {
    const began = performance.now();
    const daemon = startDaemon(this.home, this.env(), MAIN, ["--port", "0"]);
    this.pid = daemon.pid;
    await until(
      "the daemon answers",
      async () => {
        if (daemon.ended() !== null) throw new Error("the daemon ended at once");
        return isListening(this.home.socket);
      },
      1,
    );
    return performance.now() - began;
  }

  /** Ends the daemon; `agents`: and tmux with all agents. */
  async stop(agents: boolean): Promise<void> {
    await this.client.post("/api/shutdown", { agents }).catch(() => {});
    await until("the daemon ends", () => !isRunning(this.pid), 5, 15_000).catch(() =>
      process.kill(this.pid, "SIGKILL"),
    );
    this.pid = 0;
  }

  async start(prompt: string, more: Record<string, unknown> = {}): Promise<{ agent: string; mid: string }> {
    return this.client.post("/api/actions/jobs", { prompt, agent: "standin", cwd: this.folder, ...more });
  }

  job(agent: string): Promise<JobRow> {
    return this.client.get(`/api/jobs/${agent}`);
  }

  async state(): Promise<State> {
    return (await this.client.get<{ state: State }>("/api/state")).state;
  }

  /** So many stand-ins that have answered once, `together` of them started at the same time. */
  async startMany(count: number, together: number): Promise<string[]> {
    const agents: string[] = [];
    while (agents.length < count) {
      const now = Math.min(together, count - agents.length);
      const started = await Promise.all(Array.from({ length: now }, () => this.start("SAY: ready")));
      agents.push(...started.map(({ agent }) => agent));
      await this.quiet(agents);
    }
    return agents;
  }

  /** Waits until these agents are idle and no message is under way; by the stream, so that nobody asks over and over. */
  async quiet(agents: string[]): Promise<void> {
    const ending = new AbortController();
    const late = setTimeout(() => ending.abort(), PATIENCE_MS);
    try {
      for await (const { state } of this.client.follow(ending.signal)) {
        const isOpen = Object.values(state.messages).some(({ state }) => state === "queued" || state === "typing");
        if (!isOpen && agents.every((id) => state.agents[id]?.activity === "idle")) return;
      }
      throw new Error("never happened: all agents are idle");
    } finally {
      clearTimeout(late);
      ending.abort();
    }
  }

  private async clear(): Promise<void> {
    if (this.pid !== 0) await this.stop(true);
    await tmux(this.home.tmuxSocket, ["kill-server"]).catch(() => {});
    rmSync(this.folder, { recursive: true, force: true });
  }
}
