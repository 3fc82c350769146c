import { beforeEach, expect, test } from "bun:test";
import { ANN, History, hireOf } from "../../../test/fakes/history.ts";
import { LEAD } from "../ids.ts";
import { cycleOf } from "./chain.ts";
import type { TaskOrder } from "./facts.ts";
import { deadlineOf, nextDirect, nextForLead, waitsFor } from "./turns.ts";
import { taskRow, taskRows } from "./view.ts";
import { taskIn, whyTask } from "./why.ts";

let it: History;
beforeEach(() => {
  it = new History();
});

function add(more: Partial<TaskOrder> = {}): number {
  const order = { prompt: "do it", priority: 0, after: [], cwd: "/r", isDirect: true, retries: 0, ...more };
  it.dispatch({ do: "enqueue", order });
  return it.state.queue.last;
}

function task(number: number) {
  const found = it.state.queue.tasks[number];
  if (!found) throw new Error(`no task ${number}`);
  return found;
}

const start = (number: number, agent = ANN) => it.fold([{ type: "queue.started", task: number, attempt: 1, agent }]);
const finish = (number: number, outcome: "completed" | "failed" = "completed", result = "") =>
  it.fold([{ type: "queue.finished", task: number, outcome, result }]);
const waits = (number: number) => waitsFor(it.state, task(number));
const why = (number: number) => whyTask(it.state, task(number));
const parallel = (limit: number) => it.dispatch({ do: "limit", limits: { parallel: limit } });
const to = (number: number): Partial<TaskOrder> => ({ isDirect: false, priority: number });

/** A lead that is idle and knows where it stands. */
function lead(): void {
  const { agent: _, ...hire } = hireOf(LEAD, { driver: "claude" });
  it.dispatch({ do: "summon", hire });
  it.observe({ type: "lead.resumed", mid: "m-first" });
  it.open(LEAD);
}

test("A61 a direct task begins at once while there is a place", () => {
  expect(waits(add())).toBeNull();
  expect(nextDirect(it.state).map((one) => one.task)).toEqual([1]);
});

test("A61 direct tasks take turns by priority, then by age, and only as many as there are free places", () => {
  parallel(3);
  for (const priority of [0, 5, 0, 5, -1]) add({ priority });
  start(1);
  expect(nextDirect(it.state).map((one) => one.task)).toEqual([2, 4]);
  parallel(1);
  expect(nextDirect(it.state)).toEqual([]);
  expect(waits(2)).toEqual({
    ...{ reason: "1 direct tasks are at work", hint: "one of them ends, or muster queue limits" },
  });
  expect([4, 3, 5].map((number) => waits(number)?.reason)).toEqual([
    "1 direct tasks are at work; 1 before it",
    "1 direct tasks are at work; 2 before it",
    "1 direct tasks are at work; 3 before it",
  ]);
});

test("A61 who waits for a task behind a place that is free knows how many come before", () => {
  parallel(2);
  for (let n = 0; n < 3; n += 1) add();
  expect([waits(1), waits(2), waits(3)?.reason]).toEqual([null, null, "2 direct tasks are at work; 2 before it"]);
});

test("A61 a task waits for what it comes after, whatever the places", () => {
  add();
  add({ after: [1] });
  expect(waits(2)).toEqual({ reason: "it waits for #1, which is pending", hint: "#1 ends" });
  expect(nextDirect(it.state).map((one) => one.task)).toEqual([1]);
  start(1);
  expect(waits(2)?.reason).toBe("it waits for #1, which is processing");
  finish(1);
  expect(waits(2)).toBeNull();
});

test("A65 tasks of an account that is limited wait for its end, those of others go on", () => {
  it.hire(ANN, { driver: "claude" });
  it.open(ANN);
  it.fold([{ type: "limit.reached", agent: ANN, until: it.at + 60_000, isKnown: true }]);
  it.observe({ type: "agent.changed", agent: ANN, activity: "limited" });
  add();
  add({ driver: "claude" });
  add({ driver: "codex" });
  const hint = `it ends at ${new Date(it.state.agents[ANN]?.limit?.until ?? 0).toISOString()}`;
  for (const number of [1, 2])
    expect(waits(number)).toEqual({ reason: "the account of claude has reached its usage limit", hint });
  expect([waits(3), nextDirect(it.state).map((one) => one.task)]).toEqual([null, [3]]);
});

