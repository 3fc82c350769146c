import { beforeEach, expect, test } from "bun:test";
import { ANN, BOB, History, hireOf } from "../../../test/fakes/history.ts";
import { refusal } from "../../../test/fakes/refusal.ts";
import { type AgentId, LEAD, LEADS, type Principal } from "../ids.ts";
import { leaderOf, leadOf, wantedLeads } from "../lead/state.ts";
import { leadView, leadViews } from "../lead/view.ts";
import { metricOf } from "../triggers/metrics.ts";
import type { TaskOrder } from "./facts.ts";
import { freeLead, leadsFor } from "./routing.ts";
import { nextForLead, waitsFor } from "./turns.ts";

const SECOND = "orch-2";
const THIRD = "orch-3";

let it: History;
beforeEach(() => {
  it = new History();
});

function summon(lead: AgentId, tags?: string[]): void {
  const { agent: _, ...hire } = hireOf(lead, { driver: "claude" });
  it.dispatch({ do: "summon", lead, hire, tags });
}

/** A lead that is idle and knows where it stands. */
function lead(id: AgentId, ...tags: string[]): void {
  summon(id, tags);
  it.open(id);
  it.observe({ type: "lead.resumed", lead: id, mid: `m-${id}` });
}

function add(...tags: string[]): number {
  const order: TaskOrder = { prompt: "do it", priority: 0, after: [], cwd: "/r", isDirect: false, retries: 0 };
  it.dispatch({ do: "enqueue", order: tags.length > 0 ? { ...order, tags } : order });
  return it.state.queue.last;
}

function task(number: number) {
  const found = it.state.queue.tasks[number];
  if (!found) throw new Error(`no task ${number}`);
  return found;
}

const full = (agent: AgentId, contextTokens: number) =>
  it.observe({ type: "usage.measured", agent, contextTokens, contextSize: 100 });
const busy = (agent: AgentId) => it.observe({ type: "agent.changed", agent, activity: "busy" });
const exits = (agent: AgentId, incarnation = 1) =>
  it.observe({ type: "terminal.exited", agent, incarnation, code: 1, signal: null });
const next = () => {
  const { task: taken, lead: to } = nextForLead(it.state) ?? {};
  return [taken?.task, to];
};
test("A60 a task goes to the lead that is for most of its tags, and waits for it while it is busy", () => {
  lead(LEAD, "backend");
  lead(SECOND, "docs", "frontend");
  add("docs");
  expect([leadsFor(it.state, task(1)), next()]).toEqual([[SECOND], [1, SECOND]]);
  busy(SECOND);
  expect(next()).toEqual([undefined, undefined]);
  expect(waitsFor(it.state, task(1))).toEqual({ reason: "orch-2 is busy", hint: "orch-2 is idle" });
  lead(THIRD, "frontend", "docs", "css");
  add("docs", "css", "frontend");
  expect(leadsFor(it.state, task(2))).toEqual([THIRD]);
  expect(leadsFor(it.state, task(1))).toEqual([SECOND, THIRD]);
});

test("A60 a task without tags, or with tags that no lead is for, is for all; a later one does not wait for an earlier", () => {
  lead(LEAD, "backend");
  lead(SECOND, "docs");
  add();
  add("music");
  expect([1, 2].map((number) => leadsFor(it.state, task(number)))).toEqual([
    [LEAD, SECOND],
    [LEAD, SECOND],
  ]);
  it.state.queue.open.splice(0);
  it.state.queue.tasks = {};
  busy(LEAD);
  const [waiting, free] = [add("backend"), add("docs")];
  expect(next()).toEqual([free, SECOND]);
  expect([waitsFor(it.state, task(free)), waitsFor(it.state, task(waiting))?.reason]).toEqual([
    null,
    "the lead is busy",
  ]);
});

test("A60 of several free leads the one with most room in its context gets it; unknown counts as empty", () => {
  lead(LEAD);
  lead(SECOND);
  add();
  full(LEAD, 40);
  full(SECOND, 30);
  expect(freeLead(it.state, task(1))).toBe(SECOND);
  full(SECOND, 50);
  expect(freeLead(it.state, task(1))).toBe(LEAD);
  lead(THIRD);
  expect(freeLead(it.state, task(1))).toBe(THIRD);
});

test("A60 a lead that crashed too often is not waited for; one that is started again is", () => {
  lead(LEAD);
  lead(SECOND, "docs");
  add("docs");
  exits(SECOND);
  expect([leadsFor(it.state, task(1)), waitsFor(it.state, task(1))?.reason]).toEqual([
    [SECOND],
    "orch-2 is not running",
  ]);
  it.observe({ type: "agent.abandoned", agent: SECOND, incarnation: 1 });
  expect([leadsFor(it.state, task(1)), next()]).toEqual([[LEAD], [1, LEAD]]);
});

