import { closeSync, constants, openSync, rmSync, writeFileSync } from "node:fs";
import { isAbsolute, join, normalize } from "node:path";
import type { Key, OpenTerminal, PaneStatus, Screen, TerminalOrder, Terminals } from "../core/ports.ts";
import { Refusal } from "../core/refusal.ts";
import { bytesOf, visible } from "../core/text.ts";
import { isAtLeast } from "../core/tmux-version.ts";
import { ByteLogs, type LogBytes, logSize } from "./byte-log.ts";
import { clearStale, writeLaunch } from "./launch-file.ts";
import { type LayoutKind, openLayout } from "./layout.ts";
import { checkAgent, checkPane, checkSize, sessionOf } from "./names.ts";
import { type Command, whileAlive } from "./octal.ts";
import { type PaneEvents, Panes, ROUND_MS } from "./panes.ts";
import { privateFolder } from "./private-files.ts";
import { endFamily, startOf } from "./processes.ts";
import { historyCommands, historyLines, plainLine, readScreen, screenCommands, screenLines } from "./screen.ts";
import { Server } from "./server.ts";
import { SessionList } from "./session-list.ts";
import { checkVersion, exitsPath, logPath, pipeCommand, type ServerPlace } from "./tmux.ts";
import { titleOf, type WindowPane, type WindowPanes, windowProgram } from "./window.ts";

export interface TerminalsOptions extends PaneEvents, ServerPlace {
  /** A hint that an agent printed something; many per second are possible. */
  onOutput?(agent: string): void;
  /** How long a program may take to end after SIGHUP before SIGKILL. */
  graceMs?: number;
  /** Time between two looks at all panes, beside what tmux tells by itself. */
  roundMs?: number;
}

/** Terminals with their life: the port, and what only their owner may do. */
export interface TerminalServer extends Terminals {
  /** The last lines of a pane, its scrollback included, without escape sequences. */
  history(pane: string, lines: number): Promise<string[]>;
  /** Ends our own part; the server and its agents live on. */
  stop(): Promise<void>;
  /** Ends every agent and the server. */
  killServer(): Promise<void>;
  /** Opens a team's window for people, unless it is open; returns what attaches to it. */
  layout(name: string, kind: LayoutKind, panes: WindowPanes): Promise<string[]>;
  /** Closes a team's window; harmless when there is none. */
  closeLayout(name: string): Promise<void>;
  sessions: SessionList;
  /** What attaches a person's terminal to an agent. */
  attachArgv(agent: string): string[];
}

let pastes = 0;

const GRACE_MS = 1000;
/** Longer texts go by file; this bounds the memory of tmux (reliability F21). */
const LONGEST_PASTE = 1024 * 1024;
const OLD_EXITS = 1024 * 1024;
const KEYS = new Set(["Enter", "Escape", "C-u", "C-c", "Up", "Down"]);

/** Opens the terminals of a home: attaches to a server that still runs; a new one starts with the first agent. */
export async function createTerminals(options: TerminalsOptions): Promise<TerminalServer> {
  const { folder, socket } = options;
  if (!isAbsolute(folder) || normalize(folder) !== folder || folder.endsWith("/"))
    throw new Refusal("usage", "the folder of the terminals must be an absolute path");
  const version = await checkVersion();
  for (const path of [folder, join(folder, "jobs"), join(folder, "launch"), join(socket, "..")]) privateFolder(path);
  clearStale(join(folder, "launch"));
  const terminals = new TmuxTerminals(options, isAtLeast(version, 3, 7));
  await terminals.begin();
  return terminals;
}

class TmuxTerminals implements TerminalServer {
  readonly sessions: SessionList;
  private readonly server: Server;
  private readonly panes: Panes;
  private readonly logs: ByteLogs;

  constructor(
    private readonly options: TerminalsOptions,
    /** From 3.7 on tmux rewrites pastes unless told not to (read in its source, not seen). */
    private readonly mustPasteVerbatim: boolean,
  ) {
    const { folder, onOutput } = options;
    const tell = (name: string) => name.endsWith(".log") && onOutput?.(name.slice(0, -4));
    this.logs = new ByteLogs(join(folder, "jobs"), onOutput ? tell : undefined);
    const events = { lost: () => this.panes.lost(), changed: () => this.panes.changed() };
    this.server = new Server({ folder, socket: options.socket }, events);
    this.sessions = new SessionList(this.server);
    this.panes = new Panes(this.server, folder, this.logs, options, options.roundMs ?? ROUND_MS);
  }

