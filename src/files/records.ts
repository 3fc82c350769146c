import { type FSWatcher, statSync, watch } from "node:fs";
import { basename, dirname } from "node:path";
import type { AgentId } from "../core/ids.ts";
import type { Clock } from "../core/ports.ts";
import { readForeignRecord } from "./safe-read.ts";

interface Followed {
  agent: AgentId;
  path: string;
  /** Modification time and size of what was read last. */
  stamp: string;
}

const SWEEP_MS = 3000;
/** A CLI makes the folder within moments of its start; until then it is looked for at growing pauses. */
const FIRST_PATIENCE_MS = 15;
/** Bun 1.4.4 suppresses events of one path within about a millisecond: look again this much later. */
const RECHECK_MS = 3;

/** Follows the state records that CLIs keep of themselves. Undocumented formats: hints, never the only source. */
export class Records {
  private readonly followed = new Map<AgentId, Followed>();
  private readonly watchers = new Map<string, FSWatcher>();

  constructor(
    private readonly clock: Clock,
    private readonly tell: (agent: AgentId, record: Record<string, unknown>) => void,
    private readonly signal: AbortSignal,
  ) {
    signal.addEventListener("abort", () => {
      for (const watcher of this.watchers.values()) watcher.close();
    });
    void this.keepSweeping();
  }

  follow(agent: AgentId, path: string): void {
    const known = { agent, path, stamp: "" };
    this.followed.set(agent, known);
    void this.begin(known).catch(() => {});
  }

  /** Something was heard of this agent: look now, whatever the watcher missed. */
  refresh(agent: AgentId): void {
    void this.read(agent).then(() => this.readLater(agent));
  }

  unfollow(agent: AgentId): void {
    const known = this.followed.get(agent);
    this.followed.delete(agent);
    if (!known) return;
    const folder = dirname(known.path);
    if ([...this.followed.values()].some((other) => dirname(other.path) === folder)) return;
    this.watchers.get(folder)?.close();
    this.watchers.delete(folder);
  }

  private async begin(known: Followed): Promise<void> {
    for (let pause = FIRST_PATIENCE_MS; !this.watchFolder(dirname(known.path)); pause = Math.min(2 * pause, SWEEP_MS)) {
      await this.clock.sleep(pause, this.signal);
      if (this.followed.get(known.agent) !== known) return;
    }
    this.refresh(known.agent);
  }

  /** False = the CLI has not made the folder yet. */
  private watchFolder(folder: string): boolean {
    if (this.watchers.has(folder) || this.signal.aborted) return true;
    try {
      const watcher = watch(folder, (_, name) => this.onEvent(folder, name));
      watcher.on("error", () => this.watchers.delete(folder));
      this.watchers.set(folder, watcher);
      return true;
    } catch {
      return false;
    }
  }

  private onEvent(folder: string, name: string | null): void {
    for (const known of this.followed.values()) {
      if (dirname(known.path) !== folder || (name !== null && basename(known.path) !== name)) continue;
      this.refresh(known.agent);
    }
  }

  private readLater(agent: AgentId): void {
    void this.clock.sleep(RECHECK_MS, this.signal).then(
      () => this.read(agent),
      () => {},
    );
  }

  private async read(agent: AgentId): Promise<void> {
    const known = this.followed.get(agent);
    if (!known) return;
    const found = statSync(known.path, { throwIfNoEntry: false });
    const stamp = found ? `${found.mtimeMs} ${found.size} ${found.ino}` : "";
    if (stamp === known.stamp) return;
    const record = await readForeignRecord(known.path);
    if (!record || this.followed.get(agent) !== known) return;
    known.stamp = stamp;
    this.tell(agent, record);
  }

  private async keepSweeping(): Promise<void> {
    while (!this.signal.aborted) {
      await this.clock.sleep(SWEEP_MS, this.signal).catch(() => {});
      for (const { agent, path } of this.followed.values()) {
        this.watchFolder(dirname(path));
        await this.read(agent);
      }
    }
  }
}
