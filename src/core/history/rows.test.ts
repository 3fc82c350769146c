import { beforeEach, expect, test } from "bun:test";
import { ANN, BOB, History, hireOf } from "../../../test/fakes/history.ts";
import type { Fact, Hire } from "../facts.ts";
import type { Row } from "./book.ts";
import { addedBy, approvalEntry, jobEntry, taskEntry, teamEntry, triggerEntries } from "./rows.ts";

const SECOND = `${ANN}#2`;

let it: History;
beforeEach(() => {
  it = new History();
});

const start = (more: Partial<Hire> = {}) =>
  it.dispatch({ do: "start", hire: hireOf(ANN, more), job: { id: ANN, mid: "m-1", prompt: "one" } });

function row(id = ANN, prompt: string | null = null): Row {
  const [agent, job] = [it.state.agents[ANN], it.state.jobs[id]];
  if (!agent || !job) throw new Error(`no job ${id}`);
  const entry = jobEntry(it.state, agent, job, prompt);
  return "row" in entry ? entry.row : {};
}

/** What a fact adds to the tables for ever. */
function added(fact: Fact) {
  it.fold([fact]);
  const event = it.events.at(-1);
  return event ? addedBy(event, it.state) : [];
}

test("A85 a job that waits has a row with all that is known, and null for the rest", () => {
  start();
  expect(row()).toEqual({
    ...{ agent: ANN, driver: "standin", hired_model: null, reasoning: null, sandbox: "workspace-write", parent: null },
    ...{ team: null, cwd: "/r", tmux_session: `muster-${ANN}`, depends_on: "[]", id: ANN, run: 1, status: "pending" },
    ...{ state: "pending", outcome: null, prompt: "one", original_prompt: "one" },
    ...{ created_at: it.state.jobs[ANN]?.createdAt ?? null, started_at: null, finished_at: null, pid: null },
    ...{ exit_code: null, error: null, reuse_count: 0, result_summary: null },
  });
});

test("A85 what its agent was hired as, its whole prompt, its process, its use and its session stand in the row", () => {
  const worktree = { repo: "/r", path: "/w", branch: "muster/a", base: "0" };
  start({ model: "opus", effort: "high", parent: "orch", after: [BOB], worktree });
  it.open(ANN);
  it.observe({ type: "usage.measured", agent: ANN, contextTokens: 50, contextSize: 100, cost: 0.5 });
  it.observe({ type: "session.started", agent: ANN, session: "s-1" });
  expect(row(ANN, "the whole prompt")).toMatchObject({
    ...{ hired_model: "opus", reasoning: "high", parent: "orch", depends_on: `["${BOB}"]`, pid: 7, session: "s-1" },
    ...{ worktree: JSON.stringify(worktree), whole_prompt: "the whole prompt", told_context: 50, context_size: 100 },
    told_cost: 0.5,
  });
  it.observe({ type: "usage.measured", agent: ANN, contextTokens: 60, cost: 0 });
  expect(row().told_cost).toBeNull();
});

test("A85 a job that ended says how, when and with which words, and has no process any more", () => {
  start();
  it.open(ANN);
  it.observe({ type: "message.delivered", mid: "m-1", evidence: "receipt" }, { type: "turn.started", agent: ANN });
  it.observe({ type: "turn.ended", agent: ANN, outcome: "done", summary: "x".repeat(501) });
  it.observe({ type: "job.finished", job: ANN, outcome: "failed", reason: "it broke", exitCode: 3 });
  it.observe({ type: "terminal.exited", agent: ANN, incarnation: 1, code: 3, signal: null });
  const job = it.state.jobs[ANN];
  expect(row()).toMatchObject({
    ...{ status: "failed", outcome: "failed", error: "it broke", exit_code: 3, pid: null },
    ...{ started_at: job?.startedAt, finished_at: job?.finishedAt, result_summary: `${"x".repeat(499)}…` },
  });
});

