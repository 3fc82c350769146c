import { join } from "node:path";
import { Refusal } from "../core/refusal.ts";
import { type Agent, isAlive, type State, type Team } from "../core/state.ts";
import { agentNamed } from "../engine/agent-named.ts";
import type { LayoutKind } from "../tmux/layout.ts";
import type { WindowPane, WindowPanes } from "../tmux/window.ts";
import type { Parts } from "./parts.ts";

const MAIN = join(import.meta.dir, "..", "main.ts");

/** What the console needs of the person's environment to show colours and reach their clipboard. */
const FOR_CONSOLE = ["NO_COLOR", "DISPLAY", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR"];

/** A team of one has one layout; a pair in it would show only one of the two. */
const kindOf = ({ topology, settings }: Team): LayoutKind => {
  const { layout } = settings.cli_profiles.tmux;
  if (topology === "solo") return "solo";
  return layout === "solo" ? "standard" : layout;
};

function windowOf({ home, env }: Parts, team: Team): { kind: LayoutKind; panes: WindowPanes } {
  const { PATH = "", HOME = "", LANG = "C.UTF-8" } = env;
  const kept = FOR_CONSOLE.flatMap((name) => (env[name] ? [[name, env[name]] as const] : []));
  const muster = (title: string, leaves: boolean, ...args: string[]): WindowPane => ({
    title,
    argv: [process.execPath, "--no-install", MAIN, ...args, "--team", team.name],
    env: { PATH, HOME, LANG, MUSTER_HOME: home.folder, ...Object.fromEntries(kept) },
    leaves,
  });
  const [a, b] = team.seats.map(({ seat, agent }): WindowPane => ({ title: `${seat} ${agent}`, agent }));
  const panes: WindowPanes = {
    console: muster("Console", true, "tui"),
    log: muster("Ledger", false, "ledger", "--follow", "--all"),
    ...(a && { a }),
    ...(b && { b }),
  };
  return { kind: kindOf(team), panes };
}

function agentOrRefusal(state: State, name: string): Agent {
  try {
    return agentNamed(state, name);
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== "missing") throw error;
    throw new Refusal("missing", `no agent or team ${name}`, "muster status lists them");
  }
}

/** What a person's terminal must run to enter a team's window or an agent. */
export async function attachArgv(parts: Parts, name: string): Promise<string[]> {
  const { engine, terminals } = parts;
  const team = engine.state.teams[name];
  if (team && !team.stopped) {
    const { kind, panes } = windowOf(parts, team);
    return terminals.layout(team.name, kind, panes);
  }
  if (team) throw new Refusal("state", `team ${name} has ended`, "muster run starts it again");
  const agent = agentOrRefusal(engine.state, name);
  if (!isAlive(agent)) throw new Refusal("state", `agent ${agent.hire.agent} is not running`, "muster status says why");
  return terminals.attachArgv(agent.hire.agent);
}