test("A65 F8 another login of the same CLI is another account: its tasks go on", () => {
  it.hire(ANN, { driver: "claude", account: "home" });
  it.open(ANN);
  it.fold([{ type: "limit.reached", agent: ANN, until: it.at + 60_000, isKnown: true }]);
  add({ driver: "claude", account: "home" });
  add({ driver: "claude", account: "work" });
  expect([waits(1)?.reason, waits(2)]).toEqual(["the account of claude has reached its usage limit", null]);
  expect(nextDirect(it.state).map((one) => one.task)).toEqual([2]);
  // As a trigger adds one: it may be of any account, so of this one, too.
  add({ driver: "claude" });
  expect([waits(3)?.reason, nextDirect(it.state).length]).toEqual([
    "the account of claude has reached its usage limit",
    1,
  ]);
});

test("A62 a lead's tasks wait while there is no lead, and say how there is one", () => {
  add(to(0));
  const hint = "muster orchestrator start, or add it with --direct";
  expect(waits(1)).toEqual({ reason: "there is no lead", hint });
  expect(nextForLead(it.state)).toBeUndefined();
  lead();
  expect(waits(1)).toBeNull();
  it.dispatch({ do: "retire", reason: "enough" });
  expect(waits(1)?.reason).toBe("there is no lead");
});

test("A62 a lead takes one task, the most urgent, when it runs, is idle and knows where it stands", () => {
  for (const priority of [0, 7, 7]) add(to(priority));
  add();
  const { agent: _, ...hire } = hireOf(LEAD, { driver: "claude" });
  it.dispatch({ do: "summon", hire });
  const reason = () => [waits(2)?.reason, waits(2)?.hint];
  expect(reason()).toEqual(["the lead is not running", "the lead is idle"]);
  it.open(LEAD);
  expect(reason()).toEqual(["the lead is being told where it stands", "the lead is idle"]);
  it.observe({ type: "lead.resumed", mid: "m-first" });
  expect([waits(2), waits(1)]).toEqual([null, { reason: "others come first; 2 before it", hint: "the lead is idle" }]);
  expect(nextForLead(it.state)).toMatchObject({ lead: LEAD, task: { task: 2 } });
  it.observe({ type: "agent.changed", agent: LEAD, activity: "busy" });
  expect(reason()[0]).toBe("the lead is busy");
  expect([waits(3)?.reason, nextForLead(it.state)]).toEqual(["the lead is busy; 1 before it", undefined]);
  it.observe({ type: "agent.changed", agent: LEAD, activity: "idle" });
  start(2, LEAD);
  expect(waits(3)?.reason).toBe("the lead works on #2");
  expect(nextForLead(it.state)).toBeUndefined();
});

test("A62 a lead whose context is nearly full is cleared before it takes a task", () => {
  lead();
  add(to(0));
  it.observe({ type: "usage.measured", agent: LEAD, contextTokens: 79, contextSize: 100 });
  expect(waits(1)).toBeNull();
  it.observe({ type: "usage.measured", agent: LEAD, contextTokens: 80, contextSize: 100 });
  expect(waits(1)?.reason).toBe("the lead's context is about to be cleared");
});

test("A64 a task's time ends so many minutes after its beginning", () => {
  add();
  it.dispatch({ do: "limit", limits: { timeoutMinutes: 2 } });
  start(1);
  expect(deadlineOf(it.state, task(1))).toBe((task(1).startedAt ?? Number.NaN) + 120_000);
});

test("A61 a circle is named by its way; a straight line is none", () => {
  for (const after of [[], [1], [2], []]) add({ after });
  expect(cycleOf(it.state, 1, [4, 3])).toBe("#1 → #3 → #2 → #1");
  expect(cycleOf(it.state, 1, [1])).toBe("#1 → #1");
  expect([cycleOf(it.state, 4, [3]), cycleOf(it.state, 3, [])]).toEqual([null, null]);
});

test("a task is named by its number, with or without #", () => {
  add();
  expect(["#1", "1"].map((id) => taskIn(it.state, id)?.task)).toEqual([1, 1]);
  expect(["##1", "1x", "x1", "2", "#", "1234567890"].map((id) => taskIn(it.state, id))).toEqual(
    Array(6).fill(undefined),
  );
});

test("why a task is at work: whose word or time ends it", () => {
  add();
  start(1);
  expect(why(1)).toEqual({
    ...{ state: "processing", rule: "a task is over when its agent says so, its job ends, or its time is over" },
    ...{ because: `agent ${ANN} works on it, attempt 1`, change: `muster queue done 1; muster why ${ANN} says more` },
  });
});

