import { type Command, observe } from "../core/commands.ts";
import type { ControlAction } from "../core/facts.ts";
import type { FaultPoint } from "../core/fault-points.ts";
import type { AgentId } from "../core/ids.ts";
import { livingAgents } from "../core/living.ts";
import type { Clock, Driver, Terminals } from "../core/ports.ts";
import { type Agent, isAlive, type State } from "../core/state.ts";
import { CLEAR } from "./delivery/keys.ts";
import { isOnlyOurs } from "./delivery/typed-text.ts";
import type { Leases } from "./leases.ts";
import type { Performed, Reactor } from "./reactor.ts";

export interface ControlWorld {
  terminals: Pick<Terminals, "screen" | "press">;
  clock: Clock;
  driverOf(agent: Agent): Driver;
  leases: Leases;
  /** Dispatches at once: an intent must be in the log before its key. */
  record(command: Command): void;
  /** Called at named points; tests kill the process there. */
  faultPoint(name: FaultPoint): void;
}

interface Task {
  agent: Agent;
  control: Agent["controls"][number];
}

/** A task, and the pane where its keys go. */
interface Spot extends Task {
  pane: string;
}

/** How long a control waits for an idle CLI with an empty composer. */
const PATIENCE_MS = 30_000;
const LOOK_AGAIN_MS = 100;
/** How long a CLI may take to begin a new conversation. */
const CONFIRM_MS = 10_000;
/** Between a slash command and its Enter: the CLI's own menu must have seen it (Claude Code 2.1.328). */
const MENU_MS = 300;

const commandOf = (driver: Driver, action: ControlAction): string | undefined =>
  action === "interrupt" ? undefined : driver.abilities[action];

/** Types the CLI's own commands (clear, compact, exit) when it is idle and its composer empty; Escape for interrupt. */
export class ControlReactor implements Reactor<Task> {
  readonly name = "control";
  private readonly since = new Map<string, number>();
  /** Commands that were sent by this process, and when: only their effect is awaited. */
  private readonly entered = new Map<string, number>();

  constructor(private readonly world: ControlWorld) {}

  pending(state: State): Map<AgentId, Task> {
    const tasks = new Map<AgentId, Task>();
    for (const agent of livingAgents(state)) {
      const control = agent.controls[0];
      if (control) tasks.set(agent.hire.agent, { agent, control });
    }
    return tasks;
  }

  async perform({ agent, control }: Task): Promise<Performed> {
    const { id, action } = control;
    const end = (ok: boolean, reason: string): Performed => {
      this.since.delete(id);
      this.entered.delete(id);
      return {
        commands: [observe({ type: "control.finished", agent: agent.hire.agent, control: id, ok, reason, action })],
      };
    };
    if (!isAlive(agent) || agent.pane === undefined) return end(false, "the agent is not running");
    const at: Spot = { agent, pane: agent.pane, control };
    if (action === "interrupt") return this.interrupt(at, end);
    const command = commandOf(this.world.driverOf(agent), action);
    if (!command) return end(false, `${agent.hire.driver} has no command for ${action}`);
    if (this.entered.has(id) || (await this.type(at, command))) return this.confirm(at, end);
    const began = this.since.get(id) ?? this.world.clock.monotonic();
    this.since.set(id, began);
    if (this.world.clock.monotonic() - began > PATIENCE_MS)
      return end(false, "the CLI did not become idle within 30 s; nothing was typed");
    return { again: LOOK_AGAIN_MS };
  }

  /** A clear is done when the CLI says that another conversation began; what else was sent counts as done. */
  private confirm({ agent, control }: Spot, end: (ok: boolean, reason: string) => Performed): Performed {
    const { id, session } = control;
    if (session === undefined || agent.session !== session) return end(true, "");
    const now = this.world.clock.monotonic();
    const began = this.entered.get(id) ?? now;
    this.entered.set(id, began);
    if (now - began <= CONFIRM_MS) return { again: LOOK_AGAIN_MS };
    return end(false, "it was typed, and the CLI began no new conversation within 10 s");
  }

  /** A second Escape would end the next turn: it is pressed at most once, whatever crashes. */
  private async interrupt(at: Spot, end: (ok: boolean, reason: string) => Performed): Promise<Performed> {
    if (at.control.isTyped) return end(false, "the daemon died over it; look at the terminal");
    if (at.agent.activity !== "busy") return end(false, "no turn is running");
    await this.press(at, "Escape");
    return end(true, "");
  }

  /** False = not now; then nothing of ours is left in the composer. After a crash it goes on where it was. */
  private async type(at: Spot, command: string): Promise<boolean> {
    const { terminals, clock, leases, faultPoint } = this.world;
    const release = await leases.take(at.agent.hire.agent);
    try {
      const isWritten = await this.isFree(at, command);
      if (at.control.isTyped) {
        if (isWritten) await terminals.press(at.pane, [{ key: "Enter" }]);
        return true;
      }
      if (!isWritten) {
        if (!(await this.isFree(at, ""))) return this.tidy(at);
        await terminals.press(at.pane, [{ text: command }]);
        faultPoint("control.written");
      }
      await clock.sleep(MENU_MS);
      const isReady = await this.isFree(at, command);
      if (isReady) await this.press(at, "Enter");
      else await terminals.press(at.pane, [{ key: "C-u" }]);
      return isReady;
    } finally {
      release();
    }
  }

  /** An interrupted CLI puts its prompt back into the composer: what is only ours goes. Always false: nothing was typed. */
  private async tidy({ agent, pane }: Spot): Promise<false> {
    const { composer, isDialog } = this.world.driverOf(agent).read(await this.world.terminals.screen(pane));
    const isOurs = agent.activity === "idle" && !isDialog && composer !== null && isOnlyOurs(composer);
    if (isOurs) await this.world.terminals.press(pane, CLEAR);
    return false;
  }

  /** The key that cannot be taken back, after its intent. */
  private async press({ agent, pane, control }: Spot, key: "Enter" | "Escape"): Promise<void> {
    const { terminals, faultPoint } = this.world;
    this.world.record(observe({ type: "control.typed", agent: agent.hire.agent, control: control.id }));
    faultPoint("control.typed");
    await terminals.press(pane, [{ key }]);
    faultPoint("control.entered");
  }

  private async isFree({ agent, pane }: Spot, expected: string): Promise<boolean> {
    if (agent.activity !== "idle") return false;
    const { composer, isDialog } = this.world.driverOf(agent).read(await this.world.terminals.screen(pane));
    return !isDialog && composer?.trim() === expected;
  }
}