test("A60 a lead that was killed by hand takes no task and does not lead", () => {
  lead(LEAD);
  lead(SECOND, "docs");
  add("docs");
  it.dispatch({ do: "kill", agent: SECOND, reason: "by hand" });
  expect([leadsFor(it.state, task(1)), next()]).toEqual([[LEAD], [1, LEAD]]);
  it.dispatch({ do: "kill", agent: LEAD, reason: "by hand" });
  expect(leadsFor(it.state, task(1))).toEqual([]);
  lead(THIRD);
  expect(leaderOf(it.state)).toBe(THIRD);
});

test("A60 facts that name no lead are about the first one", () => {
  lead(LEAD);
  it.fold([
    { type: "lead.noted", text: "older" },
    { type: "lead.retired", reason: "then" },
  ]);
  expect(leadOf(it.state, LEAD)).toMatchObject({ notes: "older", isWanted: false });
});

test("A60 why a task waits names every lead it could go to", () => {
  add();
  expect(waitsFor(it.state, task(1))?.reason).toBe("there is no lead");
  lead(LEAD);
  lead(SECOND);
  busy(LEAD);
  it.fold([{ type: "queue.started", task: add(), attempt: 1, agent: SECOND }]);
  expect(waitsFor(it.state, task(1))).toEqual({
    ...{ reason: "the lead is busy, orch-2 works on #2", hint: "one of them is idle" },
  });
});

test("A60 the lead that has run longest leads; when it ends the next one does, at once, and keeps it", () => {
  expect(leaderOf(it.state)).toBe(LEAD);
  summon(SECOND);
  expect(leaderOf(it.state)).toBe(SECOND);
  lead(LEAD);
  expect(leaderOf(it.state)).toBe(LEAD);
  it.open(SECOND);
  expect(leaderOf(it.state)).toBe(LEAD);
  exits(LEAD);
  expect(leaderOf(it.state)).toBe(SECOND);
  it.open(LEAD, 2);
  expect(leaderOf(it.state)).toBe(SECOND);
  it.dispatch({ do: "retire", lead: SECOND, reason: "enough" });
  expect([leaderOf(it.state), wantedLeads(it.state)]).toEqual([LEAD, [LEAD]]);
});

test("A60 metrics of triggers are those of the one that leads", () => {
  lead(LEAD);
  lead(SECOND);
  full(LEAD, 33);
  full(SECOND, 66);
  expect(metricOf(it.state, "context_used_pct", it.at)).toBe(33);
  exits(LEAD);
  expect(metricOf(it.state, "context_used_pct", it.at)).toBe(66);
});

test("A60 each lead has a life of its own: notes, tags, context, and what is told of it", () => {
  lead(LEAD);
  lead(SECOND, "docs");
  const asSecond: Principal = { kind: "agent", agent: SECOND };
  it.dispatch({ do: "note", text: "mine" }, asSecond);
  it.dispatch({ do: "note", text: "of whoever leads" });
  full(SECOND, 71);
  const [first, second] = leadViews(it.state);
  expect(first).toMatchObject({ id: LEAD, is_leader: true, tags: [], notes: "of whoever leads", context_pct: null });
  expect(second).toMatchObject({ id: SECOND, is_leader: false, tags: ["docs"], notes: "mine", context_pct: 71 });
  expect(second?.status).toBe("warned");
  it.dispatch({ do: "note", text: "told", lead: SECOND });
  it.dispatch({ do: "retire", lead: SECOND, reason: "enough" });
  expect([leadOf(it.state, SECOND).isWanted, leadOf(it.state, LEAD).isWanted]).toEqual([false, true]);
  it.dispatch({ do: "summon", lead: SECOND });
  expect(leadOf(it.state, SECOND)).toMatchObject({ tags: ["docs"], notes: "told", resume: "summoned" });
});

test("A60 a lead is shown its own agents and results, the first one those of nobody too; what waits is everybody's", () => {
  lead(LEAD);
  lead(SECOND);
  it.dispatch({ do: "start", hire: hireOf(ANN, { parent: SECOND }), job: { id: ANN, mid: "m-a", prompt: "go" } });
  it.open(ANN);
  it.dispatch({ do: "start", hire: hireOf(BOB), job: { id: BOB, mid: "m-b", prompt: "of the user" } });
  it.open(BOB);
  for (const [number, agent] of [[add(), LEAD] as const, [add(), SECOND] as const]) {
    it.fold([
      { type: "queue.started", task: number, attempt: 1, agent },
      { type: "queue.finished", task: number, outcome: "completed", result: agent },
    ]);
  }
  add();
  const seen = (id: AgentId) => {
    const { active_agents, completed_tasks, pending_tasks } = leadView(it.state, id);
    return [active_agents.map((one) => one.id), completed_tasks.map(({ result }) => result), pending_tasks.length];
  };
  expect([seen(LEAD), seen(SECOND)]).toEqual([
    [[BOB], [LEAD], 1],
    [[ANN], [SECOND], 1],
  ]);
});

