import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { callerEnvironment, type Environment } from "../core/environment.ts";
import type { AgentId } from "../core/ids.ts";
import { isKept } from "../core/living.ts";
import type { State } from "../core/state.ts";

/** The environment of whoever added a task is needed until it is over. */
const isWaitingTask = ({ queue }: State, name: string): boolean => queue.open.some((task) => name === `task-${task}`);

interface Kept {
  environment: Environment;
  more: Environment;
}

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

  /** `more`: what its CLI needs besides, by the settings of its repository. */
  keep(agent: AgentId, given: Environment, more: Environment = {}): void {
    const kept: Kept = { environment: callerEnvironment(given), more };
    writeFileSync(this.pathOf(agent), JSON.stringify(kept), { mode: 0o600 });
  }

  of(agent: AgentId): Environment {
    return this.read(agent)?.environment ?? this.own;
  }

  /** What an agent's CLI gets beyond the names that every CLI gets. */
  moreOf(agent: AgentId): Record<string, string> {
    const entries = Object.entries(this.read(agent)?.more ?? {});
    return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
  }

  private read(agent: AgentId): Kept | null {
    try {
      const kept = JSON.parse(readFileSync(this.pathOf(agent), "utf8")) as Kept | Environment;
      // As versions before 0.2 wrote it.
      return typeof kept.environment === "object" ? (kept as Kept) : { environment: kept as Environment, more: {} };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
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
      if (isWaitingTask(state, id)) continue;
      const isGone = agent?.activity === "exited" || agent?.activity === "lost";
      if (!agent || agent.dismissed || (isGone && !isKept(agent))) this.forget(id);
    }
  }

  private pathOf(agent: AgentId): string {
    return join(this.folder, `${agent}.json`);
  }
}
