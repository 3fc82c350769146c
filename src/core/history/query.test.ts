import { expect, test } from "bun:test";
import { refusal } from "../../../test/fakes/refusal.ts";
import { callQuery, eventQuery, jobQuery, limitQuery, pageQuery, rangeQuery } from "./query.ts";

const of = (text: string) => new URLSearchParams(text);
const jobs = (text: string) => jobQuery(of(text));

const wrong = (text: string) => refusal(() => jobs(text))[1];

test("A85 jobs that are asked for without a filter: the newest fifty, looked for everywhere", () => {
  expect(jobs("")).toEqual({
    ...{ sort: "created", isAscending: false, page: 1, limit: 50, places: ["prompt", "file", "tool", "summary"] },
  } as never);
});

test("A85 every filter of jobs is read from the parameter of its name", () => {
  const text =
    "status=failed&model=opus&driver=claude&reasoning=high&team=blue&cost_min=0.5&cost_max=20&from=1000&to=2000" +
    "&has_session=true&search=bug&in=file&sort=cost&order=asc&page=3&limit=100";
  expect(jobs(text)).toEqual({
    ...{
      status: "failed",
      model: "opus",
      driver: "claude",
      reasoning: "high",
      team: "blue",
      costMin: 0.5,
      costMax: 20,
    },
    ...{ from: 1000, to: 2000, hasSession: true, search: "bug", places: ["file"], sort: "cost", isAscending: true },
    ...{ page: 3, limit: 100 },
  });
});

test("A85 each state, place and order that jobs have can be asked for", () => {
  const accepted = (key: string, values: string[]) => values.map((value) => refusal(() => jobs(`${key}=${value}`)));
  const known: [string, string][] = [
    ["status", "pending running completed failed"],
    ["in", "prompt file tool summary"],
    ["sort", "created started finished elapsed cost tokens tools files status"],
    ["order", "asc desc"],
  ];
  for (const [key, values] of known) {
    expect(accepted(key, values.split(" ")).flat()).toEqual([]);
    expect(wrong(`${key}=other`)).toBe(`${key}: one of ${values.replaceAll(" ", ", ")} is needed`);
  }
  expect([jobs("order=desc").isAscending, jobs("sort=tools").sort]).toEqual([false, "tools"]);
});

test("A85 a filter that is there and empty does not matter", () => {
  expect(jobs("status=&from=&cost_min=&limit=&has_session=")).toEqual(jobs(""));
});

test("A85 a parameter that is not known is refused, not passed over", () => {
  const known =
    "known: status, model, driver, reasoning, team, cost_min, cost_max, from, to, has_session, search, in, sort, order, page, limit";
  expect(refusal(() => jobs("modell=x"))).toEqual(["usage", "unknown parameter modell", known]);
  expect(refusal(() => callQuery(of("job=x")))).toEqual([
    ...["usage", "unknown parameter job", "known: job_id, name, failed, search, page, limit"],
  ]);
  expect(refusal(() => eventQuery(of("event=x")))).toEqual([
    ...["usage", "unknown parameter event", "known: job_id, agent, type, tool, since, search, page, limit"],
  ]);
  expect(refusal(() => pageQuery(of("search=x")))).toEqual(["usage", "unknown parameter search", "known: page, limit"]);
  expect(refusal(() => rangeQuery(of("days=7"), true))).toEqual(["usage", "unknown parameter days", "known: range"]);
  expect(refusal(() => limitQuery(of("page=1"), 5))).toEqual(["usage", "unknown parameter page", "known: limit"]);
});

test("A85 a text may have 500 characters, and no more", () => {
  expect(jobs(`search=${"x".repeat(500)}`).search).toHaveLength(500);
  expect(wrong(`search=${"x".repeat(501)}`)).toBe("search: a text of at most 500 characters is needed");
});

test("A85 yes and no are said by true, 1, false and 0 alone", () => {
  expect(["true", "1", "false", "0"].map((flag) => jobs(`has_session=${flag}`).hasSession)).toEqual([
    ...[true, true, false, false],
  ]);
  expect(wrong("has_session=yes")).toBe("has_session: one of true, false, 1, 0 is needed");
});

