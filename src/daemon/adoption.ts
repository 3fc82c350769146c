import { join } from "node:path";
import { observe } from "../core/commands.ts";
import type { Event } from "../core/facts.ts";
import { DAEMON } from "../core/ids.ts";
import { livingAgents } from "../core/living.ts";
import { type Agent, isAlive } from "../core/state.ts";
import type { Records } from "../files/records.ts";
import type { Intake } from "./intake.ts";
import type { Parts } from "./parts.ts";
import { placeOf } from "./places.ts";

/** After a restart: agents whose pane is gone are lost; the others are found by their panes and go on. */
export async function readopt({ engine, terminals }: Parts): Promise<void> {
  const panes = new Map((await terminals.list()).map((pane) => [`${pane.agent} ${pane.incarnation}`, pane]));
  for (const agent of livingAgents(engine.state)) {
    if (!isAlive(agent) || agent.opening) continue;
    const { agent: id } = agent.hire;
    const { incarnation } = agent;
    const pane = panes.get(`${id} ${incarnation}`);
    if (!pane) {
      const reason = "its terminal was gone when the daemon came back";
      engine.dispatch(observe({ type: "terminal.lost", agent: id, incarnation, reason }), DAEMON);
    } else if (pane.isDead) {
      const { code, signal } = pane;
      engine.dispatch(observe({ type: "terminal.exited", agent: id, incarnation, code, signal }), DAEMON);
    }
  }
}

/** Follows the state record of every living agent whose CLI keeps one, and lets go of what an ended one left waiting. */
export function followAgents({ engine, home, environments, driverOf }: Parts, records: Records, intake: Intake): void {
  const follow = (agent: Agent) => {
    const env = environments.of(agent.hire.agent);
    const place = placeOf(home, agent, agent.incarnation, join(home.letters, agent.hire.agent), env);
    const path = agent.pid === undefined ? undefined : driverOf(agent).record?.(place, agent.pid);
    if (path) records.follow(agent.hire.agent, path);
  };
  for (const agent of livingAgents(engine.state)) if (isAlive(agent)) follow(agent);
  const react = (event: Event) => {
    if (event.type === "hook.heard") records.refresh(event.agent);
    if (event.type === "terminal.exited" || event.type === "terminal.lost") {
      records.unfollow(event.agent);
      void intake.releaseHooks(event.agent);
    }
    const opened = event.type === "terminal.opened" ? engine.state.agents[event.agent] : undefined;
    if (opened) follow(opened);
  };
  engine.subscribe((events) => events.forEach(react));
}
