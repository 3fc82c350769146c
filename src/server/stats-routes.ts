import { Refusal } from "../core/refusal.ts";
import { count } from "../core/stats/count.ts";
import { statsOf } from "../core/stats/stats.ts";
import { newTally, type Tally } from "../core/stats/tally.ts";
import type { ServerParts } from "./parts.ts";
import { type Call, get, type Route } from "./route.ts";

/** Facts that are read at once. */
const CHUNK = 10_000;

/** What was counted of each log so far: a further question reads only what came since. */
const TALLIES = new WeakMap<ServerParts["log"], Tally>();

/** Everything that the log says by now, counted. */
export function tallyOf(log: ServerParts["log"]): Tally {
  const tally = TALLIES.get(log) ?? newTally();
  TALLIES.set(log, tally);
  for (;;) {
    const facts = log.read(tally.seq, CHUNK);
    for (const fact of facts) count(tally, fact);
    if (facts.length < CHUNK) return tally;
  }
}

function stats({ parts, params }: Call): unknown {
  const name = params.name ?? "";
  const tally = tallyOf(parts.log);
  const found = statsOf(tally, name, parts.clock.now());
  if (!found)
    throw new Refusal("missing", `no team ${name}`, `teams: ${Object.keys(tally.teams).join(", ") || "none"}`);
  return found;
}

/** What the work of teams cost beside the work. */
export const STATS_ROUTES: Route[] = [get("/api/teams/:name/stats", "person", stats)];