  async begin(): Promise<void> {
    for (const status of await this.panes.list()) this.panes.note(status);
    const exits = exitsPath(this.options.folder);
    if (!(await this.server.isUp()) && logSize(exits) > OLD_EXITS) rmSync(exits, { force: true });
    // The caller has the object before the first event comes.
    setImmediate(() => this.panes.begin());
  }

  async open(order: TerminalOrder): Promise<OpenTerminal> {
    checkAgent(order.agent);
    checkSize(order.cols, order.rows);
    if (!Number.isInteger(order.incarnation) || order.incarnation < 0)
      throw new Refusal("usage", "an incarnation is a whole number");
    await this.server.ensure();
    const log = this.createLog(order.agent);
    const launch = writeLaunch(join(this.options.folder, "launch"), order);
    try {
      return { ...(await this.createOrAdopt(order, launch)), log };
    } catch (error) {
      rmSync(launch, { force: true });
      throw error;
    }
  }

  list(): Promise<PaneStatus[]> {
    return this.panes.list();
  }

  async screen(pane: string): Promise<Screen> {
    return readScreen(await this.server.ask(screenCommands(checkPane(pane)), screenLines));
  }

  async history(pane: string, lines: number): Promise<string[]> {
    const asked = Math.min(Math.max(1, Math.floor(lines)), 100_000);
    const answers = await this.server.ask(historyCommands(checkPane(pane), asked), historyLines(asked));
    const shown = (answers[1] ?? []).map(plainLine);
    // Below the last text a screen is empty.
    return shown.slice(0, shown.findLastIndex((line) => line !== "") + 1).slice(-asked);
  }

  watch(log: string, offset: number, signal: AbortSignal): AsyncIterable<LogBytes> {
    return this.logs.watch(log, offset, signal);
  }

  async paste(pane: string, text: string): Promise<void> {
    checkPane(pane);
    const safe = visible(text);
    if (safe === "") return;
    if (bytesOf(safe) > LONGEST_PASTE) throw new Refusal("usage", "too long to paste", "send it as a file");
    // Unique to this call: a shared buffer mixes prompts.
    const name = `paste-${process.pid}-${++pastes}`;
    const path = join(this.options.folder, "launch", name);
    writeFileSync(path, safe, { mode: 0o600, flag: "wx" });
    const verbatim = this.mustPasteVerbatim ? ["-S"] : [];
    try {
      await this.server.run([
        // The path is expanded as a format: `##` is `#`.
        ["load-buffer", "-b", name, path.replaceAll("#", "##")],
        whileAlive(pane, ["paste-buffer", "-p", "-r", "-d", ...verbatim, "-b", name, "-t", pane]),
      ]);
    } catch (error) {
      await this.server.run([["delete-buffer", "-b", name]]).catch(() => {});
      throw error;
    } finally {
      rmSync(path, { force: true });
    }
  }

  async press(pane: string, keys: Key[]): Promise<void> {
    checkPane(pane);
    const sends = keys.flatMap((it): Command[] => {
      if (!("text" in it)) {
        if (!KEYS.has(it.key)) throw new Refusal("usage", "not a key that can be pressed");
        return [["send-keys", "-t", pane, it.key]];
      }
      return it.text === "" ? [] : [["send-keys", "-t", pane, "-l", "--", it.text]];
    });
    if (sends.length === 0) return;
    // While a person scrolls, keys would go to tmux's copy mode instead of the program.
    await this.server.run([["copy-mode", "-q", "-t", pane], ...sends]);
  }

  async resize(pane: string, cols: number, rows: number): Promise<void> {
    checkPane(pane);
    checkSize(cols, rows);
    await this.server.run([["resize-window", "-t", pane, "-x", String(cols), "-y", String(rows)]]);
  }

  async close(pane: string): Promise<void> {
    checkPane(pane);
    await this.panes.look();
    const it = this.panes.get(pane);
    if (!it) return;
    // A dead pane's number may belong to a stranger by now, unless nobody living has it.
    if (!it.isDead || startOf(it.pid) === null) await endFamily(it.pid, this.options.graceMs ?? GRACE_MS);
    await this.panes.look();
    const session = `=${sessionOf(it.agent)}`;
    // Only the first pane's end takes the rest of its session: a newer session of this name is never hit.
    await this.server
      .run([
        ["kill-pane", "-t", pane],
        ["kill-session", "-t", session],
      ])
      .catch(() => {});
    this.panes.forget(pane);
  }

