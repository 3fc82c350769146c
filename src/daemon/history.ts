import type { Database } from "bun:sqlite";
import { join } from "node:path";
import { observe } from "../core/commands.ts";
import { type AgentId, DAEMON, type Mid } from "../core/ids.ts";
import { stemOf } from "../core/jobs/record.ts";
import type { Driver, Log } from "../core/ports.ts";
import type { State } from "../core/state.ts";
import type { Engine } from "../engine/engine.ts";
import type { Reading } from "../engine/history/conversations.ts";
import { EnrichmentReactor } from "../engine/history/enrichment.ts";
import { HistoryProjector } from "../engine/history/projector.ts";
import type { Reactor } from "../engine/reactor.ts";
import { LineReader } from "../files/line-reader.ts";
import { Prices } from "../files/prices.ts";
import { openDashboard } from "../store/dashboard.ts";
import { HistoryTables } from "../store/history.ts";
import { JobQuestions } from "../store/job-questions.ts";
import { Questions } from "../store/questions.ts";
import { keepPrefs } from "./home-files.ts";
import type { Parts } from "./parts.ts";

/** What was, for questions. */
export interface HistoryWork {
  reactors: Reactor<unknown>[];
  /** Before a question: rows as the facts say. */
  flush(): boolean;
  jobs: JobQuestions;
  all: Questions;
  prices: Prices;
  end(): void;
}

/** Old rows go so often. */
const PRUNED_EVERY_MS = 86_400_000;

/** The whole text of a prompt, also when its message has left the memory. */
export function promptIn(log: Log, state: State, mid: Mid): string | null {
  const queued = state.messages[mid]?.seq ?? log.about(mid, 200).find(({ type }) => type === "message.queued")?.seq;
  return (queued === undefined ? undefined : log.body(queued)) ?? null;
}

async function pruneDaily({ clock, ending }: Parts, tables: HistoryTables): Promise<void> {
  for (;;) {
    tables.prune(clock.now());
    await clock.sleep(PRUNED_EVERY_MS, ending);
  }
}

/** What may not be read is as good as gone. */
function unreadable(error: unknown): null {
  if ((error as { code?: string } | null)?.code === undefined) throw error;
  return null;
}

function readingOf({ entry, subagentFile }: Driver): Reading | null {
  if (!entry) return null;
  return {
    entry,
    subagentFile: (transcript, id) => subagentFile?.(transcript, id),
    lines: (path) => {
      const reader = new LineReader(path);
      return { path, readOn: (take, began) => reader.readOn(take, began).catch(unreadable) };
    },
  };
}

const warn = (engine: Engine, text: string): void => {
  engine.dispatch(observe({ type: "notice.raised", level: "warning", text }), DAEMON);
};

/** dashboard.db, and who keeps its tables of what was: it folds the log, and follows the engine when there is one. */
export interface Past {
  dashboard: Database;
  tables: HistoryTables;
  projector: HistoryProjector;
}

export function openPast(given: Pick<Parts, "home" | "log" | "clock" | "ending">, engine: () => Engine): Past {
  const { home, log, clock, ending } = given;
  const dashboard = openDashboard(home.dashboard);
  const tables = new HistoryTables(dashboard);
  const projector = new HistoryProjector({
    ...{ log, clock, ending, book: tables, prompt: (state, mid) => promptIn(log, state, mid) },
    tell: (text) => warn(engine(), text),
  });
  return { dashboard, tables, projector };
}

/** `enriched`: hears of whom more is known. */
export function openHistory(
  parts: Parts,
  { dashboard, tables, projector }: Past,
  enriched: (agent: AgentId) => void,
): HistoryWork {
  const { engine, clock, home, driverOf } = parts;
  const tell = (text: string) => warn(engine, text);
  const prices = new Prices(home.prices, tell);
  const flush = () => projector.flush();
  const enrichment = new EnrichmentReactor(
    {
      ...{ clock, flush, enriched, book: tables },
      state: () => engine.state,
      readingOf: (agent) => readingOf(driverOf(agent)),
      copyOf: (agent, job) => join(home.jobs, `${stemOf(agent, job)}.transcript.jsonl`),
      prices: () => prices.now(),
    },
    projector.takeMissed(),
  );
  keepPrefs(parts, (error) => tell(`daemon-prefs.json cannot be written: ${error.message}`));
  void pruneDaily(parts, tables).catch(() => {});
  return {
    ...{ flush, prices, jobs: new JobQuestions(dashboard), all: new Questions(dashboard) },
    reactors: [enrichment] as unknown as Reactor<unknown>[],
    end: () => projector.end(),
  };
}
