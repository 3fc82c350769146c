import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { constants, open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Hire } from "../../src/core/facts.ts";
import type { Driver, Glance, Place, Reading, Screen, Signal } from "../../src/core/ports.ts";

export interface BenchOrder {
  driver: Driver;
  /** The command that starts Muster. */
  muster?: string[];
  hire?: Partial<Hire>;
  /** Added to the environment of the program. */
  env?: Record<string, string>;
  /** Milliseconds within which a fact must show; a program that is slow to start needs more. */
  patience?: number;
  /** Called once with the place, before the first start: seeds of the own HOME. */
  prepare?(place: Place, hire: Hire): void;
}

const PATIENCE = 4000;

/** One agent of a driver in real tmux with a private socket, its own HOME and folders; what the daemon does is done by hand. */
export class DriverBench {
  readonly root = mkdtempSync(join(tmpdir(), "driver-"));
  readonly driver: Driver;
  readonly hire: Hire;
  readonly place: Place;
  pid = 0;
  #pane = "";
  #incarnation = 0;

  constructor(readonly order: BenchOrder) {
    const at = (name: string) => join(this.root, name);
    this.driver = order.driver;
    this.place = {
      folder: at("agent"),
      receipts: at("agent/receipts/1"),
      seen: at("agent/seen"),
      spool: at("spool"),
      letters: at("work/.muster/mailbox/peerA/inbox"),
      home: at("home"),
      socket: at("daemon.sock"),
      muster: order.muster ?? ["muster"],
    };
    this.hire = {
      agent: "a1b2c3d4",
      driver: order.driver.name,
      cwd: at("work"),
      permission: "workspace-write",
      ...order.hire,
    };
    const { folder, receipts, seen, spool, letters, home } = this.place;
    for (const path of [folder, receipts, seen, spool, letters, home, this.hire.cwd])
      mkdirSync(path, { recursive: true });
    order.prepare?.(this.place, this.hire);
    this.#tmux("new-session", "-d", "-x", "100", "-y", "30", "sleep 1000000", ";", "set", "-g", "remain-on-exit", "on");
  }

