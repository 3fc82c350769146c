import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { callerEnvironment, type Environment } from "../core/environment.ts";
import type { AgentId } from "../core/ids.ts";
import type { State } from "../core/state.ts";

/**
 * The environments in which agents were asked for, one private file each, beside the log because they may hold keys. One
 * daemon serves several shells and repositories: what an agent's CLI and a team's checks get is what their own starter had.
 */
export class Environments {
  constructor(
    private readonly folder: string,
    /** The daemon's own, for whoever named none: the page. */
    private readonly own: Environment,
  ) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }

  keep(agent: AgentId, given: Environment): void {
    writeFileSync(this.pathOf(agent), JSON.stringify(callerEnvironment(given)), { mode: 0o600 });
  }

  of(agent: AgentId): Environment {
    try {
      return JSON.parse(readFileSync(this.pathOf(agent), "utf8")) as Environment;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return this.own;
      throw error;
    }
  }

  /** That of a repository's newest team, for its checks. */
  ofRepository(state: State, repo: string): Environment {
    const teams = Object.values(state.teams).filter((team) => team.repo === repo);
    const agent = teams.toSorted((left, right) => right.formedAt - left.formedAt)[0]?.seats[0]?.agent;
    return agent === undefined ? this.own : this.of(agent);
  }

  forget(agent: AgentId): void {
    rmSync(this.pathOf(agent), { force: true });
  }

  /** Agents that will never be started again need none. */
  sweep(state: State): void {
    for (const name of readdirSync(this.folder)) {
      const id = name.replace(/\.json$/, "");
      const agent = state.agents[id];
      const isOver = agent?.hire.team === undefined && (agent?.activity === "exited" || agent?.activity === "lost");
      if (!agent || agent.dismissed || isOver) this.forget(id);
    }
  }

  private pathOf(agent: AgentId): string {
    return join(this.folder, `${agent}.json`);
  }
}
