import { afterEach, beforeEach, expect, test } from "bun:test";
import { EVERY_FACT } from "../../../test/fakes/every-fact.ts";
import { hireOf } from "../../../test/fakes/history.ts";
import { historyParts } from "../../../test/fakes/history-parts.ts";
import { House } from "../../../test/fakes/house.ts";
import { PairHouse } from "../../../test/fakes/pair-house.ts";
import { ORDER } from "../../../test/fakes/queue-lab.ts";
import type { TriggerSpec } from "../../core/triggers/facts.ts";
import { openEngine } from "../engine.ts";
import { jobRule } from "../rules.ts";

const ANN = "a0000001";
const BOB = "b0000002";

let house: House;
beforeEach(() => {
  house = new House([jobRule]);
});
afterEach(() => house.end());

const follow = (path?: string) => historyParts(house.engine, house.log, house.clock, path);
type Parts = ReturnType<typeof follow>;

/** All rows of a table, by these columns. */
const rows = ({ bulk }: Parts, table: string, columns: string): unknown[][] =>
  bulk.database.query(`SELECT ${columns} FROM ${table} ORDER BY 1`).values();

function finish(agent: string, summary = "done"): void {
  const { mid = "" } = house.state.jobs[house.state.agents[agent]?.job ?? ""] ?? {};
  house.observe({ type: "message.delivered", mid, evidence: "receipt" }, { type: "turn.started", agent });
  house.observe({ type: "turn.ended", agent, outcome: "done", summary });
}

function reuse(agent: string): void {
  const job = { id: `${agent}#2`, mid: `m-${agent}-2`, prompt: "and again" };
  house.dispatch({ do: "reuse", agent, job, control: "c1", isForced: false, logFrom: 10 });
}

const NIGHT: TriggerSpec = {
  ...{ name: "night", type: "cron", condition: "0 2 * * *", autonomy: "confirm", cooldown: 60, isOn: true },
  action: { do: "notify", message: "look" },
};

/** Everything that has a table: jobs, one of which is gone, a task, a trigger with its question, a team. */
function live(): void {
  house.start(ANN, "m-1", "the whole prompt");
  house.open(ANN);
  finish(ANN);
  house.start(BOB);
  house.dispatch({ do: "kill", agent: BOB, reason: "enough" });
  house.dispatch({ do: "discard", agent: BOB });
  house.observe({ type: "agent.removed", agent: BOB });
  house.dispatch({ do: "enqueue", order: { ...ORDER, prompt: "a task" } });
  house.dispatch({ do: "trigger", trigger: NIGHT });
  const asked = { name: "night", why: "0 2 * * *", action: NIGHT.action, chain: ["night"], until: 9e12 };
  house.observe({ type: "approval.asked", approval: "A-1", ...asked });
  house.dispatch({ do: "approve", approval: "A-1", decision: "reject" });
}

const snapshot = (parts: Parts) => ({
  jobs: rows(parts, "job_history", "id, status, outcome, error, whole_prompt, summary, removed_at IS NOT NULL"),
  tasks: rows(parts, "orchestrator_queue", "id, status, prompt"),
  triggers: rows(parts, "orchestrator_triggers", "name, enabled, fired"),
  approvals: rows(parts, "approvals", "id, decision, decided_by"),
  acts: rows(parts, "orchestrator_activity", "seq, what"),
  told: rows(parts, "notifications", "id, kind, about"),
});

test("A85 A89 A90 tables follow the facts: jobs, tasks, triggers, approvals, automatic acts, what people were told", async () => {
  const parts = follow();
  live();
  expect(parts.history.flush()).toBe(true);
  const found = snapshot(parts);
  expect(found.jobs).toEqual([
    [ANN, "completed", "completed", null, "the whole prompt", "done", 0],
    [BOB, "failed", "failed", "enough", "do it", null, 1],
  ]);
  expect(found.tasks).toEqual([[1, "pending", "a task"]]);
  expect(found.triggers).toEqual([["night", 1, 0]]);
  expect(found.approvals).toEqual([["A-1", "reject", "user"]]);
  expect(found.acts.map(([, what]) => what)).toEqual(["approval.asked A-1", "approval.decided A-1"]);
  expect(found.told.map(([, kind, about]) => [kind, about])).toEqual([
    ["job_completed", ANN],
    ["job_failed", BOB],
    ["approval", "night"],
  ]);
  expect(rows(parts, "orchestrator_modes", "name, preset, active")).toContainEqual(["dev", 1, 0]);
  parts.end();
});

test("A37 A85 tables that are lost are made again from the log, with jobs that are gone; nothing is told twice", () => {
  const first = follow();
  live();
  first.history.flush();
  const second = follow();
  expect(snapshot(second)).toEqual(snapshot(first));
  expect(second.missed).toContain(ANN);
  first.end();
  second.end();
});

