import { observe } from "../core/commands.ts";
import type { ControlAction } from "../core/facts.ts";
import type { AgentId } from "../core/ids.ts";
import type { Clock, Driver, Terminals } from "../core/ports.ts";
import { type Agent, isAlive, type State } from "../core/state.ts";
import type { Leases } from "./leases.ts";
import type { Performed, Reactor } from "./reactor.ts";

export interface ControlWorld {
  terminals: Pick<Terminals, "screen" | "press">;
  clock: Clock;
  driverOf(agent: Agent): Driver;
  leases: Leases;
}

interface Task {
  agent: Agent;
  control: { id: string; action: ControlAction };
}

/** How long a control waits for an idle CLI with an empty composer. */
const PATIENCE_MS = 30_000;
const LOOK_AGAIN_MS = 100;
/** Between a slash command and its Enter: the CLI's own menu must have seen it (Claude Code 2.1.328). */
const MENU_MS = 300;

const commandOf = (driver: Driver, action: ControlAction): string | undefined =>
  action === "interrupt" ? undefined : driver.abilities[action];

/** Types the CLI's own commands (clear, compact, exit) when it is idle and its composer empty; Escape for interrupt. */
export class ControlReactor implements Reactor<Task> {
  readonly name = "control";
  private readonly since = new Map<string, number>();

  constructor(private readonly world: ControlWorld) {}

  pending(state: State): Map<AgentId, Task> {
    const tasks = new Map<AgentId, Task>();
    for (const agent of Object.values(state.agents)) {
      const control = agent.controls[0];
      if (control) tasks.set(agent.hire.agent, { agent, control });
    }
    return tasks;
  }

  async perform({ agent, control }: Task): Promise<Performed> {
    const { id, action } = control;
    const end = (ok: boolean, reason: string): Performed => {
      this.since.delete(id);
      return { commands: [observe({ type: "control.finished", agent: agent.hire.agent, control: id, ok, reason })] };
    };
    if (!isAlive(agent) || agent.pane === undefined) return end(false, "the agent is not running");
    if (action === "interrupt") {
      if (agent.activity !== "busy") return end(false, "no turn is running");
      await this.world.terminals.press(agent.pane, [{ key: "Escape" }]);
      return end(true, "");
    }
    const command = commandOf(this.world.driverOf(agent), action);
    if (!command) return end(false, `${agent.hire.driver} has no command for ${action}`);
    if (await this.type(agent, agent.pane, command)) return end(true, "");
    const began = this.since.get(id) ?? this.world.clock.monotonic();
    this.since.set(id, began);
    if (this.world.clock.monotonic() - began > PATIENCE_MS)
      return end(false, "the CLI did not become idle within 30 s; nothing was typed");
    return { again: LOOK_AGAIN_MS };
  }

  /** False = not now; then nothing of ours is left in the composer. */
  private async type(agent: Agent, pane: string, command: string): Promise<boolean> {
    const { terminals, clock, leases } = this.world;
    const release = await leases.take(agent.hire.agent);
    try {
      if (!(await this.isFree(agent, pane, ""))) return false;
      await terminals.press(pane, [{ text: command }]);
      await clock.sleep(MENU_MS);
      const isReady = await this.isFree(agent, pane, command);
      await terminals.press(pane, [{ key: isReady ? "Enter" : "C-u" }]);
      return isReady;
    } finally {
      release();
    }
  }

  private async isFree(agent: Agent, pane: string, expected: string): Promise<boolean> {
    if (agent.activity !== "idle") return false;
    const { composer, isDialog } = this.world.driverOf(agent).read(await this.world.terminals.screen(pane));
    return !isDialog && composer?.trim() === expected;
  }
}
