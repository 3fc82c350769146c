import { afterEach, beforeEach, expect, test } from "bun:test";
import { ANN, hireOf } from "../../../test/fakes/history.ts";
import { ORDER, QueueLab } from "../../../test/fakes/queue-lab.ts";
import type { TaskOrder } from "../../core/queue/facts.ts";
import { taskRow } from "../../core/queue/view.ts";
import { why } from "../../core/why.ts";

let it: QueueLab;
beforeEach(() => {
  it = new QueueLab();
});
afterEach(() => it.end());

test("A65 A61 direct tasks begin at once, as many as the limit says, the highest priority first, then the oldest", async () => {
  await it.add("a");
  await it.add("b");
  await it.add("c");
  await it.add("d");
  await it.add("e", { priority: 5 });
  expect(it.shown).toBe("1 2 3 at work, 4 5 waiting");
  await it.works(1, "completed");
  expect([it.task(5).state, it.task(4).state]).toEqual(["processing", "pending"]);
  await it.works(2, "completed");
  expect(it.task(4).state).toBe("processing");
});

test("A65 the job of a direct task decides about it, and its agent ends with it", async () => {
  await it.add("do it");
  const agent = it.agentOf(1);
  expect(it.state.jobs[agent]).toMatchObject({ prompt: "do it" });
  it.open(agent);
  it.observe({ type: "turn.ended", agent, outcome: "done", summary: "commit abc" });
  await it.settle();
  // Its prompt was not delivered yet: that turn was not its own.
  expect(it.task(1).state).toBe("processing");
  await it.works(1, "completed");
  expect(it.task(1)).toMatchObject({ state: "completed", result: "commit abc", attempts: 1 });
  expect(it.state.agents[agent]?.dismissed).toEqual({ reason: "#1 is over", completed: true });
});

test("A64 a failed task keeps what its agent said and is tried again only as often as --retries says", async () => {
  await it.add("once");
  await it.works(1, "failed", "rc=3");
  expect(it.task(1)).toMatchObject({ state: "failed", result: "rc=3", attempts: 1 });
  await it.add("thrice", { retries: 2 });
  for (let n = 0; n < 3; n += 1) await it.works(2, "failed", `rc=${n}`);
  expect(it.task(2)).toMatchObject({ state: "failed", result: "rc=2", attempts: 3 });
  expect(it.facts("queue.returned")).toHaveLength(2);
});

test("A64 what a person kills is not tried again", async () => {
  await it.add("x", { retries: 5 });
  it.dispatch({ do: "kill", agent: it.agentOf(1), reason: "killed by user" });
  await it.settle();
  expect(it.task(1)).toMatchObject({ state: "failed", result: "killed by user" });
});

test("A59 A-fault 8: an agent that is lost costs its task no retry; it is tried once more and marked", async () => {
  await it.add("x");
  await it.works(1, "lost", "tmux died");
  expect(it.task(1)).toMatchObject({ state: "processing", attempts: 2, interruptions: 1 });
  await it.works(1, "lost", "tmux died");
  expect(it.task(1)).toMatchObject({ state: "failed", result: "interrupted twice: tmux died" });
});

test("A64 a task that takes longer than its time has failed, and its agent ends", async () => {
  it.dispatch({ do: "limit", limits: { timeoutMinutes: 10 } });
  await it.add("x");
  const agent = it.agentOf(1);
  await it.clock.pass(590_000);
  expect(it.task(1).state).toBe("processing");
  await it.clock.pass(10_000);
  expect(it.task(1)).toMatchObject({ state: "failed", result: "timeout: not finished after 10 minutes" });
  expect(it.state.agents[agent]?.dismissed).toEqual({ reason: "#1 is over", completed: false });
});