test("A37 what ended while no daemon ran is in the tables after the next start, whatever was written before", async () => {
  const path = `/tmp/muster-history-${crypto.randomUUID()}.db`;
  const before = follow(path);
  house.start(ANN);
  house.open(ANN);
  before.end();
  finish(ANN, "ended alone");
  house.start(BOB);
  house.dispatch({ do: "kill", agent: BOB, reason: "enough" });
  house.dispatch({ do: "discard", agent: BOB });
  house.observe({ type: "agent.removed", agent: BOB });
  const after = follow(path);
  expect(rows(after, "job_history", "id, outcome, summary, removed_at IS NOT NULL")).toEqual([
    [ANN, "completed", "ended alone", 0],
    [BOB, "failed", null, 1],
  ]);
  expect([after.missed, after.tables.seq()]).toEqual([[ANN, BOB], house.state.seq]);
  after.end();
  for (const end of ["", "-wal", "-shm"])
    await Bun.file(path + end)
      .delete()
      .catch(() => {});
});

test("A43 A88 a reused agent's assignment counts as a run of its own, once, on the day of its start and of its end", async () => {
  const parts = follow();
  house.start(ANN);
  house.open(ANN);
  finish(ANN);
  reuse(ANN);
  parts.history.flush();
  expect(rows(parts, "job_history", "id, run, status, reuse_count, original_prompt")).toEqual([
    [ANN, 1, "completed", 0, "do it"],
    [`${ANN}#2`, 2, "running", 1, "do it"],
  ]);
  expect(rows(parts, "daily_metrics", "started, completed, failed")).toEqual([[2, 1, 0]]);
  await house.clock.pass(86_400_000);
  house.dispatch({ do: "kill", agent: ANN, reason: "enough" });
  parts.history.flush();
  expect(rows(parts, "daily_metrics", "day, started, completed, failed").map((row) => row.slice(1))).toEqual([
    [2, 1, 0],
    [0, 0, 1],
  ]);
  const { days } = parts.history.all.days("7d", house.clock.now());
  expect(days.slice(-3).map(({ started, failed }) => [started, failed])).toEqual([
    [0, 0],
    [2, 0],
    [0, 1],
  ]);
  parts.end();
});

test("A85 tables that cannot be written are told once; they are as the facts say when they can be again", async () => {
  const parts = follow();
  parts.bulk.database.exec("ALTER TABLE job_history RENAME TO away");
  house.start(ANN);
  expect([parts.history.flush(), parts.history.flush()]).toEqual([false, false]);
  expect(parts.told).toEqual([expect.stringContaining("the history cannot be written")]);
  parts.bulk.database.exec("ALTER TABLE away RENAME TO job_history");
  await house.clock.pass(10_000);
  expect(rows(parts, "job_history", "id")).toEqual([[ANN]]);
  parts.end();
});

test("A85 a row is written within a moment, and many facts together", async () => {
  const parts = follow();
  const written: number[] = [];
  const { write } = parts.tables;
  parts.tables.write = (entries, seq) => {
    written.push(entries.length);
    write.call(parts.tables, entries, seq);
  };
  house.dispatch({ do: "start", hire: hireOf(ANN), job: { id: ANN, mid: "m-1", prompt: "x" } });
  for (let n = 0; n < 20; n += 1) house.observe({ type: "usage.measured", agent: ANN, contextTokens: n });
  await house.clock.pass(250);
  expect(written).toEqual([1]);
  house.observe({ type: "usage.measured", agent: ANN, contextTokens: 20 });
  await house.clock.pass(250);
  expect([written, parts.asked]).toEqual([[1, 1], ["m-1"]]);
  expect(rows(parts, "job_history", "id, context_tokens, whole_prompt")).toEqual([[ANN, 20, "x"]]);
  parts.end();
});

test("A90 a team has a row with who sat in it, and why and when it was stopped", async () => {
  const pair = new PairHouse();
  const parts = historyParts(pair.engine, pair.log, pair.clock);
  const [[name, members, reason, stopped] = []] = rows(parts, "teams", "name, members, reason, stopped_at");
  expect([name, JSON.parse(String(members)).length, reason, stopped]).toEqual(["pair", 2, null, null]);
  pair.dispatch({ do: "stop", team: "pair", reason: "enough" });
  parts.history.flush();
  expect(rows(parts, "teams", "reason, stopped_at")).toEqual([["enough", pair.clock.now()]]);
  parts.end();
  await pair.end();
});

test("A85 every fact that there is can be taken into the tables", () => {
  const parts = follow();
  live();
  for (const [type, forms] of Object.entries(EVERY_FACT))
    for (const form of forms) house.log.append([{ type, ...form } as never], house.clock.now(), "daemon");
  const engine = openEngine({ log: house.log, clock: house.clock, rules: [] });
  const again = historyParts(engine, house.log, house.clock);
  expect(again.tables.seq()).toBe(house.log.tail(1)[0]?.seq ?? 0);
  parts.end();
  again.end();
});
