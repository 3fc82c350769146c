import { beforeEach, expect, test } from "bun:test";
import { ANN, History } from "../../../test/fakes/history.ts";
import type { Command } from "../commands.ts";
import { LEAD, PERSON, type Principal } from "../ids.ts";
import { behind } from "./chain.ts";
import type { TaskOrder } from "./facts.ts";

let it: History;
beforeEach(() => {
  it = new History();
});

const LEADS: Principal = { kind: "agent", agent: LEAD };

const order = (more: Partial<TaskOrder> = {}): TaskOrder => ({
  ...{ prompt: "do it", priority: 0, after: [], cwd: "/r", isDirect: true, retries: 0 },
  ...more,
});
const add = (more: Partial<TaskOrder> = {}, origin?: string) =>
  it.dispatch({ do: "enqueue", order: order(more), origin });
const start = (task: number, agent = ANN) => it.fold([{ type: "queue.started", task, attempt: 1, agent }]);
const finish = (task: number, outcome: "completed" | "failed", result = "") =>
  it.fold([{ type: "queue.finished", task, outcome, result }]);
const task = (number: number) => it.state.queue.tasks[number];

function refusal(command: Command, by: Principal = PERSON): unknown[] {
  try {
    it.dispatch(command, by);
  } catch (error) {
    const { code, message, hint } = error as { code?: string; message: string; hint?: string };
    return [code, message, hint];
  }
  return [];
}

const enqueue = (more: Partial<TaskOrder>): Command => ({ do: "enqueue", order: order(more) });
const whole = (what: string, least: number, most: number) => [
  ...["usage", `${what} is not a whole number from ${least} to ${most}`, "give another one"],
];

test("A25 a task keeps its order, and a preview of its prompt, made harmless and cut at 200 characters", () => {
  expect(add({ prompt: `a\u001bb ${"x".repeat(300)}`, priority: 3, retries: 1 }, "o-1")).toEqual(["queue.added"]);
  const [added] = it.events;
  expect(added).toMatchObject({ task: 1, origin: "o-1", body: `a\ufffdb ${"x".repeat(300)}` });
  expect([...(task(1)?.preview ?? "")]).toHaveLength(200);
  expect(task(1)?.order).toEqual({ priority: 3, after: [], cwd: "/r", isDirect: true, retries: 1 });
});

test("A25 the same wish of one origin is added once", () => {
  expect([add({}, "o-1"), add({}, "o-1"), add({}, "o-2"), add()]).toEqual([
    ...[["queue.added"], [], ["queue.added"], ["queue.added"]],
  ]);
});

test("A25 a task whose order cannot be kept is refused with the reason", () => {
  expect(refusal(enqueue({ prompt: " \n" }))).toEqual([
    ...["usage", "the prompt is empty", 'muster queue add "what to do"'],
  ]);
  for (const priority of [1_000_001, -1_000_001, 0.5])
    expect(refusal(enqueue({ priority }))).toEqual(whole(`priority ${priority}`, -1_000_000, 1_000_000));
  for (const retries of [-1, 101, 1.5])
    expect(refusal(enqueue({ retries }))).toEqual(whole(`retries ${retries}`, 0, 100));
  expect(refusal(enqueue({ after: [7] }))).toEqual(["missing", "no task #7", "muster queue lists them"]);
  for (const priority of [1_000_000, -1_000_000]) expect(add({ priority, retries: 100 })).toEqual(["queue.added"]);
});

test("A61 nothing comes after what failed or was removed", () => {
  for (let n = 0; n < 3; n += 1) add();
  finish(1, "failed");
  it.dispatch({ do: "withdraw", task: 2 });
  finish(3, "completed");
  for (const [parent, is] of [
    [1, "failed"],
    [2, "cancelled"],
  ])
    expect(refusal(enqueue({ after: [3, Number(parent)] }))).toEqual([
      ...["state", `#${parent} is ${is}: what comes after it would never begin`, `muster queue retry ${parent}`],
    ]);
  expect(add({ after: [3] })).toEqual(["queue.added"]);
});

test("A25 ten thousand tasks may wait, and no more", () => {
  add();
  it.state.queue.open = Array.from({ length: 9_999 }, () => 1);
  add();
  expect(refusal(enqueue({}))).toEqual(["state", "10000 tasks wait already", "let some of them end first"]);
});

test("A25 a task that is at work is not given to another, nor one with the same letter", () => {
  add();
  add();
  const assign = (number: number, letter: string): Command => ({
    ...{ do: "assign", task: number, agent: LEAD, letter, prompt: "go" },
  });
  start(1);
  const daemon: Principal = { kind: "daemon" };
  expect(it.dispatch(assign(1, "m-1"), daemon)).toEqual([]);
  it.state.accepted["m-2"] = true;
  expect(it.dispatch(assign(2, "m-2"), daemon)).toEqual([]);
  expect(task(2)?.state).toBe("pending");
});

test("A57 A63 what the lead was given it ends itself; a person ends any task that is open, and none twice", () => {
  for (let n = 0; n < 3; n += 1) add();
  const conclude = (number: number): Command => ({
    do: "conclude",
    task: number,
    outcome: "completed",
    result: "\u001bok",
  });
  const forbidden = (number: number) => [
    "forbidden",
    `#${number} was not given to ${LEAD}`,
    "muster queue lists yours",
  ];
  expect(refusal(conclude(1), LEADS)).toEqual(forbidden(1));
  start(1);
  expect(refusal(conclude(1), LEADS)).toEqual(forbidden(1));
  start(2, LEAD);
  expect(it.dispatch(conclude(2), LEADS)).toEqual(["queue.finished"]);
  expect(task(2)).toMatchObject({ state: "completed", result: "\ufffdok" });
  expect(it.dispatch(conclude(1))).toEqual(["queue.finished"]);
  expect(refusal(conclude(1))).toEqual(["state", "#1 is completed already", "muster queue show 1"]);
  start(3, LEAD);
  it.observe({ type: "queue.returned", task: 3, reason: "lost", isInterrupted: true });
  expect(refusal(conclude(3), LEADS)).toEqual(forbidden(3));
});