test("A61 F35 a task begins when what it comes after is completed; what comes after a failure is blocked", async () => {
  await it.add("first");
  await it.add("second", { after: [1] });
  await it.add("third", { after: [1, 2] });
  expect([it.task(2).state, taskRow(it.state, it.task(2)).status]).toEqual(["pending", "waiting"]);
  await it.works(1, "completed");
  expect([it.task(2).state, it.task(3).state]).toEqual(["processing", "pending"]);
  await it.works(2, "failed", "rc=1");
  expect(it.task(3)).toMatchObject({ state: "failed", result: "blocked: #2 was not completed", attempts: 0 });
  it.dispatch({ do: "retry", task: 2 });
  await it.settle();
  expect([it.task(2).state, it.task(3).state]).toEqual(["processing", "pending"]);
  await it.works(2, "completed");
  expect(it.task(3).state).toBe("processing");
});

test("A61 F35 what would wait for itself is refused, and the circle is named", async () => {
  it.dispatch({ do: "limit", limits: { parallel: 1 } });
  await it.add("busy");
  await it.add("a");
  await it.add("b", { after: [2] });
  await it.add("c", { after: [3] });
  expect(() => it.dispatch({ do: "edit", task: 2, after: [4] })).toThrow(
    "these would wait for each other: #2 → #4 → #3 → #2",
  );
  expect(() => it.dispatch({ do: "edit", task: 2, after: [2] })).toThrow("#2 → #2");
  expect(() => it.dispatch({ do: "enqueue", order: { ...ORDER, prompt: "x", after: [99] } })).toThrow("no task #99");
  it.dispatch({ do: "edit", task: 4, after: [], priority: 9 });
  await it.works(1, "completed");
  expect(it.task(4).state).toBe("processing");
});

test("A25 what is wrong of a task is refused before anything is stored", async () => {
  const adding = (more: Partial<TaskOrder>) => () =>
    it.dispatch({ do: "enqueue", order: { ...ORDER, prompt: "x", ...more } });
  expect(adding({ prompt: " " })).toThrow("the prompt is empty");
  expect(adding({ priority: 1.5 })).toThrow("priority 1.5 is not a whole number");
  expect(adding({ retries: -1 })).toThrow("retries -1 is not a whole number from 0 to 100");
  expect(() => it.dispatch({ do: "limit", limits: { parallel: 0 } })).toThrow("parallel 0 is not a whole number");
  expect([it.state.queue.last, it.facts("queue.tuned")]).toEqual([0, []]);
  it.dispatch({ do: "enqueue", order: { ...ORDER, prompt: "x" }, origin: "trigger-1" });
  it.dispatch({ do: "enqueue", order: { ...ORDER, prompt: "x" }, origin: "trigger-1" });
  expect(it.state.queue.last).toBe(1);
});

test("A25 remove takes what waits; what is at work needs force, and its agent ends; what is over stays", async () => {
  it.dispatch({ do: "limit", limits: { parallel: 1 } });
  await it.add("a");
  await it.add("b");
  it.dispatch({ do: "withdraw", task: 2 });
  expect(it.task(2)).toMatchObject({ state: "cancelled", result: "removed by user" });
  expect(() => it.dispatch({ do: "withdraw", task: 1 })).toThrow("works on #1");
  const agent = it.agentOf(1);
  it.dispatch({ do: "withdraw", task: 1, isForced: true });
  await it.settle();
  expect([it.task(1).state, it.state.agents[agent]?.dismissed?.reason]).toEqual(["cancelled", "#1 is over"]);
  expect(() => it.dispatch({ do: "withdraw", task: 1 })).toThrow("#1 is cancelled already");
  expect(() => it.dispatch({ do: "retry", task: 7 })).toThrow("no task #7");
});

test("A65 a task that nobody can be hired for fails with the reason and the next step", async () => {
  it.obstacle = "driver claude needs claude";
  await it.add("x");
  expect(it.task(1)).toMatchObject({ state: "failed", result: "driver claude needs claude; install it", attempts: 0 });
});