  attachArgv(agent: string): string[] {
    return ["tmux", "-S", this.options.socket, "-N", "attach", "-t", `=${sessionOf(agent)}`];
  }

  async layout(name: string, kind: LayoutKind, panes: WindowPanes): Promise<string[]> {
    const argv = this.attachArgv(name);
    await this.server.ensure();
    const isOpen = await this.server.run([["has-session", "-t", `=${sessionOf(name)}`]]).then(
      () => true,
      () => false,
    );
    if (isOpen) return argv;
    const shown = Object.entries(panes).map(([part, pane]) => {
      return [part, { title: titleOf(pane), script: this.windowScript(name, pane) }] as const;
    });
    await openLayout((commands) => this.server.run(commands), { name, kind, panes: Object.fromEntries(shown) });
    return argv;
  }

  async closeLayout(name: string): Promise<void> {
    await this.server.run([["kill-session", "-t", `=${sessionOf(name)}`]]).catch(() => {});
  }

  private windowScript(name: string, pane: WindowPane): string {
    const { argv, env } = windowProgram(pane, this.options.socket);
    const order = { agent: checkAgent(name), incarnation: 0, argv, env, cwd: "/", cols: 0, rows: 0 };
    return writeLaunch(join(this.options.folder, "launch"), order);
  }

  async stop(): Promise<void> {
    this.panes.stop();
    this.logs.stop();
    await this.server.stop();
  }

  async killServer(): Promise<void> {
    const open = await this.list().catch(() => []);
    this.panes.stop();
    const graceMs = this.options.graceMs ?? GRACE_MS;
    await Promise.all(open.filter((it) => !it.isDead).map((it) => endFamily(it.pid, graceMs)));
    this.logs.stop();
    await this.server.kill();
  }

  /** Made by us so that its mode is ours; tmux's `cat` then only appends. */
  private createLog(agent: string): string {
    const log = logPath(this.options.folder, agent);
    const { O_WRONLY, O_APPEND, O_CREAT, O_NOFOLLOW } = constants;
    closeSync(openSync(log, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW, 0o600));
    return log;
  }

  /** Pane, marks and pipe in one line of commands, so that the log has the first byte. */
  private async create(order: TerminalOrder, launch: string): Promise<{ pane: string; pid: number }> {
    const { agent, incarnation } = order;
    const session = sessionOf(agent);
    const target = `=${session}:`;
    const [created] = await this.server.run([
      [
        ...(["new-session", "-d", "-s", session, "-x", String(order.cols), "-y", String(order.rows)] as const),
        ...["-P", "-F", "#{pane_id} #{pane_pid}", "/bin/sh", launch],
      ],
      ["set-option", "-p", "-t", target, "@muster_agent", agent],
      ["set-option", "-p", "-t", target, "@muster_incarnation", String(incarnation)],
      ["pipe-pane", "-t", target, pipeCommand(agent)],
    ]);
    const [pane = "", pid] = (created?.[0] ?? "").split(" ");
    const it = { pane: checkPane(pane), pid: Number(pid) };
    this.panes.note({ ...it, agent, incarnation, isDead: false, code: null, signal: null, isPiped: true });
    return it;
  }

  private async createOrAdopt(order: TerminalOrder, launch: string): Promise<{ pane: string; pid: number }> {
    try {
      return await this.create(order, launch);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.includes("duplicate session")) throw error;
    }
    const old = await this.makeRoom(order);
    if (!old) return this.create(order, launch);
    rmSync(launch, { force: true });
    return { pane: old.pane, pid: old.pid };
  }

  /** The session of this agent already exists: the same run is given back, a dead one is closed, a living one refused. */
  private async makeRoom(order: TerminalOrder): Promise<PaneStatus | null> {
    await this.panes.look();
    const old = this.panes.ofAgent(order.agent);
    if (old && old.incarnation === order.incarnation) {
      this.panes.repeat(old.pane);
      return old;
    }
    if (old && !old.isDead)
      throw new Refusal("state", `agent ${order.agent} still runs in ${old.pane}`, "close that terminal first");
    if (old) await this.close(old.pane);
    else await this.server.run([["kill-session", "-t", `=${sessionOf(order.agent)}`]]);
    return null;
  }
}