test("A25 what is at work is removed by force alone, and what is over stays", () => {
  add();
  start(1);
  const withdraw = (isForced: boolean): Command => ({ do: "withdraw", task: 1, isForced });
  expect(refusal(withdraw(false))).toEqual(["state", `agent ${ANN} works on #1`, "muster queue remove 1 --force"]);
  expect(it.dispatch(withdraw(true))[0]).toBe("queue.cancelled");
  expect(task(1)?.result).toBe("removed by user");
  expect(refusal(withdraw(true))).toEqual(["state", "#1 is cancelled already", "what is over stays in the history"]);
});

test("A64 what failed or was removed is tried again, with what failed only because of it", () => {
  for (const after of [[], [1], [1], []]) add({ after });
  const retry = (number: number): Command => ({ do: "retry", task: number });
  const open = (is: string) => ["state", `#1 is ${is}`, "only what failed or was removed is tried again"];
  expect(refusal(retry(1))).toEqual(open("pending"));
  start(1);
  finish(1, "failed", "it broke");
  finish(2, "failed", "blocked: #1 was not completed");
  finish(3, "failed", "its own fault");
  it.fold([{ type: "queue.edited", task: 4, after: [2] }]);
  finish(4, "failed", "blocked: #2 was not completed");
  expect(it.dispatch(retry(1))).toEqual(["queue.retried", "queue.retried", "queue.retried"]);
  expect([1, 2, 3, 4].map((number) => task(number)?.state)).toEqual(["pending", "pending", "failed", "pending"]);
  expect(task(1)).toMatchObject({ attempts: 0, result: "" });
  expect(task(1)?.finishedAt).toBeUndefined();
  finish(1, "completed");
  expect(refusal(retry(1))).toEqual(open("completed"));
  expect(it.state.queue.open).toEqual([2, 4]);
});

test("A64 what comes after something else that failed stays failed until that is tried again, and is not tried before", () => {
  for (const after of [[], [], [1, 2]]) add({ after });
  finish(1, "failed", "it broke");
  finish(3, "failed", "blocked: #1 was not completed");
  finish(2, "failed", "it broke too");
  const retry = (number: number): Command => ({ do: "retry", task: number });
  expect(refusal(retry(3))).toEqual([
    ...["state", "#1 is failed: what comes after it would never begin", "muster queue retry 1"],
  ]);
  it.dispatch(retry(1));
  expect([1, 2, 3].map((number) => task(number)?.state)).toEqual(["pending", "failed", "failed"]);
  it.dispatch(retry(2));
  expect([1, 2, 3].map((number) => task(number)?.state)).toEqual(["pending", "pending", "pending"]);
});

test("A25 what waits gets another place; what is wrong of it is refused", () => {
  for (const after of [[], [1], []]) add({ after });
  const edit = (number: number, more: { priority?: number; after?: number[] }): Command => ({
    ...{ do: "edit", task: number, ...more },
  });
  expect(it.dispatch(edit(2, { priority: 5 }))).toEqual(["queue.edited"]);
  expect(task(2)?.order).toMatchObject({ priority: 5, after: [1] });
  expect(it.dispatch(edit(2, { after: [3] }))).toEqual(["queue.edited"]);
  expect(task(2)?.order).toMatchObject({ priority: 5, after: [3] });
  expect(refusal(edit(2, { priority: 0.1 }))).toEqual(whole("priority 0.1", -1_000_000, 1_000_000));
  expect(refusal(edit(2, { after: [9] }))).toEqual(["missing", "no task #9", "muster queue lists them"]);
  expect(refusal(edit(3, { after: [2] }))).toEqual([
    ...["usage", "these would wait for each other: #3 → #2 → #3", "leave one of them out"],
  ]);
  start(3);
  expect(refusal(edit(3, { priority: 1 }))).toEqual([
    ...["state", "#3 is processing", "only what waits has a place in the queue"],
  ]);
});

test("A61 each limit has its own greatest value, is at least one, and stays when only another is set", () => {
  const limit = (limits: object): Command => ({ do: "limit", limits });
  expect(it.dispatch(limit({ parallel: 100, maxRunning: 1000, timeoutMinutes: 100_000 }))).toEqual(["queue.tuned"]);
  for (const [name, most] of Object.entries({ parallel: 100, maxRunning: 1000, timeoutMinutes: 100_000 }))
    for (const value of [0, most + 1])
      expect(refusal(limit({ [name]: value }))).toEqual(whole(`${name} ${value}`, 1, most));
  expect(it.dispatch(limit({}))).toEqual([]);
  it.dispatch(limit({ parallel: 1 }));
  expect(it.state.queue.limits).toEqual({ parallel: 1, maxRunning: 1000, timeoutMinutes: 100_000 });
});

test("A61 what can never begin without a task is all that is open behind it, each with what blocks it", () => {
  for (const after of [[], [1], [2], [1, 2], [5, 4], []]) add({ after: after.filter((one) => one < 5) });
  const blocked = (number: number) => behind(it.state, number).map(({ task, blocker }) => [task, blocker]);
  const all = [
    [2, 1],
    [4, 1],
    [3, 2],
    [5, 4],
  ];
  expect(blocked(1)).toEqual(all);
  finish(4, "failed");
  expect(blocked(1)).toEqual([
    [2, 1],
    [3, 2],
  ]);
  expect(blocked(6)).toEqual([]);
});