test("A85 an amount is dollars with a point, and nothing around it", () => {
  expect([jobs("cost_min=12").costMin, jobs("cost_max=0.123456789").costMax]).toEqual([12, 0.123456789]);
  for (const text of ["-1", "1.", ".5", "1e3", "1.5x", "x1.5", "1234567890", "1.0123456789"])
    expect(wrong(`cost_min=${text}`)).toBe("cost_min: a number of dollars is needed");
});

test("A85 a time is milliseconds, a day that begins at its local midnight, or a moment", () => {
  expect(jobs("from=123456789012345").from).toBe(123456789012345);
  expect(jobs("from=2026-01-31").from).toBe(new Date(2026, 0, 31).getTime());
  expect(jobs("from=2026-01-31T10:05").from).toBe(new Date(2026, 0, 31, 10, 5).getTime());
  expect(jobs("from=2026-01-31T10:05:07.25Z").from).toBe(Date.UTC(2026, 0, 31, 10, 5, 7, 250));
  expect(jobs(`from=${encodeURIComponent("2026-01-31T10:05:07+02:00")}`).from).toBe(Date.UTC(2026, 0, 31, 8, 5, 7));
  for (const text of [
    ...["1234567890123456", "x12", "12x", "2026-01", "2026-1-31", "2026-13-41", "x2026-01-31", "2026-01-31x"],
    ...["2026-01-31T10", "2026-01-31T1:05", "2026-01-31T10:05:7", "2026-01-31T10:05:07.1234", "2026-01-31T10:05+2:00"],
  ])
    expect(wrong(`to=${encodeURIComponent(text)}`)).toBe(
      "to: a time, as 2026-01-31, 2026-01-31T10:00:00Z or milliseconds, is needed",
    );
});

test("A85 a page has at most 100 rows, and pages are counted from one", () => {
  expect(pageQuery(of("page=1000000&limit=1"))).toEqual({ page: 1_000_000, limit: 1 });
  expect(pageQuery(of(""))).toEqual({ page: 1, limit: 50 });
  expect(refusal(() => pageQuery(of("page=1000001")))).toEqual([
    ...["usage", "page: a whole number of 1 to 1000000 is needed"],
  ]);
  for (const text of ["0", "101", "-5", "1.5", "x5", "5x", "1234567890"])
    expect(wrong(`limit=${text}`)).toBe("limit: a whole number of 1 to 100 is needed");
});

test("A86 tool calls are found by job, name, failure and text", () => {
  expect(callQuery(of("job_id=a0000001&name=Bash&failed=1&search=rm&page=2&limit=7"))).toEqual({
    ...{ job: "a0000001", name: "Bash", isFailed: true, search: "rm", page: 2, limit: 7 },
  });
});

test("A88 events are found by job, agent, kind, tool, time and text", () => {
  expect(eventQuery(of("job_id=b&agent=a&type=Stop&tool=Bash&since=5&search=rm&page=2&limit=7"))).toEqual({
    ...{ job: "b", agent: "a", event: "Stop", tool: "Bash", since: 5, search: "rm", page: 2, limit: 7 },
  });
});

test("A88 a range is a week unless another is named; all that there is only where it may be asked for", () => {
  expect([rangeQuery(of(""), true), rangeQuery(of("range=all"), true)]).toEqual(["7d", "all"]);
  expect(["7d", "30d", "90d"].map((range) => rangeQuery(of(`range=${range}`), false))).toEqual(["7d", "30d", "90d"]);
  expect(refusal(() => rangeQuery(of("range=all"), false))).toEqual([
    ...["usage", "range: one of 7d, 30d, 90d is needed"],
  ]);
  expect(refusal(() => rangeQuery(of("range=1y"), true))).toEqual([
    ...["usage", "range: one of 7d, 30d, 90d, all is needed"],
  ]);
});

test("A86 a number of rows falls back to what the question has by itself", () => {
  expect([limitQuery(of(""), 12), limitQuery(of("limit=100"), 12)]).toEqual([12, 100]);
  expect(refusal(() => limitQuery(of("limit=101"), 12))[1]).toBe("limit: a whole number of 1 to 100 is needed");
});