test("A65 F8 while an account is limited its tasks wait, and those of others go on", async () => {
  it.start(ANN);
  it.open(ANN);
  it.observe({ type: "limit.reached", agent: ANN, until: it.clock.now() + 3_600_000, isKnown: true });
  await it.add("mine", { driver: "standin" });
  await it.add("other", { driver: "codex" });
  expect([it.task(1).state, it.task(2).state]).toEqual(["pending", "processing"]);
  expect(why(it.state, "#1", [])).toMatchObject({
    because: "the account of standin has reached its usage limit",
    change: expect.stringContaining("it ends at 20"),
  });
  it.observe({ type: "limit.ended", agent: ANN });
  await it.settle();
  expect(it.task(1).state).toBe("processing");
});

test("A61 what is over leaves the memory in time, and costs no turn", async () => {
  for (let n = 1; n <= 1010; n += 1) {
    it.dispatch({ do: "enqueue", order: { ...ORDER, prompt: "x", isDirect: false } });
    it.dispatch({ do: "withdraw", task: n });
  }
  expect([Object.keys(it.state.queue.tasks).length, it.state.queue.open]).toEqual([1000, []]);
  expect(await it.add("next")).toBe(1011);
});

test("A8 a job waits until those it comes after are completed, and ends with them when they fail", async () => {
  it.start(ANN);
  it.dispatch({
    do: "start",
    hire: hireOf("c0000001", { after: [ANN] }),
    job: { id: "c0000001", mid: "m-c", prompt: "x" },
  });
  expect(why(it.state, "c0000001", [])).toMatchObject({ kind: "job", because: `it waits for ${ANN}` });
  it.observe({ type: "job.finished", job: ANN, outcome: "failed", reason: "rc=1" });
  expect(it.state.jobs.c0000001).toMatchObject({ outcome: "failed", reason: `blocked: ${ANN} was not completed` });
});

test("A61 F35 a chain of 500 tasks falls with its first, in one step, and is tried again with it", async () => {
  for (let n = 1; n <= 500; n += 1) {
    it.dispatch({ do: "enqueue", order: { ...ORDER, prompt: "x", isDirect: false, after: n > 1 ? [n - 1] : [] } });
  }
  it.dispatch({ do: "withdraw", task: 1 });
  expect([it.state.queue.open, it.task(500).result]).toEqual([[], "blocked: #499 was not completed"]);
  it.dispatch({ do: "retry", task: 1 });
  expect([it.state.queue.open.length, it.task(500)]).toMatchObject([500, { state: "pending", result: "" }]);
});

test("A61 F35 a circle is found however long it is, and however many ways lead through what comes before", async () => {
  const add = (after: number[]) =>
    it.dispatch({ do: "enqueue", order: { ...ORDER, prompt: "x", isDirect: false, after } });
  for (let n = 1; n <= 200; n += 1) add(n > 1 ? [n - 1] : []);
  expect(() => it.dispatch({ do: "edit", task: 1, after: [200] })).toThrow("#1 → #200 → #199 → ");
  // 40 steps of two tasks, each after both of the step before: 2^40 ways.
  for (let step = 0; step < 40; step += 1) {
    const before = step === 0 ? [] : [199 + 2 * step, 200 + 2 * step];
    add(before);
    add(before);
  }
  add([]);
  it.dispatch({ do: "edit", task: 281, after: [280] });
  expect(it.task(281).order.after).toEqual([280]);
});

test("A8 a chain of 100 jobs falls with the first, each because of the one before", () => {
  const id = (n: number) => `c${String(n).padStart(7, "0")}`;
  for (let n = 1; n <= 100; n += 1) {
    const hire = hireOf(id(n), { after: n > 1 ? [id(n - 1)] : undefined });
    it.dispatch({ do: "start", hire, job: { id: id(n), mid: `m-${n}`, prompt: "x" } });
  }
  it.dispatch({ do: "kill", agent: id(1), reason: "killed by user" });
  expect(it.state.jobs[id(100)]).toMatchObject({
    ...{ outcome: "failed", reason: `blocked: ${id(99)} was not completed` },
  });
});
