import type { JobDetail, Metrics, Notifications } from "../core/history/api.ts";
import { localDay } from "../core/history/days.ts";
import { callQuery, eventQuery, jobQuery, limitQuery, pageQuery, rangeQuery } from "../core/history/query.ts";
import { USER } from "../core/ids.ts";
import { livingAgents } from "../core/living.ts";
import { Refusal } from "../core/refusal.ts";
import { isAlive } from "../core/state.ts";
import type { Bodies } from "./bodies.ts";
import type { ServerParts } from "./parts.ts";
import { type Call, get, post, type Route } from "./route.ts";

/** Rows as the facts say by now. */
function historyOf({ parts }: Call): ServerParts["history"] {
  parts.history.flush();
  return parts.history;
}

/** Also a job whose files are gone; `ID` is the latest of its agent, and a unique beginning is enough. */
function jobNamed(call: Call): string {
  const given = call.params.id ?? "";
  const [id, other] = historyOf(call).jobs.named(given);
  if (id === undefined)
    throw new Refusal("missing", `no job ${given} in the history`, "muster jobs lists the present ones");
  if (other !== undefined) throw new Refusal("usage", `${given} is the beginning of several jobs`, "type more of it");
  return id;
}

const oneJob = (call: Call): JobDetail | null => historyOf(call).jobs.job(jobNamed(call));

function metrics(call: Call): Metrics {
  const { engine, clock } = call.parts;
  const { all } = historyOf(call);
  const now = clock.now();
  const { days } = all.days("7d", now);
  const today = days.find(({ day }) => day === localDay(now));
  if (!today) throw new Error("a range ends today");
  return { ...all.totals(), agents: livingAgents(engine.state).filter(isAlive).length, today };
}

const newest = (call: Call): unknown => {
  const limit = limitQuery(call.query, 50);
  return historyOf(call).jobs.jobs({ places: [], sort: "created", isAscending: false, page: 1, limit }).rows;
};

const calls = (call: Call): unknown => historyOf(call).jobs.calls(callQuery(call.query));

function callsOfJob(call: Call): unknown {
  const { page, limit } = pageQuery(call.query);
  return historyOf(call).jobs.calls({ job: jobNamed(call), page, limit });
}

const notifications = (call: Call): Notifications => historyOf(call).all.notifications(USER);

function read(call: Call, { ids = [], upTo = 0 }: Bodies["read"]): Notifications {
  call.parts.operations.dispatch({ do: "read", ids, upTo }, call.by);
  return notifications(call);
}

/** What was: metrics, the tables of the history, notifications (A77, A80, A85-A90). */
export const HISTORY_ROUTES: Route[] = [
  get("/api/metrics", "lead", metrics),
  get("/api/metrics/history", "lead", (call) => {
    return historyOf(call).all.days(rangeQuery(call.query, false), call.parts.clock.now());
  }),
  get("/api/metrics/jobs", "lead", newest),
  get("/api/db/overview", "person", (call) => historyOf(call).all.overview(`${call.parts.home}/dashboard.db`)),
  get("/api/db/jobs", "person", (call) => historyOf(call).jobs.jobs(jobQuery(call.query))),
  get("/api/db/jobs/:id", "person", oneJob),
  get("/api/db/jobs/:id/tool-calls", "person", callsOfJob),
  get("/api/db/jobs/:id/subagents", "person", (call) => historyOf(call).jobs.subagents(jobNamed(call))),
  get("/api/db/analytics", "person", (call) => {
    return historyOf(call).all.analytics(rangeQuery(call.query, true), call.parts.clock.now());
  }),
  get("/api/db/tool-stats", "person", (call) => historyOf(call).all.tools()),
  get("/api/db/tool-calls", "person", calls),
  get("/api/db/events", "person", (call) => historyOf(call).all.events(eventQuery(call.query))),
  get("/api/notifications", "person", notifications),
  post("/api/notifications/read", "person", "read", read),
];
