import type { Database } from "bun:sqlite";
import type { Home } from "../client/home.ts";
import { observe } from "../core/commands.ts";
import { DAEMON } from "../core/ids.ts";
import type { Clock } from "../core/ports.ts";
import type { Engine } from "../engine/engine.ts";
import { EventsCopy } from "../files/events-copy.ts";
import { Bulk } from "../store/bulk.ts";

/** Events copied in one go. */
const AT_ONCE = 200;

/** The table of hook events and its copy as lines. */
export function openHookTables(
  { home, clock, engine }: { home: Home; clock: Clock; engine: Engine },
  dashboard: Database,
): { bulk: Bulk; eventsCopy: EventsCopy } {
  const tell = (text: string) => {
    engine.dispatch(observe({ type: "notice.raised", level: "warning", text }), DAEMON);
  };
  const eventsCopy = new EventsCopy({ path: home.events, tell, above: (row) => bulk.following(row, AT_ONCE) });
  // A table that was lost goes on above what either of them knows, or new events would pass for old ones.
  const bulk = new Bulk(dashboard, clock, Math.max(engine.state.hookRow, eventsCopy.last));
  void eventsCopy.catchUp();
  return { bulk, eventsCopy };
}