test("A43 each run of a reused agent has its own use and session; of a run that is not cleared yet none are known", () => {
  start();
  it.open(ANN);
  it.observe({ type: "usage.measured", agent: ANN, contextTokens: 50 });
  it.observe({ type: "session.started", agent: ANN, session: "s-1" });
  it.observe({ type: "job.finished", job: ANN, outcome: "completed", reason: "" });
  const job = { id: SECOND, mid: "m-2", prompt: "two" };
  it.dispatch({ do: "reuse", agent: ANN, job, control: "c1", isForced: false, logFrom: 10 });
  expect(row(SECOND)).toMatchObject({ run: 2, reuse_count: 1, prompt: "two", original_prompt: "one", pid: 7 });
  expect(Object.keys(row(SECOND))).not.toContain("session");
  it.observe({ type: "usage.measured", agent: ANN, contextTokens: 9 });
  it.fold([{ type: "control.finished", agent: ANN, control: "c1", action: "clear", ok: true, reason: "" }]);
  it.observe({ type: "session.started", agent: ANN, session: "s-2" });
  expect(row(SECOND)).toMatchObject({ session: "s-2", told_context: 9 });
  expect(row(ANN)).toMatchObject({ session: "s-1", told_context: 50, context_size: null, told_cost: null, pid: null });
});

test("A89 a task's row has its order, where it came from, and what became of it", () => {
  const order = { priority: 3, after: [], cwd: "/r", isDirect: true, retries: 1 };
  it.dispatch({ do: "enqueue", order: { ...order, prompt: "build" }, origin: "trigger:t#1" });
  const task = () => {
    const found = it.state.queue.tasks[1];
    if (!found) throw new Error("no task");
    return found;
  };
  const metadata = JSON.stringify({ ...order, origin: "trigger:t#1" });
  expect(taskEntry(it.state, task(), null)).toEqual({
    keep: "orchestrator_queue",
    row: {
      ...{ id: 1, status: "pending", priority: 3, prompt: "build", agent: null, attempts: 0, interruptions: 0 },
      ...{ result: "", added_at: task().addedAt, started_at: null, finished_at: null, metadata },
    },
  });
  it.fold([{ type: "queue.started", task: 1, attempt: 1, agent: ANN }]);
  it.fold([{ type: "queue.finished", task: 1, outcome: "completed", result: "built" }]);
  expect(taskEntry(it.state, task(), "whole")).toMatchObject({
    row: {
      ...{ status: "completed", prompt: "whole", agent: ANN, attempts: 1, result: "built" },
      ...{ started_at: task().startedAt, finished_at: task().finishedAt },
    },
  });
});

test("A90 an approval's row has what was asked, and the decision once there is one", () => {
  const action = { do: "notify", message: "x" } as const;
  const approval = { id: "A-1", name: "night", why: "so", action, chain: [], at: 1, until: 2 };
  const asked = { id: "A-1", trigger: "night", why: "so", action: JSON.stringify(action), asked_at: 1, until: 2 };
  const open = { ...asked, decision: null, decided_by: null, decided_at: null, comment: null };
  expect(approvalEntry(approval)).toEqual({ keep: "approvals", row: open });
  const decided = { decision: "reject", by: "user", at: 3, comment: "no" } as const;
  expect(approvalEntry({ ...approval, decided })).toEqual({
    keep: "approvals",
    row: { ...asked, decision: "reject", decided_by: "user", decided_at: 3, comment: "no" },
  });
});

test("A90 a team's row says why and when it stopped; one that runs again has neither", () => {
  const seats = [{ seat: "PeerA", agent: ANN, driver: "standin" }];
  it.fold([{ type: "team.formed", team: "t", topology: "solo", repo: "/r", seats }]);
  const team = it.state.teams.t;
  if (!team) throw new Error("no team");
  const formed = { name: "t", topology: "solo", repo: "/r", formed_at: team.formedAt, members: JSON.stringify(seats) };
  expect(teamEntry(team, null)).toEqual({ keep: "teams", row: { ...formed, reason: null, stopped_at: null } });
  expect(teamEntry({ ...team, stopped: "enough" }, 9)).toEqual({
    keep: "teams",
    row: { ...formed, reason: "enough", stopped_at: 9 },
  });
  expect(teamEntry({ ...team, stopped: "enough" }, null)).toEqual({
    keep: "teams",
    row: { ...formed, reason: "enough" },
  });
});

