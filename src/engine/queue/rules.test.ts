import { beforeEach, expect, test } from "bun:test";
import { ANN, BOB, History, hireOf } from "../../../test/fakes/history.ts";
import { ORDER } from "../../../test/fakes/queue-lab.ts";
import type { Command, Observation } from "../../core/commands.ts";
import { LEAD } from "../../core/ids.ts";
import type { TaskOrder } from "../../core/queue/facts.ts";
import { queueRules } from "./rules.ts";

let it: History;
beforeEach(() => {
  it = new History();
});

function add(more: Partial<TaskOrder> = {}): number {
  it.dispatch({ do: "enqueue", order: { ...ORDER, prompt: "go", ...more } });
  return it.state.queue.last;
}

/** A direct task at work, by an agent with a job of its own. */
function work(task: number, agent = ANN, attempt = 1): void {
  it.dispatch({ do: "start", hire: hireOf(agent), job: { id: agent, mid: `m-${agent}`, prompt: "go" } });
  it.fold([{ type: "queue.started", task, attempt, agent }]);
}

function lead(task?: number): void {
  it.fold([{ type: "agent.hired", hire: hireOf(LEAD) }]);
  it.open(LEAD);
  if (task !== undefined) it.fold([{ type: "queue.started", task, attempt: 1, agent: LEAD }]);
}

/** What follows from the newest fact: facts that are told, and who is ended how. */
function follows(): unknown[][] {
  const event = it.events.at(-1);
  const commands: Command[] = event ? queueRules.flatMap((rule) => rule(it.state, event)) : [];
  return commands.map((command) => {
    if (command.do === "kill") return ["kill", command.agent, command.reason, command.completed];
    const [fact] = command.do === "observe" ? command.facts : [];
    const { type, task, ...more } = fact as Observation & { task: number };
    return [type, task, ...Object.values(more)];
  });
}

const finish = (job: string, outcome: "completed" | "failed" | "lost", reason = "") =>
  it.fold([{ type: "job.finished", job, outcome, reason }]);

test("A65 a job that is completed completes its task with its last words, and its agent ends as completed", () => {
  work(add());
  const job = it.state.jobs[ANN];
  if (job) job.summary = "built";
  finish(ANN, "completed");
  expect(follows()).toEqual([
    ["queue.finished", 1, "completed", "built"],
    ["kill", ANN, "#1 is over", true],
  ]);
});

test("A64 a job that fails is tried again while its task has tries left, unless a person ended it", () => {
  work(add({ retries: 1 }));
  finish(ANN, "failed", "it broke");
  const end = ["kill", ANN, "#1 is over", true];
  expect(follows()).toEqual([["queue.returned", 1, "it broke", false], end]);
  it.fold([{ type: "queue.started", task: 1, attempt: 2, agent: ANN }]);
  finish(ANN, "failed", "it broke");
  expect(follows()).toEqual([["queue.finished", 1, "failed", "it broke"], end]);
  work(add({ retries: 5 }), BOB);
  it.fold([{ type: "agent.dismissed", agent: BOB, reason: "killed" }]);
  finish(BOB, "failed", "killed");
  expect(follows()[0]).toEqual(["queue.finished", 2, "failed", "killed"]);
});

test("A59 an agent that is lost gives its task back once; twice is enough", () => {
  work(add());
  finish(ANN, "lost", "tmux died");
  expect(follows()).toEqual([["queue.returned", 1, "tmux died", true]]);
  it.observe({ type: "queue.returned", task: 1, reason: "tmux died", isInterrupted: true });
  it.fold([{ type: "queue.started", task: 1, attempt: 2, agent: ANN }]);
  finish(ANN, "lost", "tmux died");
  expect(follows()).toEqual([["queue.finished", 1, "failed", "interrupted twice: tmux died"]]);
});

test("A65 jobs without a task, of a task that is over, or of the lead's decide nothing", () => {
  work(add());
  it.fold([{ type: "queue.finished", task: 1, outcome: "completed", result: "" }]);
  finish(ANN, "completed");
  expect(follows()).toEqual([]);
  work(add({ isDirect: false }), BOB);
  finish(BOB, "completed");
  expect(follows()).toEqual([]);
  it.fold([{ type: "job.finished", job: "nothing", outcome: "completed", reason: "" }]);
  expect(follows()).toEqual([]);
});

