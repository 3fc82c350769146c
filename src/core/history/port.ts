import type { Millis } from "../ids.ts";
import type {
  Analytics,
  EventRow,
  JobDetail,
  JobHistoryRow,
  MetricsHistory,
  Notifications,
  Overview,
  Page,
  Range,
  SubagentRow,
  ToolCallRow,
  ToolStat,
  Totals,
} from "./api.ts";
import type { CallQuery, EventQuery, JobQuery } from "./query.ts";

/** What can be asked about jobs that were. */
export interface JobArchive {
  jobs(query: JobQuery): Page<JobHistoryRow>;
  job(id: string): JobDetail | null;
  /** Ids that this may mean, at most two. */
  named(given: string): string[];
  calls(query: CallQuery): Page<ToolCallRow>;
  subagents(job: string): SubagentRow[];
}

/** What can be asked about all that was. */
export interface Archive {
  totals(since?: Millis): Totals;
  days(range: Range, now: Millis): MetricsHistory;
  analytics(range: Range, now: Millis): Analytics;
  tools(since?: Millis): ToolStat[];
  overview(path: string): Overview;
  events(query: EventQuery): Page<EventRow>;
  notifications(user: string): Notifications;
}

/** The tables of what was, as whoever answers questions needs them. */
export interface HistoryDesk {
  jobs: JobArchive;
  all: Archive;
  /** Rows are as the facts say then; false = they could not be written. */
  flush(): boolean;
}
