import { beforeEach, expect, test } from "bun:test";
import { ANN, BOB, History, hireOf } from "../../../test/fakes/history.ts";
import type { Fact } from "../facts.ts";
import { LEAD } from "../ids.ts";
import { chainOf, heardIn } from "./events.ts";

let it: History;
beforeEach(() => {
  it = new History();
  it.dispatch({ do: "start", hire: hireOf(ANN), job: { id: ANN, mid: "m-1", prompt: "go" } });
});

/** What a trigger hears of a fact. */
function heard(fact: Fact) {
  it.fold([fact]);
  const event = it.events.at(-1);
  return event ? heardIn(event, it.state) : [];
}

const job = (more: object) => ({
  job: { id: ANN, agent: ANN, prompt: "go", status: "running", error: "", summary: "", ...more },
});
const status = (word: string) => [{ event: "orchestrator_status_change", data: { event: { status: word } } }];
const update = (change: string) => [{ event: "queue_update", data: { event: { task: 1, change } } }];

test("A68 a job is heard of when it is created, changes, and ends, with its error only where it failed", () => {
  const made = it.events.find(({ type }) => type === "job.created");
  expect(made && heardIn(made, it.state)).toEqual([{ event: "job_created", data: job({}) }] as never);
  expect(heard({ type: "agent.changed", agent: ANN, activity: "busy" })).toEqual([
    { event: "job_updated", data: job({}) },
  ]);
  expect(heard({ type: "job.finished", job: ANN, outcome: "failed", reason: "it broke" })).toEqual([
    { event: "job_failed", data: job({ status: "failed", error: "it broke" }) },
  ]);
  expect(heard({ type: "job.finished", job: ANN, outcome: "completed", reason: "killed as done" })).toEqual([
    { event: "job_completed", data: job({ status: "completed" }) },
  ]);
});

test("A68 jobs and agents that are not there, and the lead's own changes, are not heard of", () => {
  it.fold([{ type: "agent.hired", hire: hireOf(LEAD) }]);
  it.fold([{ type: "job.created", job: LEAD, agent: LEAD, mid: "m-l", prompt: "x" }]);
  expect(heard({ type: "agent.changed", agent: LEAD, activity: "busy" })).toEqual([]);
  expect(heard({ type: "agent.changed", agent: BOB, activity: "busy" })).toEqual([]);
  expect(heard({ type: "job.finished", job: BOB, outcome: "failed", reason: "" })).toEqual([]);
  expect(heard({ type: "turn.started", agent: ANN })).toEqual([]);
});

test("A68 a hook is heard of with its tool and its agent's job", () => {
  expect(heard({ type: "hook.heard", agent: ANN, event: "PreToolUse", tool: "Bash", row: 1 })).toEqual([
    { event: "hook_event", data: { event: { name: "PreToolUse", tool: "Bash", agent: ANN }, job: { id: ANN } } },
  ]);
  expect(heard({ type: "hook.heard", agent: BOB, event: "Stop", row: 2 })).toEqual([
    { event: "hook_event", data: { event: { name: "Stop", tool: undefined, agent: BOB }, job: { id: undefined } } },
  ]);
});

test("A68 the lead's steps are heard of in words, its warning with the percent", () => {
  expect(heard({ type: "lead.summoned" })).toEqual(status("started") as never);
  expect(heard({ type: "lead.clearing", percent: 80, control: "c" })).toEqual(status("clearing") as never);
  expect(heard({ type: "lead.resumed", mid: "m" })).toEqual(status("resuming") as never);
  expect(heard({ type: "lead.retired", reason: "x" })).toEqual(status("stopped") as never);
  expect(heard({ type: "lead.warned", percent: 71 })).toEqual([
    { event: "orchestrator_context_warn", data: { event: { percent: 71 } } },
  ]);
});

function enqueue(origin?: string): void {
  const order = { prompt: "t", priority: 0, after: [], cwd: "/r", isDirect: true, retries: 0 };
  it.dispatch({ do: "enqueue", order, origin });
}

test("A68 each step of a task is heard of by its name", () => {
  enqueue();
  const added = it.events.at(-1);
  expect(added && heardIn(added, it.state)).toEqual(update("added") as never);
  expect(heard({ type: "queue.started", task: 1, attempt: 1, agent: ANN })).toEqual(update("started") as never);
  expect(heard({ type: "queue.returned", task: 1, reason: "", isInterrupted: false })).toEqual(
    update("returned") as never,
  );
  expect(heard({ type: "queue.finished", task: 1, outcome: "failed", result: "" })).toEqual(
    update("finished") as never,
  );
  expect(heard({ type: "queue.cancelled", task: 1, reason: "" })).toEqual(update("cancelled") as never);
});

const chain = (fact: object) => chainOf(it.state, { seq: 1, at: 1, by: "system", ...fact } as never);

test("A69 the triggers behind a fact are those of the task that it is about", () => {
  for (const origin of ["trigger:night>deep#12", undefined, "web:trigger:night#1", "trigger:#1"]) enqueue(origin);
  const of = (task: number) => chain({ type: "queue.asked", task });
  expect([of(1), of(2), of(3), of(4), of(9)]).toEqual([["night", "deep"], [], [], [], []]);
});

test("A69 a fact about an agent or its job has the triggers of the task that it works on, else of one that is over", () => {
  for (const origin of ["trigger:first#1", "trigger:second#2", "trigger:third#3"]) enqueue(origin);
  it.fold([{ type: "queue.started", task: 2, attempt: 1, agent: BOB }]);
  it.fold([{ type: "queue.started", task: 3, attempt: 1, agent: ANN }]);
  const ofAgent = (agent: string) => chain({ type: "agent.changed", agent });
  expect([ofAgent(ANN), ofAgent(BOB), ofAgent("c0000003")]).toEqual([["third"], ["second"], []]);
  expect([chain({ type: "job.stirred", job: ANN }), chain({ type: "job.stirred", job: "none" })]).toEqual([
    ["third"],
    [],
  ]);
  it.fold([{ type: "queue.finished", task: 3, outcome: "completed", result: "" }]);
  expect(ofAgent(ANN)).toEqual(["third"]);
  it.fold([{ type: "queue.started", task: 1, attempt: 1, agent: ANN }]);
  expect(ofAgent(ANN)).toEqual(["first"]);
  expect(chain({ type: "pulse.switched" })).toEqual([]);
});
