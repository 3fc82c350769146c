import { join } from "node:path";
import { observe } from "../core/commands.ts";
import { type AgentId, DAEMON, type Mid } from "../core/ids.ts";
import { stemOf } from "../core/jobs/record.ts";
import type { Driver } from "../core/ports.ts";
import type { Reading } from "../engine/history/conversations.ts";
import { EnrichmentReactor } from "../engine/history/enrichment.ts";
import { HistoryProjector } from "../engine/history/projector.ts";
import type { Reactor } from "../engine/reactor.ts";
import { LineReader } from "../files/line-reader.ts";
import { Prices } from "../files/prices.ts";
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
  end(): void;
}

/** Old rows go so often. */
const PRUNED_EVERY_MS = 86_400_000;

/** The whole text of a prompt, also when its message has left the memory. */
export function promptIn({ engine, log }: Pick<Parts, "engine" | "log">, mid: Mid): string | null {
  const queued =
    engine.state.messages[mid]?.seq ?? log.about(mid, 200).find(({ type }) => type === "message.queued")?.seq;
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

/** `enriched`: hears of whom more is known. */
export function openHistory(parts: Parts, enriched: (agent: AgentId) => void): HistoryWork {
  const { engine, log, clock, ending, home, bulk, driverOf } = parts;
  const tell = (text: string) => {
    engine.dispatch(observe({ type: "notice.raised", level: "warning", text }), DAEMON);
  };
  const tables = new HistoryTables(bulk.database);
  const prices = new Prices(home.prices, tell);
  const projector = new HistoryProjector({
    ...{ engine, log, clock, ending, tell, book: tables },
    prompt: (mid) => promptIn(parts, mid),
  });
  const missed = projector.start();
  const flush = () => projector.flush();
  const enrichment = new EnrichmentReactor(
    {
      ...{ clock, flush, enriched, book: tables },
      state: () => engine.state,
      readingOf: (agent) => readingOf(driverOf(agent)),
      copyOf: (agent, job) => join(home.jobs, `${stemOf(agent, job)}.transcript.jsonl`),
      prices: () => prices.now(),
    },
    missed,
  );
  keepPrefs(parts, (error) => tell(`daemon-prefs.json cannot be written: ${error.message}`));
  void pruneDaily(parts, tables).catch(() => {});
  return {
    ...{ flush, jobs: new JobQuestions(bulk.database), all: new Questions(bulk.database) },
    reactors: [enrichment] as unknown as Reactor<unknown>[],
    end: () => projector.end(),
  };
}