test("A89 triggers and modes stand in their tables as they are now", () => {
  const action = { do: "notify", message: "x" } as const;
  const spec = { name: "t", type: "event", condition: "job_failed", action, autonomy: "auto", cooldown: 5 } as const;
  it.dispatch({ do: "trigger", trigger: { ...spec, isOn: false } });
  const rows = () => triggerEntries(it.state).map((entry) => ("rows" in entry ? [entry.replace, entry.rows] : []));
  const [[, triggers] = [], [, modes] = []] = rows() as [string, Row[]][];
  expect(rows().map(([name]) => name)).toEqual(["orchestrator_triggers", "orchestrator_modes"]);
  const known = { ...spec, action: JSON.stringify(action), enabled: 0, fired: 0, fired_at: null };
  expect(triggers).toEqual([{ ...known, added_at: it.state.triggers.all.t?.addedAt ?? 0 }]);
  expect(modes?.[0]).toEqual({
    ...{ name: "dev", description: "The lead looks after the queue while you work.", preset: 1, active: 0 },
    triggers: '["dev-queue-check","dev-health-report"]',
  });
  it.dispatch({ do: "mode", act: "create", name: "own" });
  it.dispatch({ do: "mode", act: "activate", name: "own" });
  const [, [, own] = []] = rows() as [string, Row[]][];
  expect(own?.at(-1)).toMatchObject({ name: "own", preset: 0, active: 1 });
});

test("A90 an automatic act is written down with who did it, why and what came of it", () => {
  const action = { do: "notify", message: "x" } as const;
  const [fired] = added({ type: "trigger.fired", name: "t", why: "queue_depth is 5", action, chain: ["t"] });
  const { seq, at } = it.events.at(-1) ?? { seq: 0, at: 0 };
  expect(fired).toMatchObject({
    add: "orchestrator_activity",
    row: { seq, at, who: "system", why: "queue_depth is 5", what: expect.stringMatching(/^trigger\.fired /) },
  });
  expect(added({ type: "trigger.skipped", name: "t", reason: "cooldown" })[0]).toMatchObject({
    row: { why: "cooldown" },
  });
  const acts = added({ type: "queue.started", task: 1, attempt: 1, agent: ANN });
  expect(acts).toMatchObject([{ row: { why: "" } }]);
  for (const quiet of [
    { type: "turn.started", agent: ANN },
    { type: "queue.asked", task: 1 },
    { type: "trigger.crossed", name: "t", isTrue: true },
  ] as Fact[])
    expect(added(quiet)).toEqual([]);
});

test("A90 what people are told has its kind, its weight and whom it is about", () => {
  const notice = (fact: Fact) =>
    added(fact).flatMap((entry) =>
      "add" in entry && entry.add === "notifications" ? [Object.values(entry.row).slice(2)] : [],
    );
  expect(notice({ type: "notice.raised", level: "warning", text: "look", about: ANN })).toEqual([
    ["notice", "warning", "look", ANN],
  ]);
  expect(notice({ type: "notice.raised", level: "info", text: "look" })).toEqual([["notice", "info", "look", null]]);
  expect(notice({ type: "job.finished", job: ANN, outcome: "completed", reason: "x" })).toEqual([
    ["job_completed", "info", `job ${ANN} is completed`, ANN],
  ]);
  expect(notice({ type: "job.finished", job: ANN, outcome: "lost", reason: "tmux died" })).toEqual([
    ["job_failed", "error", `job ${ANN} lost: tmux died`, ANN],
  ]);
  expect(notice({ type: "job.finished", job: ANN, outcome: "failed", reason: "" })[0]?.[2]).toBe(`job ${ANN} failed`);
  const asked = {
    approval: "A-1",
    name: "t",
    why: "so",
    action: { do: "notify", message: "x" },
    chain: [],
    until: 9,
  } as const;
  expect(notice({ type: "approval.asked", ...asked, chain: [] })).toEqual([
    ["approval", "warning", "trigger t asks: so", "t"],
  ]);
  expect(notice({ type: "lead.warned", percent: 71 })).toEqual([
    ["context", "warning", "the lead's context is 71 % full", "orch"],
  ]);
});

test("A90 what a person has read is written with its time", () => {
  expect(added({ type: "notice.read", upTo: 4, ids: [7] } as Fact)).toEqual([
    { read: { upTo: 4, ids: [7] }, at: it.events.at(-1)?.at ?? 0 },
  ]);
});