test("A60 stopping without a name ends every lead, with a name that one", () => {
  for (const one of [LEAD, SECOND, THIRD]) lead(one);
  it.dispatch({ do: "retire", lead: THIRD, reason: "enough" });
  expect(wantedLeads(it.state)).toEqual([LEAD, SECOND]);
  it.dispatch({ do: "retire", reason: "all" });
  expect([wantedLeads(it.state), it.state.agents[SECOND]?.dismissed?.reason]).toEqual([[], "all"]);
  expect(it.dispatch({ do: "retire", reason: "again" })).toEqual([]);
});

test("A60 ids of leads are fixed, tags are short words, and a direct task has none", () => {
  expect(LEADS).toHaveLength(9);
  expect(refusal(() => it.dispatch({ do: "summon", lead: "orch-1", hire: hireOf("x") }))).toEqual([
    ...["usage", "orch-1 is no lead", `one of ${LEADS.join(", ")}`],
  ]);
  expect(refusal(() => it.dispatch({ do: "retire", lead: "boss", reason: "x" }))[1]).toBe("boss is no lead");
  expect(refusal(() => it.dispatch({ do: "note", lead: ANN, text: "x" }))[1]).toBe(`${ANN} is no lead`);
  expect(refusal(() => it.hire(SECOND))[1]).toBe("agent orch-2 exists");
  for (const bad of ["", "Docs", "two words", "-x", "x-", "a--b", "x".repeat(41), "a\u0000"])
    expect([bad, refusal(() => add(bad))[1]]).toEqual([bad, `"${bad}" is no tag`]);
  for (const good of ["a", "x".repeat(40), "src/core", "v1.2", "a-b_c"]) expect(() => add(good)).not.toThrow();
  expect(refusal(() => add(...Array.from({ length: 21 }, (_, n) => `t${n}`)))).toEqual([
    ...["usage", "21 tags; at most 20", "name fewer"],
  ]);
  const order = { prompt: "x", priority: 0, after: [], cwd: "/r", isDirect: true, retries: 0, tags: ["docs"] };
  expect(refusal(() => it.dispatch({ do: "enqueue", order }))).toEqual([
    ...["usage", "a direct task has an agent of its own, whatever its tags", "leave out one of the two"],
  ]);
});

test("A60 the tags of a task that waits can be changed; the rest of its order stays", () => {
  lead(LEAD, "backend");
  lead(SECOND, "docs");
  const number = add("backend");
  it.dispatch({ do: "edit", task: number, tags: ["docs"] });
  expect([next(), task(number).order]).toEqual([[number, SECOND], expect.objectContaining({ priority: 0, after: [] })]);
  it.dispatch({ do: "edit", task: number, priority: 3 });
  expect(task(number).order).toMatchObject({ tags: ["docs"], priority: 3 });
  expect(refusal(() => it.dispatch({ do: "edit", task: number, tags: ["No"] }))[0]).toBe("usage");
});

test("A60 S15 a lead ends its own tasks and agents, and nothing of another lead", () => {
  lead(LEAD);
  lead(SECOND);
  const asSecond: Principal = { kind: "agent", agent: SECOND };
  it.dispatch({ do: "start", hire: hireOf(ANN, { parent: LEAD }), job: { id: ANN, mid: "m-a", prompt: "go" } });
  it.open(ANN);
  const number = add();
  it.fold([{ type: "queue.started", task: number, attempt: 1, agent: LEAD }]);
  const done = () => it.dispatch({ do: "conclude", task: number, outcome: "completed", result: "" }, asSecond);
  expect(refusal(done)).toEqual([...["forbidden", `#${number} was not given to orch-2`, "muster queue lists yours"]]);
  const denied = (act: () => unknown) => refusal(act)[0];
  expect(denied(() => it.dispatch({ do: "kill", agent: ANN, reason: "x" }, asSecond))).toBe("forbidden");
  expect(denied(() => it.dispatch({ do: "retire", lead: LEAD, reason: "x" }, asSecond))).toBe("forbidden");
  expect(denied(() => it.dispatch({ do: "summon", lead: THIRD }, asSecond))).toBe("forbidden");
  const hire = hireOf("b0000002", { parent: LEAD, driver: "codex" });
  expect(denied(() => it.dispatch({ do: "start", hire }, asSecond))).toBe("forbidden");
  expect(denied(() => it.dispatch({ do: "start", hire: { ...hire, parent: SECOND } }, asSecond))).toBeUndefined();
  const asAnn: Principal = { kind: "agent", agent: ANN };
  it.fold([{ type: "queue.started", task: number, attempt: 2, agent: ANN }]);
  expect(denied(() => it.dispatch({ do: "conclude", task: number, outcome: "completed", result: "" }, asAnn))).toBe(
    "forbidden",
  );
});
