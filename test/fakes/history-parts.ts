import type { Clock, Log } from "../../src/core/ports.ts";
import { emptyState } from "../../src/core/state.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { HistoryProjector } from "../../src/engine/history/projector.ts";
import type { ServerParts } from "../../src/server/parts.ts";
import { Bulk } from "../../src/store/bulk.ts";
import { openDashboard } from "../../src/store/dashboard.ts";
import { HistoryTables } from "../../src/store/history.ts";
import { JobQuestions } from "../../src/store/job-questions.ts";
import { Questions } from "../../src/store/questions.ts";

/** The real tables in memory, which follow an engine; `told`: what the daemon would tell people; `asked`: whose prompts were looked up. */
export function historyParts(engine: Engine, log: Log, clock: Clock, path = ":memory:") {
  const bulk = new Bulk(openDashboard(path), clock, 0);
  const tables = new HistoryTables(bulk.database);
  const told: string[] = [];
  const asked: string[] = [];
  const ending = new AbortController();
  const projector = new HistoryProjector({
    ...{ log, clock, ending: ending.signal, book: tables, tell: (text) => void told.push(text) },
    prompt: (_, mid) => {
      asked.push(mid);
      const queued = log.about(mid).find(({ type }) => type === "message.queued");
      return (queued && log.body(queued.seq)) ?? null;
    },
  });
  // As a daemon that starts over this log.
  log.read(0).reduce((state, event) => projector.replay(state, event), emptyState());
  projector.start(engine);
  const missed = projector.takeMissed();
  const history: ServerParts["history"] = {
    ...{ jobs: new JobQuestions(bulk.database), all: new Questions(bulk.database) },
    flush: () => projector.flush(),
  };
  const end = () => {
    ending.abort();
    projector.end();
    bulk.close();
  };
  return { history, tables, bulk, projector, missed, told, asked, end };
}
