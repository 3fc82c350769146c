import { observe } from "../core/commands.ts";
import type { AgentId } from "../core/ids.ts";
import { livingAgents } from "../core/living.ts";
import type { PaneStatus, Terminals } from "../core/ports.ts";
import type { Agent, State } from "../core/state.ts";
import type { Performed, Reactor } from "./reactor.ts";

export interface LastScreensWorld {
  terminals: Pick<Terminals, "list">;
  /** The last lines of a pane, its scrollback included, without escape sequences. */
  lines(pane: string, count: number): Promise<string[]>;
  /** Keeps what a member of a team showed last in its repository's logs; named by the crash, so that repeating it is harmless. */
  keep(agent: Agent, text: string): Promise<void>;
}

const LINES = 50;
/** Lines of a crashed member that its repository keeps (P59). */
const TEAM_LINES = 1000;

/** Keeps what a program showed before it ended by itself, as long as its dead pane still stands (reliability F6). */
export class LastScreenReactor implements Reactor<Agent> {
  readonly name = "last screen";
  readonly answers = ["terminal.exited"] as const;

  constructor(private readonly world: LastScreensWorld) {}

  pending(state: State): Map<AgentId, Agent> {
    const ended = livingAgents(state).filter(
      ({ activity, dismissed, incarnation, lastScreen }) =>
        activity === "exited" && !dismissed && lastScreen?.incarnation !== incarnation,
    );
    return new Map(ended.map((agent) => [agent.hire.agent, agent]));
  }

  async perform(ended: Agent): Promise<Performed> {
    const { agent, team } = ended.hire;
    const { incarnation } = ended;
    const isIts = (pane: PaneStatus) => pane.agent === agent && pane.incarnation === incarnation && pane.isDead;
    const pane = (await this.world.terminals.list()).find(isIts);
    // Somebody closed it: there is nothing to keep.
    if (!pane) return {};
    const lines = await this.world.lines(pane.pane, team === undefined ? LINES : TEAM_LINES);
    if (team !== undefined) await this.world.keep(ended, `${lines.join("\n")}\n`).catch(() => {});
    const body = lines.slice(-LINES).join("\n");
    return { commands: [observe({ type: "terminal.captured", agent, incarnation, body })] };
  }
}
