import { constants } from "node:fs";
import { open, readdir, unlink } from "node:fs/promises";
import { basename, join } from "node:path";
import { type AgentId, DAEMON } from "../core/ids.ts";
import type { Clock, Driver, Signal } from "../core/ports.ts";
import type { Agent } from "../core/state.ts";
import type { Engine } from "../engine/engine.ts";
import { hear } from "../engine/hearing.ts";
import type { Spooled } from "../files/spool.ts";
import type { Bulk } from "../store/bulk.ts";

export interface IntakeParts {
  engine: Engine;
  bulk: Bulk;
  agents: string;
  clock: Pick<Clock, "now">;
  /** Rows may have come into the tables. */
  kept(): void;
  driverOf(agent: Agent): Driver;
}

/** Name of the fifo under which a permission hook waits for its answer (drivers/claude-hooks). */
const ANSWER = "muster_answer";

const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

/** Takes in what CLIs say of themselves: hook payloads, status lines, state records. */
export class Intake {
  constructor(private readonly parts: IntakeParts) {}

  /** Resolves when the documents are in the tables and their facts in the log. */
  take(spooled: Spooled[]): void {
    for (const one of spooled) this.takeOne(one);
    this.parts.kept();
  }

  record(agent: string, record: Record<string, unknown>): void {
    this.tell(agent, { from: "record", record }, 0);
  }

  /** Writes the decision to the hook that waits for it. False = nobody waits any more. */
  answer(agent: AgentId, question: string, decision: Record<string, unknown>): Promise<boolean> {
    return this.writeTo(agent, basename(question), `${JSON.stringify(decision)}\n`);
  }

  /** Hooks run in a session of their own and outlive a killed CLI: an empty line ends each without a decision. */
  async releaseHooks(agent: AgentId): Promise<void> {
    const names = await readdir(join(this.parts.agents, agent, "answers")).catch(() => []);
    for (const name of names) await this.writeTo(agent, name, "\n");
  }

  private async writeTo(agent: AgentId, name: string, line: string): Promise<boolean> {
    const path = join(this.parts.agents, agent, "answers", name);
    try {
      const fifo = await open(path, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
      try {
        if (!(await fifo.stat()).isFIFO()) return false;
        await fifo.write(line);
      } finally {
        await fifo.close();
      }
      return true;
    } catch {
      await unlink(path).catch(() => {});
      return false;
    }
  }

  private takeOne({ agent, origin, document }: Spooled): void {
    const event = text(document.hook_event_name);
    if (!event) return;
    if (agent === "") {
      // A session that Muster did not start: recorded, and nothing follows from it, whatever session it names (F23).
      const tool = text(document.tool_name);
      if (event !== "StatusLine") this.parts.bulk.keepHook({ agent, event, tool, origin, payload: document });
      return;
    }
    if (!this.parts.engine.state.agents[agent]) return;
    if (event === "StatusLine") {
      this.tell(agent, { from: "status", payload: document }, 0);
      return;
    }
    const tool = text(document.tool_name);
    const { job } = this.parts.engine.state.agents[agent] ?? {};
    const row = this.parts.bulk.keepHook({ agent, job, event, tool, origin, payload: document });
    // Read again after a crash: the row is there, and so are its facts unless the crash came in between.
    if (row <= this.parts.engine.state.hookRow) return;
    this.tell(agent, { from: "hook", event, payload: document }, row, text(document[ANSWER]));
  }

  private tell(id: string, signal: Signal, row: number, question?: string): void {
    const { engine } = this.parts;
    const agent = engine.state.agents[id];
    if (!agent) return;
    const heard = { agent: id, signal, row, question, now: this.parts.clock.now(), zone: ZONE };
    engine.dispatch(hear(this.parts.driverOf(agent), heard), DAEMON);
  }
}
