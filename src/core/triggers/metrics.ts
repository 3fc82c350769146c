import type { Millis } from "../ids.ts";
import { leadPercent } from "../lead/lifecycle.ts";
import { leaderOf } from "../lead/state.ts";
import { activeAgents } from "../lead/view.ts";
import { openTasks } from "../queue/state.ts";
import type { State } from "../state.ts";
import type { Metric } from "./condition.ts";

/** What a metric is now, of several leads that of the one that leads; undefined = nobody knows, and no threshold is crossed by it. */
export function metricOf(state: State, metric: Metric, now: Millis): number | undefined {
  const leader = leaderOf(state);
  const lead = state.agents[leader];
  switch (metric) {
    case "context_used_pct":
      return leadPercent(state, leader);
    case "queue_depth":
      return openTasks(state.queue).filter((task) => task.state === "pending").length;
    case "active_agents":
      return activeAgents(state).length;
    case "idle_seconds":
      return lead?.activity === "idle" && !lead.dismissed ? Math.floor((now - lead.since) / 1000) : undefined;
  }
}
