import type { PaneStatus } from "../core/ports.ts";
import type { ByteLogs } from "./byte-log.ts";
import { isUnreaped, listCommand, readExit, readPane } from "./pane-list.ts";
import { endFamily, startOf } from "./processes.ts";
import type { Server } from "./server.ts";
import { exitsPath, pipeCommand } from "./tmux.ts";

/** One run of an agent's program. */
export interface Run {
  agent: string;
  incarnation: number;
}

/** How a run ended; both null = its pane was taken away before tmux could say. */
export interface Exit extends Run {
  code: number | null;
  signal: number | null;
}

export interface PaneEvents {
  /** Each ended run, at least once per life of this object; again after a restart as long as its pane exists. */
  onExit(exit: Exit): void;
  /** The tmux server died, and with it these runs, which had not ended before. */
  onServerLost?(runs: Run[]): void;
}

interface Known extends PaneStatus {
  /** When the program's process began. */
  start: string | null;
  isReported: boolean;
  /** Number of the round in which it was met. */
  since: number;
}

/** Time between two rounds of looking (ms). */
export const ROUND_MS = 2000;
/** How long a round's list may take before the client is doubted. */
const SLOW_MS = 600;
const CURE_MS = 20;
/** Windows that come or go together are looked at together. */
const CHANGED_MS = 50;
/** For programs that outlive their terminal when the server is gone. */
const LOST_GRACE_MS = 1000;

/** Knows every pane of an agent and tells its end: pushed by tmux's exit lines, with a round of looking as backstop. */
export class Panes {
  private readonly known = new Map<string, Known>();
  /** Panes closed by us: an answer under way must not bring them back. */
  private readonly closed = new Set<string>();
  private round = 0;
  private timer: Timer | null = null;
  private isDue = false;
  private readonly reading = new AbortController();

  constructor(
    private readonly server: Server,
    private readonly folder: string,
    private readonly logs: ByteLogs,
    private readonly events: PaneEvents,
    private readonly roundMs: number,
  ) {}

  begin(): void {
    if (this.reading.signal.aborted) return;
    this.timer = setInterval(() => {
      this.server.keepSocket();
      void this.look();
    }, this.roundMs);
    void this.look().then(() => this.readExits());
  }

  /** Windows came or went: looks, unless a look that began later than this is due anyway. */
  changed(): void {
    if (this.isDue || this.reading.signal.aborted) return;
    this.isDue = true;
    setTimeout(() => {
      this.isDue = false;
      if (!this.reading.signal.aborted) void this.look();
    }, CHANGED_MS);
  }

  stop(): void {
    this.reading.abort();
    if (this.timer) clearInterval(this.timer);
  }

  note(status: PaneStatus): Known {
    const old = this.known.get(status.pane);
    const isSame = old?.pid === status.pid && old.agent === status.agent;
    const now: Known = {
      ...status,
      start: isSame ? old.start : startOf(status.pid),
      isReported: isSame && old.isReported,
      since: isSame ? old.since : this.round,
    };
    this.known.set(status.pane, now);
    return now;
  }

  get(pane: string): Known | undefined {
    return this.known.get(pane);
  }

  ofAgent(agent: string): Known | undefined {
    return [...this.known.values()].find((it) => it.agent === agent);
  }

  /** Forgets a pane that is gone, after telling its end. */
  forget(pane: string): void {
    this.closed.add(pane);
    const it = this.known.get(pane);
    if (it) this.report(it, it.code, it.signal);
    this.known.delete(pane);
  }

  /** Lets the end of a run be told once more. */
  repeat(pane: string): void {
    const it = this.known.get(pane);
    if (it) it.isReported = false;
  }

  /** All panes as tmux sees them; none when there is no server. */
  async list(): Promise<PaneStatus[]> {
    if (!(await this.server.isUp())) return [];
    const [lines] = await this.server.ask([listCommand]).catch(async (error) => {
      if (await this.server.isUp()) throw error;
      return [[]];
    });
    return (lines ?? []).flatMap((line) => readPane(line) ?? []);
  }

  /** One round: notes what is there, tells what ended or vanished, cures what tmux left half done. */
  async look(): Promise<void> {
    const late = setTimeout(() => void this.server.checkAnswering(), SLOW_MS);
    try {
      const round = ++this.round;
      const found = (await this.list()).filter((it) => !this.closed.has(it.pane));
      const seen = new Set(found.map((it) => it.pane));
      // A pane noted after this round began may be missing from the answer.
      const gone = [...this.known.values()].filter((it) => !seen.has(it.pane) && it.since < round);
      for (const it of gone) this.forget(it.pane);
      for (const status of found) this.judge(this.note(status));
      if (found.some(isUnreaped)) await this.cure();
    } catch {
      // The server is going; `lost` or the next round says what became of it.
    } finally {
      clearTimeout(late);
    }
  }

  /** The server is gone: tells which runs went with it and ends what survived its terminal. */
  lost(): void {
    const open = [...this.known.values()].filter((it) => !it.isReported);
    this.known.clear();
    this.closed.clear();
    for (const it of open) if (it.start !== null && startOf(it.pid) === it.start) void endFamily(it.pid, LOST_GRACE_MS);
    this.events.onServerLost?.(open.map(({ agent, incarnation }) => ({ agent, incarnation })));
  }

  private judge(it: Known): void {
    if (it.isDead && !isUnreaped(it)) this.report(it, it.code, it.signal);
    // Without -o, which would toggle: this closes a dead pipe and opens a new one.
    if (!it.isDead && !it.isPiped)
      void this.server.run([["pipe-pane", "-t", it.pane, pipeCommand(it.agent)]]).catch(() => {});
  }

  private report(it: Known, code: number | null, signal: number | null): void {
    if (it.isReported) return;
    this.events.onExit({ agent: it.agent, incarnation: it.incarnation, code, signal });
    // Only then: what could not be taken down, as on a full disk, is told again by the next round.
    it.isReported = true;
  }

  /** Any SIGCHLD makes tmux 3.3a reap what it forgot; then its exit line comes by itself. */
  private async cure(): Promise<void> {
    await this.server.run([["run-shell", "-b", "true"]]);
    await Bun.sleep(CURE_MS);
    for (const status of await this.list()) this.judge(this.note(status));
  }

  /** Read from the start each time: whoever gets the exits takes each only once. */
  private async readExits(): Promise<void> {
    let rest = "";
    for await (const { bytes } of this.logs.watch(exitsPath(this.folder), 0, this.reading.signal)) {
      const lines = (rest + Buffer.from(bytes).toString("latin1")).split("\n");
      rest = lines.pop() ?? "";
      const isUnclear = lines.map((line) => this.heard(line)).includes(false);
      if (isUnclear) await this.look();
    }
  }

  /** False = only the list can say what this line means: its pane is unknown (just opened, or closed) or it has no number. */
  private heard(line: string): boolean {
    const exit = readExit(line);
    if (!exit || exit.server !== this.server.identity) return true;
    const it = this.known.get(exit.pane);
    if (!it || (exit.code === null && exit.signal === null)) return false;
    Object.assign(it, { isDead: true, code: exit.code, signal: exit.signal });
    try {
      this.report(it, exit.code, exit.signal);
    } catch {
      // Whoever threw has said why; lines after this one must still be read.
      return false;
    }
    return true;
  }
}
