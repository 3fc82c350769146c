import { type Dialog, type DialogKey, type Pressed, readDialog } from "../core/dialog.ts";
import type { AgentId, Millis, Principal } from "../core/ids.ts";
import type { Clock, Driver, Key, Terminals } from "../core/ports.ts";
import { Refusal } from "../core/refusal.ts";
import { type Agent, isAlive } from "../core/state.ts";
import { agentNamed } from "./agent-named.ts";
import type { Engine } from "./engine.ts";
import type { Leases } from "./leases.ts";

export interface DialogWorld {
  engine: Engine;
  terminals: Pick<Terminals, "screen" | "press">;
  leases: Leases;
  clock: Pick<Clock, "now" | "sleep">;
  driverOf(agent: Agent): Pick<Driver, "read">;
  sha256(text: string): string;
}

/** Whoever looked longer ago must look again. */
const PATIENCE_MS: Millis = 300_000;

/** How long a CLI may take to show that it took a key. Claude Code 2.1.328 ignores keys in a dialog's first second. */
const TAKEN_MS: Millis = 1000;
const LOOK_MS: Millis = 50;

const KEYS: Partial<Record<DialogKey, Key>> = {
  up: { key: "Up" },
  down: { key: "Down" },
  enter: { key: "Enter" },
  escape: { key: "Escape" },
};

/** A dialog that no hook answers, shown to a person elsewhere and answered by one key. */
export class DialogDesk {
  /** What each agent's dialog was when a person was last shown it. */
  private readonly shown = new Map<AgentId, Pick<Dialog, "screen" | "until">>();

  constructor(private readonly world: DialogWorld) {}

  /** Refused unless a dialog is open on the screen. */
  async look(id: string): Promise<Dialog> {
    const agent = agentNamed(this.world.engine.state, id);
    const dialog = { ...(await this.read(agent)), until: this.world.clock.now() + PATIENCE_MS };
    this.shown.set(dialog.agent, dialog);
    return dialog;
  }

  /** Presses one key, if the screen still looks as it did when it was shown as `screen`. */
  async press(id: string, screen: string, key: DialogKey, by: Principal): Promise<Pressed> {
    const { engine, terminals, leases, clock } = this.world;
    const { agent } = agentNamed(engine.state, id).hire;
    const release = await leases.take(agent);
    try {
      const now = await this.read(agentNamed(engine.state, agent));
      const shown = this.shown.get(agent);
      const again = `look again: muster answer ${agent}`;
      if (shown?.screen !== screen || shown.until < clock.now())
        throw new Refusal("state", `nobody was shown that screen of ${agent} in the last five minutes`, again);
      if (now.screen !== screen) throw new Refusal("state", `the dialog of ${agent} is another one now`, again);
      const choice = now.choices.find((one) => one.key === key);
      if (!choice) throw new Refusal("usage", `the dialog of ${agent} has no choice ${key}`, again);
      this.shown.delete(agent);
      await terminals.press(now.pane, [KEYS[key] ?? { text: key }]);
      engine.dispatch({ do: "press", agent, pressed: key, label: choice.label }, by);
      return { agent, label: choice.label, isTaken: await this.isTaken(now) };
    } finally {
      release();
    }
  }

  private async isTaken({ pane, screen }: { pane: string; screen: string }): Promise<boolean> {
    const { clock, terminals } = this.world;
    for (const until = clock.now() + TAKEN_MS; clock.now() < until; await clock.sleep(LOOK_MS)) {
      if (this.nameOf(readDialog((await terminals.screen(pane)).plain).lines) !== screen) return true;
    }
    return false;
  }

  private readonly nameOf = (lines: string[]): string => this.world.sha256(lines.join("\n")).slice(0, 16);

  private async read(agent: Agent): Promise<Omit<Dialog, "until"> & { pane: string }> {
    const { pane, hire, activity } = agent;
    const id = hire.agent;
    if (pane === undefined || !isAlive(agent)) throw new Refusal("state", `agent ${id} has no terminal`);
    const screen = await this.world.terminals.screen(pane);
    if (activity !== "waiting" || !this.world.driverOf(agent).read(screen).isDialog)
      throw new Refusal("state", `agent ${id} shows no dialog`, `muster status ${id} shows what it does`);
    const { lines, choices } = readDialog(screen.plain);
    return { agent: id, pane, lines, choices, screen: this.nameOf(lines) };
  }
}
