import { afterEach, beforeEach, expect, test } from "bun:test";
import { ANN, hireOf } from "../../../test/fakes/history.ts";
import { QueueLab } from "../../../test/fakes/queue-lab.ts";
import { LEAD } from "../../core/ids.ts";
import { leadAct } from "../../core/lead/lifecycle.ts";
import { leadOf } from "../../core/lead/state.ts";
import { leadView } from "../../core/lead/view.ts";
import { taskRow } from "../../core/queue/view.ts";
import { why } from "../../core/why.ts";

let it: QueueLab;
beforeEach(() => {
  it = new QueueLab();
});
afterEach(() => it.end());

test("A62 without a lead its tasks wait, and why says what would change that", async () => {
  await it.add("x", { isDirect: false });
  expect(it.task(1).state).toBe("pending");
  expect(why(it.state, "#1", [])).toMatchObject({
    ...{ kind: "task", state: "pending", because: "there is no lead" },
    change: "muster orchestrator start, or add it with --direct",
  });
});

test("A62 A63 an idle lead gets one task at a time, with how to finish it; the next comes in the same moment", async () => {
  await it.lead();
  await it.add("write it", { isDirect: false });
  await it.add("test it", { isDirect: false });
  expect(it.told()).toEqual([
    'SYSTEM: New task from queue (#1):\nwrite it\n\nWhen it is finished: muster queue done 1 [--failed] [--result TEXT]. A line "Task done" is accepted too.',
  ]);
  expect(taskRow(it.state, it.task(2)).waits?.reason).toBe("the lead works on #1");
  it.dispatch({ do: "conclude", task: 1, outcome: "completed", result: "commit abc" }, { kind: "agent", agent: LEAD });
  await it.settle();
  expect(it.task(1)).toMatchObject({ state: "completed", result: "commit abc" });
  expect(it.told().at(-1)).toStartWith("SYSTEM: New task from queue (#2):\ntest it");
});

test("A25 A62 what was wished of a task's agents is told to the lead, as the options it starts them with", async () => {
  await it.lead();
  await it.add("write it", {
    ...{ isDirect: false, cwd: "/else where", driver: "codex" },
    ...{ permission: "read-only", model: "o3", effort: "high" },
  });
  expect(it.told()[0]).toContain(
    "\nwrite it\n\nStart agents for it with: --dir '/else where' --agent codex --sandbox read-only --model o3 --reasoning high\nWhen",
  );
});

test("A63 a line that says so ends the task too, at the end of the turn; other words do not", async () => {
  await it.lead();
  await it.add("x", { isDirect: false });
  await it.turn("Not yet, the task is running.");
  expect(it.task(1).state).toBe("processing");
  await it.turn("Commit abc. Task done");
  expect(it.task(1)).toMatchObject({ state: "completed", result: "Commit abc. Task done" });
});

test("A63 a lead that falls silent is asked once after a minute, then its silence counts", async () => {
  await it.lead();
  await it.add("x", { isDirect: false });
  await it.clock.pass(300_000);
  // Its prompt was not taken yet: there is no silence over it.
  expect(it.facts("queue.asked")).toEqual([]);
  await it.turn("working on it");
  await it.clock.pass(50_000);
  expect(it.facts("queue.asked")).toEqual([]);
  await it.clock.pass(20_000);
  expect(it.told().at(-1)).toStartWith("SYSTEM: Is #1 finished?");
  await it.clock.pass(120_000);
  expect(it.facts("queue.asked")).toHaveLength(1);
  await it.turn("hm");
  await it.clock.pass(70_000);
  expect(it.task(1)).toMatchObject({ state: "completed", result: expect.stringContaining("fell silent") });
});

test("A63 a lead whose agents are at work is not asked", async () => {
  await it.lead();
  await it.add("x", { isDirect: false });
  it.dispatch({ do: "start", hire: hireOf(ANN, { parent: LEAD }), job: { id: ANN, mid: "m-ann", prompt: "help" } });
  await it.turn("I wait for my agent");
  await it.clock.pass(600_000);
  expect(it.facts("queue.asked")).toEqual([]);
});

test("A59 A-fault 8: a lead that dies gives its task back as interrupted, once", async () => {
  await it.lead();
  await it.add("x", { isDirect: false });
  it.observe({ type: "terminal.exited", agent: LEAD, incarnation: 1, code: 1, signal: null });
  await it.settle();
  expect([it.task(1).state, it.task(1).interruptions, taskRow(it.state, it.task(1)).status]).toEqual([
    "pending",
    1,
    "interrupted",
  ]);
  it.open(LEAD, 2);
  it.observe({ type: "lead.resumed", mid: "m-again" });
  await it.settle();
  expect(it.task(1)).toMatchObject({ state: "processing", attempts: 2 });
  it.observe({ type: "terminal.exited", agent: LEAD, incarnation: 2, code: 1, signal: null });
  await it.settle();
  expect(it.task(1)).toMatchObject({ state: "failed", result: "interrupted twice: the lead ended over it" });
});

test("A57 the lead ends only what it was given", async () => {
  await it.lead();
  await it.add("x");
  const asLead = { kind: "agent", agent: LEAD } as const;
  expect(() => it.dispatch({ do: "conclude", task: 1, outcome: "completed", result: "" }, asLead)).toThrow(
    "#1 was not given to orch",
  );
  expect(() => it.dispatch({ do: "withdraw", task: 1 }, asLead)).toThrow("may not withdraw");
  expect(() => it.dispatch({ do: "limit", limits: { parallel: 99 } }, asLead)).toThrow("may not limit");
});

test("A58 A56 a lead that was cleared over a task is told which one it is, and its state file says so too", async () => {
  await it.lead();
  await it.add("write it", { isDirect: false });
  await it.add("test it", { isDirect: false });
  const moment = { ...{ now: 0, path: "/h/s.json", lead: LEAD, mid: () => "m-r", control: () => "c" } };
  leadOf(it.state, LEAD).resume = "cleared";
  const [said] = leadAct(it.state, moment)?.commands ?? [];
  expect(said).toMatchObject({
    letter: { text: expect.stringContaining("\nYour task is #1: write it When it is finished: muster queue done 1") },
  });
  expect(leadView(it.state, LEAD)).toMatchObject({
    current_task: { id: 1, description: "write it" },
    pending_tasks: [{ id: 2, description: "test it" }],
  });
  leadOf(it.state, LEAD).resume = undefined;
  it.dispatch({ do: "conclude", task: 1, outcome: "completed", result: "commit abc" });
  expect(leadView(it.state, LEAD).completed_tasks).toMatchObject([{ id: 1, result: "commit abc" }]);
});

test("A62 a lead whose context is about to be cleared gets no task before", async () => {
  await it.lead();
  it.observe({ type: "usage.measured", agent: LEAD, contextTokens: 85, contextSize: 100 });
  await it.add("x", { isDirect: false });
  expect(taskRow(it.state, it.task(1)).waits?.reason).toBe("the lead's context is about to be cleared");
  it.observe({ type: "usage.measured", agent: LEAD, contextTokens: 5, contextSize: 100 });
  await it.settle();
  await it.clock.pass(10_000);
  expect(it.task(1).state).toBe("processing");
});
