import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Refusal } from "../core/refusal.ts";
import { attach, type ControlClient, type ForeignLines, TmuxError } from "./control-client.ts";
import type { Command } from "./octal.ts";
import { isAlive, type Process, startOf } from "./processes.ts";
import { type ServerPlace, startServer, tmux } from "./tmux.ts";

const PATIENT_MS = 8000;
/** A client whose daemon is gone leaves within milliseconds, or never. */
const LEAVING_MS = 100;
const OLD_CLIENT_MS = 2000;
/** An answer takes milliseconds; one that takes longer than this is asked for past the client. */
const STALLED_MS = 500;
const SETTLE_MS = 50;

/** Muster's own tmux server: found or started, held by one control client, and noticed when it dies. */
export class Server {
  /** Pid and start time in tmux's words; pane ids mean something only together with it. */
  identity = "";
  private state: Promise<ControlClient | null>;
  private isStopped = false;

  constructor(
    private readonly place: ServerPlace,
    private readonly events: {
      lost(): void;
      /** A window or session came or went. */
      changed(): void;
    },
  ) {
    this.state = this.connect(false);
  }

  /** Runs commands as one line on the running server; refuses when there is none or what they name is gone. */
  async run(commands: Command[], foreignLines?: ForeignLines): Promise<string[][]> {
    const client = await this.state;
    if (!client) throw new Refusal("missing", "no terminal is open", "its tmux server is gone");
    try {
      return await client.run(commands, foreignLines);
    } catch (error) {
      const isGone = error instanceof TmuxError && /can't find|has exited|does not answer/.test(error.message);
      throw isGone ? new Refusal("missing", `the terminal is gone: ${error.message}`) : error;
    }
  }

  /** `run` for questions: asked once more when the client died over them. */
  async ask(commands: Command[], foreignLines?: ForeignLines): Promise<string[][]> {
    const client = await this.state;
    try {
      return await this.run(commands, foreignLines);
    } catch (error) {
      if (!(error instanceof Refusal) || !error.message.includes("does not answer")) throw error;
      await client?.gone;
      return this.run(commands, foreignLines);
    }
  }

  async isUp(): Promise<boolean> {
    return (await this.state) !== null;
  }

  /** Makes sure that a server runs. */
  async ensure(): Promise<void> {
    if (this.isStopped) throw new Refusal("state", "the terminals were stopped");
    this.state = this.state.then((client) => client ?? this.connect(true));
    await this.state;
  }

  /**
   * Drops a client that no longer answers although the server does, or is going: a new one is attached, or the server is given
   * up. A stalled client keeps a killed server half dead for ever (reliability F5). A busy server is waited for, at most 5 s.
   */
  async checkAnswering(): Promise<void> {
    const client = await this.state;
    if (!client || client.stalledFor() < STALLED_MS) return;
    await tmux(this.place, ["-N", "list-sessions"]);
    await Bun.sleep(SETTLE_MS);
    if (client.stalledFor() > STALLED_MS) client.kill();
  }

  /** Makes sure that the socket is there: without it nobody can attach, a person or this daemon's next life. */
  keepSocket(): void {
    if (!existsSync(this.place.socket)) this.makeSocket();
  }

  /** A server whose socket was removed makes it anew on SIGUSR1. */
  private makeSocket(): Process | null {
    const it = this.process();
    if (it) process.kill(it.pid, "SIGUSR1");
    return it;
  }

  /** Ends the client alone: agents outlive the daemon. */
  async stop(): Promise<void> {
    this.isStopped = true;
    const client = await this.state.catch(() => null);
    await client?.end();
  }

  /** Ends the client, then the server: a server with a client attached can hang half-dead (reliability F5). */
  async kill(): Promise<void> {
    await this.stop();
    const it = this.process();
    await tmux(this.place, ["-N", "kill-server"]);
    if (it) await endProcess(it);
    rmSync(this.pidPath, { force: true });
    rmSync(this.place.socket, { force: true });
  }

  private get pidPath(): string {
    return join(this.place.folder, "tmux.pid");
  }

  /** The server process, by number and start, as written when it was first met. */
  private process(): Process | null {
    try {
      const [pid, start] = readFileSync(this.pidPath, "utf8").split("\n");
      const it = { pid: Number(pid), start: start ?? "" };
      return isAlive(it) ? it : null;
    } catch {
      return null;
    }
  }

  private async connect(mayStart: boolean): Promise<ControlClient | null> {
    const client = (await this.attachAlone()) ?? (await this.revive()) ?? (mayStart ? await this.begin() : null);
    if (!client) return null;
    const [answer] = await client.run([["display-message", "-p", "#{pid} #{start_time}"]]);
    this.identity = answer?.[0] ?? "";
    const pid = Number(this.identity.split(" ")[0]);
    writeFileSync(this.pidPath, `${pid}\n${startOf(pid) ?? ""}\n`, { mode: 0o600 });
    void client.gone.then(() => this.reconnect());
    return client;
  }

  /**
   * Attaches when no control client of ours is left. tmux 3.3a crashes, and all agents with it, when the end of one is
   * announced while another one is half attached (seen: 5 of 6 at once after a kill -9 of the daemon). A client whose daemon
   * died while an answer was on its way never goes by itself (seen: 1 of 5): it is ended.
   */
  private async attachAlone(): Promise<ControlClient | null> {
    const began = performance.now();
    for (;;) {
      const ran = await tmux(this.place, ["-N", "list-clients", "-F", "#{client_pid} #{client_flags}"]);
      if (ran.code !== 0) return null;
      const old = ran.out.split("\n").filter(isOurClient);
      const waited = performance.now() - began;
      if (old.length === 0 || waited > OLD_CLIENT_MS) return attach(this.place, this.events.changed);
      if (waited > LEAVING_MS) for (const line of old) endClient(Number.parseInt(line, 10));
      await Bun.sleep(5);
    }
  }

  private async begin(): Promise<ControlClient> {
    rmSync(this.place.socket, { force: true });
    await startServer(this.place);
    const client = await attach(this.place, this.events.changed, PATIENT_MS);
    if (!client) throw new Refusal("failed", "tmux started but does not answer", "`muster doctor` looks at the set-up");
    return client;
  }

  /** A server without its socket is reached again; one that answers to nothing is ended. */
  private async revive(): Promise<ControlClient | null> {
    const it = this.makeSocket();
    if (!it) return null;
    const end = performance.now() + 1000;
    while (!existsSync(this.place.socket) && performance.now() < end) await Bun.sleep(5);
    const client = (await this.attachAlone()) ?? (await attach(this.place, this.events.changed, PATIENT_MS));
    if (!client) await endProcess(it);
    return client;
  }

  private async reconnect(): Promise<void> {
    if (this.isStopped) return;
    this.state = this.connect(false).catch(() => null);
    if ((await this.state) === null && !this.isStopped) this.events.lost();
  }
}

/** A person's control client (iTerm's `-CC`) takes output; only ours goes without. */
const isOurClient = (line: string): boolean => line.includes("control-mode") && line.includes("no-output");

function endClient(pid: number): void {
  try {
    if (pid > 1) process.kill(pid, "SIGKILL");
  } catch {
    // It left in between.
  }
}

/** Waits for a process that was told to end; SIGKILL after 2 s. */
async function endProcess(it: Process): Promise<void> {
  const end = performance.now() + 2000;
  while (isAlive(it) && performance.now() < end) await Bun.sleep(5);
  if (!isAlive(it)) return;
  process.kill(it.pid, "SIGKILL");
  while (isAlive(it)) await Bun.sleep(5);
}