test("why a task waits: for whom, and what came of it before", () => {
  add();
  const rule = "the highest priority first, then the oldest; nothing before what it comes after";
  expect(why(1)).toEqual({ state: "pending", rule, because: "it begins now", change: "nothing" });
  add({ after: [1] });
  const reason = "it waits for #1, which is pending";
  expect(why(2)).toEqual({ state: "pending", rule, because: reason, change: "#1 ends" });
  start(2);
  it.observe({ type: "queue.returned", task: 2, reason: "its agent was lost", isInterrupted: true });
  expect(why(2).because).toBe(`${reason}; its agent was lost`);
});

test("why a task is over: its result, and how it is tried again", () => {
  for (let n = 0; n < 3; n += 1) add();
  finish(1, "completed");
  finish(2, "failed", "it broke");
  it.dispatch({ do: "withdraw", task: 3 });
  expect([1, 2, 3].map(why)).toEqual([
    {
      ...{ state: "completed", rule: "what is completed leaves the queue", because: "it is completed" },
      change: "nothing: it is done",
    },
    {
      ...{ state: "failed", rule: "what is failed leaves the queue", because: "it broke" },
      change: "muster queue retry 2",
    },
    {
      ...{ state: "cancelled", rule: "what is cancelled leaves the queue", because: "removed by user" },
      change: "muster queue retry 3",
    },
  ]);
});

test("A25 the row of a task says what is known of it", () => {
  add({ prompt: "build", priority: 4, retries: 2, driver: "codex", cwd: "/w" });
  expect(taskRow(it.state, task(1))).toEqual({
    ...{ task: 1, status: "pending", priority: 4, after: [], direct: true, retries: 2, prompt: "build" },
    ...{ agent: undefined, attempts: 0, interruptions: 0, addedAt: task(1).addedAt, startedAt: undefined },
    ...{ finishedAt: undefined, result: "", driver: "codex", tags: [], cwd: "/w", waits: undefined },
  });
  add({ after: [1] });
  const row = taskRow(it.state, task(2));
  expect([row.status, row.waits]).toEqual([
    "waiting",
    { reason: "it waits for #1, which is pending", hint: "#1 ends" },
  ]);
  start(1);
  expect(taskRow(it.state, task(1))).toMatchObject({ status: "processing", agent: ANN, attempts: 1, waits: undefined });
  it.observe({ type: "queue.returned", task: 1, reason: "lost", isInterrupted: true });
  expect(taskRow(it.state, task(1))).toMatchObject({ status: "interrupted", interruptions: 1, result: "lost" });
});

test("A25 tasks are listed: at work, waiting by turn, then failed, removed and completed ones, the newest first", () => {
  for (let n = 1; n <= 10; n += 1) add({ priority: n === 3 ? 9 : 0 });
  for (const number of [9, 8]) start(number);
  for (const number of [4, 5]) finish(number, "failed");
  for (const number of [6, 7]) finish(number);
  it.dispatch({ do: "withdraw", task: 10 });
  expect(taskRows(it.state).map((row) => row.task)).toEqual([8, 9, 3, 1, 2, 5, 4, 10, 7, 6]);
});

test("A25 a row in the list says what the row alone says", () => {
  lead();
  parallel(2);
  for (let n = 0; n < 12; n += 1) add({ ...to(n % 3), isDirect: n % 2 === 0, after: n === 7 ? [2] : [] });
  start(1);
  start(3, LEAD);
  const rows = taskRows(it.state);
  expect(rows).toHaveLength(12);
  for (const row of rows) expect(row).toEqual(taskRow(it.state, task(row.task)));
  expect(rows.filter(({ waits }) => waits).length).toBeGreaterThan(5);
});

test("A61 whose turn it is needs one look at the agents, however many direct tasks wait", () => {
  for (let n = 0; n < 50; n += 1) add();
  let looks = 0;
  const living = new Proxy(it.state.living, {
    ownKeys: (target) => {
      looks += 1;
      return Reflect.ownKeys(target);
    },
  });
  const counted = { ...it.state, living };
  expect([nextDirect(counted).length, looks]).toEqual([3, 1]);
  looks = 0;
  expect([taskRows(counted).length, looks]).toEqual([50, 1]);
});