  /** A new incarnation of the program; `resume` = the session it continues. */
  start(resume?: string): void {
    this.place.receipts = join(this.place.folder, "receipts", String(++this.#incarnation));
    mkdirSync(this.place.receipts, { recursive: true });
    const { argv, env, files } = this.driver.launch(this.hire, this.place, resume);
    for (const file of files) {
      const path = join(this.place.folder, file.path);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, file.text);
      chmodSync(path, file.isProgram ? 0o700 : 0o600);
    }
    const all = Object.entries({ ...env, ...this.order.env }).flatMap(([name, value]) => ["-e", `${name}=${value}`]);
    const opened = this.#tmux("new-window", "-P", "-F", "#{pane_id} #{pane_pid}", "-c", this.hire.cwd, ...all, ...argv);
    const [pane = "", pid = "0"] = opened.trim().split(" ");
    this.#pane = pane;
    this.pid = Number(pid);
  }

  paste(text: string): void {
    this.#tmux("set-buffer", "-b", "bench", "--", text);
    this.#tmux("paste-buffer", "-p", "-r", "-d", "-b", "bench", "-t", this.#pane);
  }

  press(...keys: string[]): void {
    this.#tmux("send-keys", "-t", this.#pane, ...keys);
  }

  screen(): Screen {
    const ansi = this.#tmux("capture-pane", "-p", "-e", "-t", this.#pane).split("\n");
    const plain = this.#tmux("capture-pane", "-p", "-t", this.#pane).split("\n");
    return { ansi, plain, cursor: { x: 0, y: 0 }, title: "", cols: 100, rows: 30, unread: null };
  }

  glance(): Glance {
    return this.driver.read(this.screen());
  }

  tty(): string {
    return this.#tmux("display-message", "-p", "-t", this.#pane, "#{pane_tty}").trim();
  }

  /** Everything the hooks spooled so far, oldest first by the file's time; half-written files are left for later. */
  payloads(): Record<string, unknown>[] {
    const files = readdirSync(this.place.spool).map((name) => join(this.place.spool, name));
    const lines = files.flatMap((file) => readFileSync(file, "utf8").split("\n"));
    return lines.flatMap((line) => {
      try {
        return [JSON.parse(line)];
      } catch {
        return [];
      }
    });
  }

  readings(): Reading[] {
    return this.payloads().flatMap((payload) => {
      const event = String(payload.hook_event_name);
      const signal: Signal = event === "StatusLine" ? { from: "status", payload } : { from: "hook", event, payload };
      return this.driver.hear(signal) ?? [];
    });
  }

  /** What the CLI's own state record says; null without one. */
  recorded(): Reading | null {
    const path = this.driver.record?.(this.place, this.pid);
    if (!path || !existsSync(path)) return null;
    try {
      return this.driver.hear({ from: "record", record: JSON.parse(readFileSync(path, "utf8")) });
    } catch {
      // Just being written.
      return null;
    }
  }

  /** Presses C-u until nothing is left: a CLI may take one line of the screen at a time. */
  async empty(): Promise<void> {
    await this.until("an empty composer", () => {
      if (this.glance().composer === "") return true;
      this.press("C-u");
      return false;
    });
  }

  /** Prompts the model got, of all sessions that were told. */
  prompts(): string[] {
    const paths = new Set(this.readings().flatMap((reading) => reading.transcript ?? []));
    return [...paths].filter(existsSync).flatMap((path) =>
      readFileSync(path, "utf8")
        .split("\n")
        .flatMap((line) => this.driver.transcript(line)?.text ?? []),
    );
  }

  receipts(): string[] {
    return readdirSync(this.place.receipts).sort();
  }

  /** Answers the open dialog through the fifo that its hook announced. */
  async answer(choice: "allow" | "deny", reason = ""): Promise<void> {
    const fifo = this.payloads().findLast((payload) => payload.muster_answer)?.muster_answer;
    const file = await open(
      join(this.place.folder, "answers", String(fifo)),
      constants.O_WRONLY | constants.O_NONBLOCK,
    );
    await file.write(`${JSON.stringify(this.driver.answer?.(choice, reason))}\n`);
    await file.close();
  }

  /** How the program ended; null = it lives. */
  ended(): { code: number | null; signal: number | null } | null {
    // A dead pane of tmux 3.3a may stay unreaped until the next child ends; without -b this can wait for ever itself.
    this.#tmux("run-shell", "-b", "true");
    const format = "#{pane_dead},#{pane_dead_status},#{pane_dead_signal}";
    const [dead, code, signal] = this.#tmux("display-message", "-p", "-t", this.#pane, format).trim().split(",");
    if (dead !== "1" || (code === "" && signal === "")) return null;
    return { code: code === "" ? null : Number(code), signal: signal === "" ? null : Number(signal) };
  }

  /** Waits for a fact, never for a time. */
  async until<T>(what: string, fact: () => T): Promise<NonNullable<T>> {
    const end = performance.now() + (this.order.patience ?? PATIENCE);
    for (;;) {
      const value = fact();
      if (value) return value;
      if (performance.now() > end) throw new Error(`not seen: ${what}\n${this.screen().plain.join("\n")}`);
      await Bun.sleep(10);
    }
  }

  isReady(): boolean {
    const record = this.driver.record ? this.recorded()?.activity === "idle" : true;
    return record && this.glance().composer === "" && this.readings().some((reading) => reading.session);
  }

  close(): void {
    this.#tmux("kill-server");
    rmSync(this.root, { recursive: true, force: true });
  }

  #tmux(...args: string[]): string {
    const env = {
      PATH: process.env.PATH,
      HOME: this.place.home,
      LANG: "C.UTF-8",
      TERM: "xterm-256color",
      SHELL: "/bin/sh",
    };
    const run = Bun.spawnSync(["tmux", "-S", join(this.root, "tmux"), "-f", "/dev/null", ...args], { env });
    if (run.exitCode !== 0) throw new Error(`tmux ${args[0]}: ${run.stderr.toString()}`);
    return run.stdout.toString();
  }
}
