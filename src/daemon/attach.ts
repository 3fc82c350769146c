import { join } from "node:path";
import { Refusal } from "../core/refusal.ts";
import { type Agent, isAlive, type State, type Team } from "../core/state.ts";
import { agentNamed } from "../engine/operations.ts";
import type { WindowPane } from "../tmux/terminals.ts";
import type { Parts } from "./parts.ts";

const MAIN = join(import.meta.dir, "..", "main.ts");

function windowOf({ home, env }: Parts, team: Team): { kind: "standard" | "solo"; panes: WindowPane[] } {
  const { PATH = "", HOME = "", LANG = "C.UTF-8" } = env;
  const ledger = (title: string, ...args: string[]): WindowPane => ({
    title,
    argv: [process.execPath, "--no-install", MAIN, "ledger", "--follow", "--team", team.name, ...args],
    env: { PATH, HOME, LANG, MUSTER_HOME: home.folder },
  });
  const [first, second] = team.seats.map(({ seat, agent }): WindowPane => ({ title: `${seat} ${agent}`, agent }));
  const left = [ledger("What happens"), ledger("Every fact", "--all")] as const;
  if (!first || !second) return { kind: "solo", panes: first ? [left[0], first, left[1]] : [...left] };
  return { kind: "standard", panes: [left[0], first, left[1], second] };
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
