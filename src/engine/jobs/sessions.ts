import { observe } from "../../core/commands.ts";
import type { Hire } from "../../core/facts.ts";
import { type AgentId, DAEMON, isAgentId, type Principal } from "../../core/ids.ts";
import { killedBy } from "../../core/job-state.ts";
import type { PaneStatus } from "../../core/ports.ts";
import { Refusal } from "../../core/refusal.ts";
import type { State } from "../../core/state.ts";
import type { Engine } from "../engine.ts";

export interface SessionsWorld {
  engine: Engine;
  /** Names of all sessions of Muster's tmux server but its keeper. */
  names(): Promise<string[]>;
  panes(): Promise<PaneStatus[]>;
  /** Working folder of a pane's program. */
  folderOf(pane: string): Promise<string>;
  /** Ends a pane's program and the pane. */
  close(pane: string): Promise<void>;
  /** Ends a session without a program of ours. */
  end(name: string): Promise<void>;
  driver(name: string): Pick<Hire, "driver" | "scenario" | "canCompact">;
}

/** One tmux session: an agent's, a team's window, or one that the log knows nothing of. */
export interface SessionRow {
  name: string;
  kind: "agent" | "window" | "unknown";
  agent?: AgentId;
  pane?: string;
  pid?: number;
  /** Its program has ended; the pane still shows what it said last. */
  isDead?: boolean;
}

const PREFIX = "muster-";

/** Muster's tmux sessions, and what to do with those nobody knows (A21). */
export class Sessions {
  constructor(private readonly world: SessionsWorld) {}

  async rows(): Promise<SessionRow[]> {
    const [names, panes] = await Promise.all([this.world.names(), this.world.panes()]);
    const { state } = this.world.engine;
    return names.map((name) => {
      const pane = panes.find(({ agent }) => name === PREFIX + agent);
      const kind = kindOf(state, name, pane);
      const known = pane && { agent: pane.agent, pane: pane.pane, pid: pane.pid, isDead: pane.isDead };
      return { name, kind, ...known };
    });
  }

  /** Takes over an agent's terminal that the log knows nothing of. Its driver has to be named: nothing tells it. */
  async adopt(given: string, driver: string): Promise<{ agent: AgentId }> {
    const { world } = this;
    const row = await this.find(given);
    if (row.kind !== "unknown")
      throw new Refusal("state", `session ${row.name} is known`, "muster status lists agents");
    const pane = (await world.panes()).find((one) => one.pane === row.pane);
    if (!pane || pane.isDead || !isAgentId(pane.agent))
      throw new Refusal("state", `session ${row.name} holds no living agent`, `muster sessions kill ${row.name}`);
    const { agent, incarnation } = pane;
    const cwd = await world.folderOf(pane.pane);
    const hire: Hire = { agent, ...world.driver(driver), cwd, permission: "workspace-write" };
    world.engine.dispatch({ do: "start", hire }, DAEMON);
    // Housing finds the pane of the last one, and opens nothing.
    for (let n = 1; n <= incarnation; n++)
      world.engine.dispatch(observe({ type: "terminal.opening", agent, incarnation: n }), DAEMON);
    return { agent };
  }

  /** Ends a session: an agent as `kill` does, anything else with what runs in it. */
  async kill(given: string, by: Principal): Promise<SessionRow> {
    const row = await this.find(given);
    const { engine, close, end } = this.world;
    if (row.kind === "window")
      throw new Refusal(
        "state",
        `session ${row.name} is a team's window`,
        `muster stop ${row.name.slice(PREFIX.length)}`,
      );
    if (row.kind === "agent" && row.agent) engine.dispatch({ do: "kill", agent: row.agent, reason: killedBy(by) }, by);
    else if (row.pane) await close(row.pane);
    else await end(row.name);
    return row;
  }

  private async find(given: string): Promise<SessionRow> {
    const rows = await this.rows();
    const found = rows.find(({ name }) => name === given || name === PREFIX + given);
    if (found) return found;
    throw new Refusal("missing", `no tmux session ${given}`, "muster sessions lists them");
  }
}

function kindOf({ agents, teams }: State, name: string, pane: PaneStatus | undefined): SessionRow["kind"] {
  if (pane && agents[pane.agent] !== undefined) return "agent";
  const team = teams[name.slice(PREFIX.length)];
  return !pane && name.startsWith(PREFIX) && team && !team.stopped ? "window" : "unknown";
}
