import { afterEach, beforeEach, expect, test } from "bun:test";
import { openClient } from "../../src/client/client.ts";
import { observe } from "../../src/core/commands.ts";
import type {
  Analytics,
  JobDetail,
  JobHistoryRow,
  Metrics,
  MetricsHistory,
  Notifications,
  Overview,
  Page,
} from "../../src/core/history/api.ts";
import { localDay } from "../../src/core/history/days.ts";
import { DAEMON } from "../../src/core/ids.ts";
import { type Light, openLight, SECRET } from "./light.ts";

let light: Light;
beforeEach(() => {
  light = openLight();
});
afterEach(() => light.stop());

const get = <T>(path: string) => openClient({ url: light.url, token: SECRET }).get<T>(path);
const post = <T>(path: string, body: unknown) => openClient({ url: light.url, token: SECRET }).post<T>(path, body);

const ANN = "a1111111";
const BOB = "b2222222";

/** One job that was done and one that failed. */
function two(): void {
  light.hire(ANN);
  light.hire(BOB);
  const { mid = "" } = light.engine.state.jobs[ANN] ?? {};
  light.engine.dispatch(
    observe(
      { type: "message.delivered", mid, evidence: "receipt" },
      { type: "turn.started", agent: ANN },
      { type: "turn.ended", agent: ANN, outcome: "done", summary: "all is well" },
      { type: "terminal.exited", agent: BOB, incarnation: 1, code: 3, signal: null },
    ),
    DAEMON,
  );
}

test("A77 A80 metrics and overview count jobs; what nobody knows is null, never 0", async () => {
  two();
  const metrics = await get<Metrics>("/api/metrics");
  expect(metrics).toMatchObject({ jobs: 2, completed: 1, failed: 1, tokensIn: null, cost: null, costUnknown: 2 });
  expect(metrics.today).toMatchObject({ day: localDay(Date.now()), started: 2, completed: 1, failed: 1 });
  const { days } = await get<MetricsHistory>("/api/metrics/history?range=30d");
  expect([days.length, days.at(-1), days[0]?.started]).toEqual([30, metrics.today, 0]);
  expect((await get<JobHistoryRow[]>("/api/metrics/jobs?limit=1")).length).toBe(1);
  const { tables, seq } = await get<Overview>("/api/db/overview");
  expect(seq).toBe(light.engine.state.seq);
  expect(Object.fromEntries(tables.map(({ name, rows }) => [name, rows]))).toMatchObject({
    ...{ job_history: 2, tool_calls: 0, daily_metrics: 1, notifications: 2, teams: 0 },
  });
  const { range, drivers } = await get<Analytics>("/api/db/analytics?range=all");
  expect([range, drivers]).toEqual(["all", [{ driver: "standin", jobs: 2, completed: 1, failed: 1 }]]);
});

test("A85 a job is found by state, words and time, page by page; its detail has the whole prompt", async () => {
  two();
  const ids = async (query: string) =>
    (await get<Page<JobHistoryRow>>(`/api/db/jobs?${query}`)).rows.map(({ id }) => id);
  expect(await ids("status=failed")).toEqual([BOB]);
  expect(await ids("search=is+well")).toEqual([ANN]);
  expect(await ids("search=is+well&in=prompt")).toEqual([]);
  expect(await ids(`search=${encodeURIComponent("%")}`)).toEqual([]);
  expect(await ids("from=2999-01-01")).toEqual([]);
  expect(await ids("has_session=true")).toEqual([]);
  expect(await ids("cost_min=0")).toEqual([]);
  expect((await ids("model=x")).length + (await ids("reasoning=high")).length).toBe(0);
  expect(await ids("sort=status&order=asc")).toEqual([ANN, BOB]);
  const second = await get<Page<JobHistoryRow>>("/api/db/jobs?sort=status&order=asc&page=2&limit=1");
  expect([second.total, second.page, second.rows[0]?.id]).toEqual([2, 2, BOB]);
  const detail = await get<JobDetail>(`/api/db/jobs/${ANN.slice(0, 3)}`);
  expect(detail).toMatchObject({ wholePrompt: `work of ${ANN}`, summary: "all is well", runs: [], files: [] });
  expect(await get<Page<unknown>>(`/api/db/jobs/${BOB}/tool-calls`)).toMatchObject({ total: 0 });
  expect(await get<unknown[]>(`/api/db/jobs/${BOB}/subagents`)).toEqual([]);
});

test("A80 A83 each question that does not fit is answered 400 with the parameter, or 404", async () => {
  const ask = async (path: string) => {
    const answer = await fetch(`${light.url}${path}`, { headers: light.bearer() });
    return [answer.status, ((await answer.json()) as { error: { message: string } }).error.message];
  };
  for (const [path, said] of [
    ["/api/metrics/history?range=all", "range: one of 7d, 30d, 90d is needed"],
    ["/api/metrics/history?rang=7d", "unknown parameter rang"],
    ["/api/metrics/jobs?limit=0", "limit: a whole number of 1 to 100 is needed"],
    ["/api/db/jobs?limit=101", "limit: a whole number of 1 to 100 is needed"],
    ["/api/db/jobs?page=0", "page: a whole number of 1 to 1000000 is needed"],
    ["/api/db/jobs?status=gone", "status: one of pending, running, completed, failed is needed"],
    ["/api/db/jobs?sort=id%3B--", "sort: one of created, started"],
    ["/api/db/jobs?cost_min=-1", "cost_min: a number of dollars is needed"],
    ["/api/db/jobs?from=tomorrow", "from: a time, as 2026-01-31"],
    ["/api/db/jobs?has_session=maybe", "has_session: one of true, false, 1, 0 is needed"],
    [`/api/db/jobs?search=${"x".repeat(501)}`, "search: a text of at most 500 characters is needed"],
    ["/api/db/analytics?range=1d", "range: one of 7d, 30d, 90d, all is needed"],
    ["/api/db/events?job=a", "unknown parameter job"],
    ["/api/db/tool-calls?failed=x", "failed: one of true, false, 1, 0 is needed"],
  ] as const) {
    const [status, message] = await ask(path);
    expect([path, status, String(message).startsWith(said)]).toEqual([path, 400, true]);
  }
  expect(await ask("/api/db/jobs/ffffffff")).toEqual([404, "no job ffffffff in the history"]);
});

test("A90 what people were told is kept with what they have read", async () => {
  two();
  const { rows, unread } = await get<Notifications>("/api/notifications");
  expect(rows.map(({ kind, about, isRead }) => [kind, about, isRead])).toEqual([
    ["job_failed", BOB, false],
    ["job_completed", ANN, false],
  ]);
  expect(unread).toBe(2);
  const after = await post<Notifications>("/api/notifications/read", { ids: [rows[0]?.id] });
  expect([after.unread, after.rows.map(({ isRead }) => isRead)]).toEqual([1, [true, false]]);
  expect((await post<Notifications>("/api/notifications/read", { upTo: rows[0]?.id })).unread).toBe(0);
});
