import { expect, test } from "bun:test";
import { ANN, History } from "../../../test/fakes/history.ts";
import { isFileOf, jobRecord, stemOf } from "./record.ts";

const SECOND = `${ANN}#2`;

function job(history: History, id = ANN) {
  const { state } = history;
  const [agent, found] = [state.agents[ANN], state.jobs[id]];
  if (!agent || !found) throw new Error(`no job ${id}`);
  return { state, agent, job: found };
}

const recordOf = (history: History, id = ANN) => {
  const { state, agent, job: found } = job(history, id);
  return jobRecord(state, agent, found);
};

const iso = (at: number | undefined) => new Date(at ?? Number.NaN).toISOString();

function started(more = {}): History {
  const history = new History();
  const hire = { agent: ANN, driver: "claude", cwd: "/r", permission: "workspace-write", ...more } as const;
  history.dispatch({ do: "start", hire, job: { id: ANN, mid: "m-1", prompt: "one" } });
  return history;
}

function finish(history: History, mid: string, summary: string): void {
  history.observe({ type: "message.delivered", mid, evidence: "receipt" }, { type: "turn.started", agent: ANN });
  history.observe({ type: "turn.ended", agent: ANN, outcome: "done", summary });
  history.observe({ type: "job.finished", job: ANN, outcome: "completed", reason: "" });
}

test("A32 the record of a job that waits says all that is asked for, and null for what nobody knows", () => {
  const history = started();
  const { job: found } = job(history);
  expect(recordOf(history)).toEqual({
    ...{ id: ANN, status: "pending", state: "pending", prompt: "one", model: null, reasoning: null },
    ...{ sandbox: "workspace-write", agent: "claude", parent: null, team: null, cwd: "/r", worktree: null },
    ...{ created_at: iso(found.createdAt), started_at: null, completed_at: null, tmux_session: `muster-${ANN}` },
    ...{ pid: null, exit_code: null, error: null, result_summary: null, outcome: null, reuse_count: 0 },
    ...{ original_prompt: "one", runs: [], depends_on: [] },
  });
});

test("A32 a job at work has the process of its agent, its model, its effort and its team", () => {
  const history = started({ model: "opus", effort: "high" });
  history.open(ANN);
  expect(recordOf(history)).toMatchObject({ pid: 7, model: "opus", reasoning: "high" });
});

test("A32 a job that ended says when, how and with which words, at most 500 characters of them", () => {
  const history = started();
  history.open(ANN);
  finish(history, "m-1", "x".repeat(501));
  const { job: found } = job(history);
  expect(recordOf(history)).toMatchObject({
    ...{ outcome: "completed", error: null, result_summary: `${"x".repeat(499)}…` },
    ...{ started_at: iso(found.startedAt), completed_at: iso(found.finishedAt) },
  });
});

function reuse(history: History): void {
  const next = { id: SECOND, mid: "m-2", prompt: "two" };
  history.dispatch({ do: "reuse", agent: ANN, job: next, control: "c1", isForced: false, logFrom: 10 });
}

function reused(): History {
  const history = started();
  history.open(ANN);
  history.observe({ type: "usage.measured", agent: ANN, contextTokens: 50 });
  history.observe({ type: "session.started", agent: ANN, session: "s-1", transcript: "/t1" });
  finish(history, "m-1", "first");
  reuse(history);
  return history;
}

test("A19 A32 the latest job of an agent bears the run before it, with its own outcome, log part, usage and session", () => {
  const history = reused();
  const { job: first } = job(history, ANN);
  const found = recordOf(history, SECOND);
  expect(found).toMatchObject({ id: SECOND, prompt: "two", reuse_count: 1, original_prompt: "one" });
  expect(found.runs).toEqual([
    {
      ...{ id: `${ANN}#1`, prompt: "one", outcome: "completed", error: null, created_at: iso(first.createdAt) },
      ...{ completed_at: iso(first.finishedAt), usage: { contextTokens: 50 } },
      ...{ session: "s-1", log: [0, 10] },
    },
  ]);
});

test("A19 A32 an earlier run's record has no process any more, and names the later one among the runs as still open", () => {
  const history = reused();
  const found = recordOf(history, ANN);
  expect(found).toMatchObject({ id: ANN, pid: null, reuse_count: 0, outcome: "completed" });
  expect(found.runs).toMatchObject([
    { ...{ id: SECOND, outcome: null, error: null, completed_at: null, usage: null, session: null, log: [10, null] } },
  ]);
});

test("A32 A19 why a job failed stands in its record, and in that of the next run", () => {
  const history = started();
  history.open(ANN);
  history.observe({ type: "job.finished", job: ANN, outcome: "failed", reason: "it broke", exitCode: 3 });
  expect(recordOf(history)).toMatchObject({ status: "failed", outcome: "failed", error: "it broke", exit_code: 3 });
  reuse(history);
  expect(recordOf(history, SECOND).runs).toMatchObject([{ outcome: "failed", error: "it broke" }]);
});

test("A32 an agent whose program is gone has no process in its record", () => {
  const history = started();
  history.open(ANN);
  history.observe({ type: "terminal.exited", agent: ANN, incarnation: 1, code: 0, signal: null });
  expect(recordOf(history)).toMatchObject({ pid: null });
});

test("A31 files of an agent's latest job bear its id alone, those of earlier ones the number of the run", () => {
  const history = reused();
  const [first, second] = [job(history, ANN), job(history, SECOND)];
  expect([stemOf(first.agent, first.job), stemOf(second.agent, second.job)]).toEqual([`${ANN}#1`, ANN]);
});

test("A31 a file belongs to an agent by its name, not by a beginning that it shares", () => {
  const of = (name: string) => isFileOf(ANN, name);
  expect([ANN, `${ANN}.json`, `${ANN}#2.prompt`, `${ANN}-subagents`].map(of)).toEqual([true, true, true, true]);
  expect([`${ANN}0.json`, `x${ANN}.json`, `x.${ANN}`, `${ANN}-other`, ""].map(of)).toEqual([
    ...[false, false, false, false, false],
  ]);
});