test("A63 the lead's words end its task when they say so, at the normal end of a turn", () => {
  const turn = (summary: string, agent = LEAD, outcome: "done" | "failed" = "done") => {
    it.fold([{ type: "turn.ended", agent, outcome, summary }]);
    return follows();
  };
  lead();
  expect(turn("Task done")).toEqual([]);
  add({ isDirect: false });
  it.fold([{ type: "queue.started", task: 1, attempt: 1, agent: LEAD }]);
  for (const summary of ["Task done", "well: task #1 is done.", "TASK 1 DONE"])
    expect(turn(summary)).toEqual([["queue.finished", 1, "completed", summary]]);
  for (const summary of [
    "tasks done",
    "the task is almost done",
    "multitask done",
    "sub-task done",
    "task #2 is done",
    "task donetsk",
    "task x done",
  ])
    expect(turn(summary)).toEqual([]);
  expect([turn("task done", ANN), turn("task done", LEAD, "failed")]).toEqual([[], []]);
});

test("A59 a lead that ends, is lost or is dismissed gives its task back; other agents' ends do not", () => {
  const back = [["queue.returned", 1, "the lead ended over it", true]];
  lead(add({ isDirect: false }));
  it.fold([{ type: "terminal.exited", agent: LEAD, incarnation: 1, code: 0, signal: null }]);
  expect(follows()).toEqual(back);
  it.fold([{ type: "terminal.lost", agent: LEAD, incarnation: 1, reason: "x" }]);
  expect(follows()).toEqual(back);
  it.fold([{ type: "terminal.exited", agent: ANN, incarnation: 1, code: 0, signal: null }]);
  expect(follows()).toEqual([]);
  it.fold([{ type: "agent.changed", agent: LEAD, activity: "busy" }]);
  expect(follows()).toEqual([]);
  it.fold([{ type: "agent.dismissed", agent: LEAD, reason: "x" }]);
  expect(follows()).toEqual(back);
});

test("A61 what failed or was removed takes along what comes after it; what was completed does not", () => {
  for (const after of [[], [1], [2], []]) add({ after });
  const end = (fact: Parameters<History["fold"]>[0][number]) => {
    it.fold([fact]);
    return follows();
  };
  expect(end({ type: "queue.cancelled", task: 1, reason: "removed" })).toEqual([
    ["queue.finished", 2, "failed", "blocked: #1 was not completed"],
  ]);
  expect(end({ type: "queue.finished", task: 2, outcome: "failed", result: "" })).toEqual([
    ["queue.finished", 3, "failed", "blocked: #2 was not completed"],
  ]);
  add({ after: [4] });
  expect(end({ type: "queue.finished", task: 4, outcome: "completed", result: "" })).toEqual([]);
});

test("A64 whoever still works on a task that is over ends with it, as completed only if it is", () => {
  for (const [n, agent] of [ANN, BOB].entries()) work(add(), agent, n);
  it.fold([{ type: "queue.cancelled", task: 1, reason: "removed" }]);
  expect(follows()).toEqual([["kill", ANN, "#1 is over", false]]);
  it.fold([{ type: "queue.finished", task: 2, outcome: "completed", result: "" }]);
  expect(follows()).toEqual([["kill", BOB, "#2 is over", true]]);
});

test("A64 the lead, and agents that ended or whose job is over, are not ended for a task", () => {
  lead(add({ isDirect: false }));
  it.fold([{ type: "queue.cancelled", task: 1, reason: "x" }]);
  expect(follows()).toEqual([]);
  work(add());
  finish(ANN, "failed");
  it.fold([{ type: "queue.cancelled", task: 2, reason: "x" }]);
  expect(follows()).toEqual([]);
  work(add(), BOB);
  it.fold([{ type: "agent.dismissed", agent: BOB, reason: "x" }]);
  it.fold([{ type: "queue.cancelled", task: 3, reason: "x" }]);
  expect(follows()).toEqual([]);
});

test("A8 a job that comes after one that was not completed is ended before it begins", () => {
  const start = (agent: string, after?: string[]) =>
    it.dispatch({ do: "start", hire: hireOf(agent, { after }), job: { id: agent, mid: `m-${agent}`, prompt: "go" } });
  start(ANN);
  for (const agent of ["c0000003", "d0000004", "e0000005"]) start(agent, [ANN]);
  start("f0000006", [BOB]);
  start("f0000007");
  it.open("d0000004");
  it.fold([{ type: "agent.dismissed", agent: "e0000005", reason: "x" }]);
  finish(ANN, "failed");
  expect(follows()).toEqual([["kill", "c0000003", `blocked: ${ANN} was not completed`, undefined]]);
  finish(ANN, "completed");
  expect(follows()).toEqual([]);
});
