import { beforeEach, expect, test } from "bun:test";
import { ANN, History, hireOf } from "../../../test/fakes/history.ts";
import { LEAD } from "../ids.ts";
import { leadAct, leadPercent } from "./lifecycle.ts";
import { leadOf } from "./state.ts";
import { resumeText, warnText } from "./texts.ts";
import { leadView } from "./view.ts";

let it: History;
beforeEach(() => {
  it = new History();
});

function summon(): void {
  const { agent: _, ...hire } = hireOf(LEAD, { driver: "claude" });
  it.dispatch({ do: "summon", hire });
}

/** A lead that is idle and was told where it stands. */
function ready(): void {
  summon();
  it.open(LEAD);
  it.observe({ type: "lead.resumed", mid: "m-first" });
}

const full = (contextTokens: number, contextSize?: number) =>
  it.observe({ type: "usage.measured", agent: LEAD, contextTokens, contextSize });

function act(now = it.at) {
  let count = 0;
  return leadAct(it.state, { now, mid: () => "m-1", control: () => `c-${++count}`, path: "/state.json", lead: LEAD });
}

/** What it comes to: kinds of commands and of facts, and when to look again. */
function acts(now = it.at) {
  const found = act(now);
  if (!found) return null;
  const kinds = found.commands.map((command) => (command.do === "observe" ? command.facts[0]?.type : command.do));
  return [...kinds, ...(found.again === undefined ? [] : [found.again])];
}

const exit = () => it.observe({ type: "terminal.exited", agent: LEAD, incarnation: 1, code: 0, signal: null });
const view = () => leadView(it.state, LEAD);
const cleared = (ok: boolean) =>
  it.fold([{ type: "control.finished", agent: LEAD, control: "c-1", action: "clear", ok, reason: "" }]);

function clearing(): void {
  it.observe({ type: "lead.clearing", percent: 80, control: "c-1" });
  it.fold([{ type: "control.requested", agent: LEAD, control: "c-1", action: "clear" }]);
}

test("A55 nothing is due for a lead that nobody wants, that has gone, or that has no terminal yet", () => {
  expect(act()).toBeNull();
  summon();
  expect(act()).toBeNull();
  it.open(LEAD);
  expect(act()).not.toBeNull();
  it.dispatch({ do: "retire", reason: "enough" });
  expect(act()).toBeNull();
});

test("A55 a new lead is told once that it is online", () => {
  summon();
  it.open(LEAD);
  const text = resumeText("summoned", "", "");
  expect(act()?.commands).toEqual([
    { do: "send", letter: { mid: "m-1", from: "system", to: LEAD, kind: "system", text } },
    { do: "observe", facts: [{ type: "lead.resumed", lead: LEAD, mid: "m-1" }] },
  ]);
  expect(text).toBe(
    "SYSTEM: You are the lead and online. Nothing is to be done yet. Answer in one line that you are ready, and wait.",
  );
  it.observe({ type: "lead.resumed", mid: "m-1" });
  expect(act()).toBeNull();
});

test("A58 how full its context is, in whole percent; unknown until its CLI says both numbers", () => {
  expect(leadPercent(it.state, LEAD)).toBeUndefined();
  ready();
  full(50);
  expect(leadPercent(it.state, LEAD)).toBeUndefined();
  full(555, 1000);
  expect(leadPercent(it.state, LEAD)).toBe(56);
});

test("A58 from 70 % on it is asked for notes, once in two minutes", () => {
  ready();
  full(69, 100);
  expect(act()).toBeNull();
  full(70, 100);
  expect(acts()).toEqual(["lead.warned", "send", 120_000]);
  expect(act()?.commands[1]).toMatchObject({ letter: { to: LEAD, kind: "system", text: warnText(70, "/state.json") } });
  it.observe({ type: "lead.warned", percent: 70 });
  const { warnedAt = 0 } = leadOf(it.state, LEAD);
  expect(acts(warnedAt + 1000)).toEqual([119_000]);
  expect(acts(warnedAt + 120_000)).toEqual(["lead.warned", "send", 120_000]);
  expect(warnText(70, "/s")).toBe(
    'SYSTEM: Your context is 70 % full and will be cleared soon. Write down what you must not forget, in a few lines: muster orchestrator note "...". Your tasks and agents are kept in /s without you.',
  );
});

test("A58 from 80 % on it is cleared, after its turn was ended", () => {
  ready();
  full(79, 100);
  expect(acts()?.[0]).toBe("lead.warned");
  full(80, 100);
  expect(act()?.commands).toEqual([
    { do: "observe", facts: [{ type: "lead.clearing", lead: LEAD, percent: 80, control: "c-1" }] },
    { do: "control", agent: LEAD, id: "c-1", action: "clear" },
  ]);
  it.observe({ type: "agent.changed", agent: LEAD, activity: "busy" });
  expect(act()?.commands.slice(1)).toEqual([
    { do: "control", agent: LEAD, id: "c-2", action: "interrupt" },
    { do: "control", agent: LEAD, id: "c-1", action: "clear" },
  ]);
});

test("A58 a clear under way is waited for; one that came to nothing is tried again ten seconds later", () => {
  ready();
  full(80, 100);
  clearing();
  expect(acts()).toEqual([]);
  cleared(false);
  expect(act()).toEqual({
    commands: [
      {
        ...{ do: "observe" },
        facts: [
          {
            type: "lead.uncleared",
            lead: LEAD,
            reason: "the CLI was not cleared: it did not come to its prompt in time",
          },
        ],
      },
    ],
    again: 10_000,
  });
  it.observe({ type: "lead.uncleared", reason: "x" });
  const { unclearedAt = 0 } = leadOf(it.state, LEAD);
  expect(acts(unclearedAt + 1)).toEqual([9_999]);
  expect(acts(unclearedAt + 10_000)?.[0]).toBe("lead.clearing");
});

test("A58 a cleared lead is told where it stands; what was measured before counts no more", () => {
  ready();
  it.dispatch({ do: "note", text: "mind the gap" });
  full(80, 100);
  clearing();
  cleared(true);
  expect([leadPercent(it.state, LEAD), leadOf(it.state, LEAD).resume]).toEqual([undefined, "cleared"]);
  const text =
    "SYSTEM: Your context was cleared. Read /state.json: your task, your agents, what is done and what waits. Go on from there.\nYour notes: mind the gap";
  expect(act()?.commands[0]).toMatchObject({ letter: { text } });
  it.observe({ type: "lead.resumed", mid: "m-2" });
  expect(act()).toBeNull();
  full(90, 100);
  const { clearedAt = 0 } = leadOf(it.state, LEAD);
  expect(leadPercent(it.state, LEAD)).toBe(90);
  expect(acts(clearedAt + 9_999)).toEqual([1]);
  expect(acts(clearedAt + 10_000)?.[0]).toBe("lead.clearing");
});

test("A58 a control of another kind does not end the clear", () => {
  ready();
  clearing();
  it.fold([{ type: "control.finished", agent: LEAD, control: "c-9", action: "interrupt", ok: true, reason: "" }]);
  expect(leadOf(it.state, LEAD)).toMatchObject({ clearing: { control: "c-1", percent: 80 }, resume: undefined });
});

test("A59 a lead whose program was started again is told so, with its task", () => {
  ready();
  exit();
  expect([act(), view().status]).toEqual([null, "resuming"]);
  const order = { prompt: "build it", priority: 0, after: [], cwd: "/r", isDirect: false, retries: 0 };
  it.dispatch({ do: "enqueue", order });
  it.fold([{ type: "queue.started", task: 1, attempt: 1, agent: LEAD }]);
  it.open(LEAD, 2);
  expect(leadOf(it.state, LEAD).resume).toBe("restarted");
  const text =
    "SYSTEM: Your program ended and was started again. Read /state.json: your task, your agents, what is done and what waits. Go on from there.\n" +
    "Your task is #1: build it When it is finished: muster queue done 1 [--failed] [--result TEXT].";
  expect(act()?.commands[0]).toMatchObject({ letter: { text } });
});

test("A55 what happens to other agents, or to a lead that nobody wants, changes nothing of it", () => {
  ready();
  const before = { ...leadOf(it.state, LEAD) };
  it.hire(ANN);
  it.open(ANN);
  it.observe({ type: "usage.measured", agent: ANN, contextTokens: 1 });
  expect(leadOf(it.state, LEAD)).toEqual(before);
  it.dispatch({ do: "retire", reason: "enough" });
  full(10, 100);
  expect(leadOf(it.state, LEAD).measuredAt).toBeUndefined();
});

test("A55 a lead that is summoned again keeps its notes and nothing else", () => {
  ready();
  it.dispatch({ do: "note", text: "keep" });
  it.observe({ type: "lead.warned", percent: 70 });
  clearing();
  it.dispatch({ do: "retire", reason: "enough" });
  expect(leadOf(it.state, LEAD)).toMatchObject({ isWanted: false, clearing: undefined, resume: undefined });
  it.dispatch({ do: "summon" });
  expect(leadOf(it.state, LEAD)).toEqual({
    ...{ isWanted: true, tags: [], opens: 0, notes: "keep", resume: "summoned", summonedAt: it.events.at(-2)?.at },
  });
});

test("A56 what the lead does, in one word", () => {
  expect(view().status).toBe("stopped");
  summon();
  it.open(LEAD);
  expect(view().status).toBe("resuming");
  it.observe({ type: "lead.resumed", mid: "m-1" });
  expect(view().status).toBe("idle");
  it.observe({ type: "agent.changed", agent: LEAD, activity: "busy" });
  expect(view().status).toBe("working");
  full(70, 100);
  expect([view().status, view().context_pct]).toEqual(["warned", 70]);
  clearing();
  expect(view().status).toBe("clearing");
  it.dispatch({ do: "retire", reason: "enough" });
  expect(view().status).toBe("stopped");
});

test("A56 its state names its task, what waits, its five newest results, and the agents at work", () => {
  ready();
  const add = (isDirect: boolean) =>
    it.dispatch({ do: "enqueue", order: { prompt: "t", priority: 0, after: [], cwd: "/r", isDirect, retries: 0 } });
  for (let n = 0; n < 9; n += 1) add(n === 8);
  for (const task of [3, 1, 2, 4, 5, 6])
    it.fold([{ type: "queue.finished", task, outcome: task === 5 ? "failed" : "completed", result: `r${task}` }]);
  it.fold([{ type: "queue.started", task: 7, attempt: 1, agent: LEAD }]);
  it.fold([{ type: "queue.finished", task: 9, outcome: "completed", result: "direct" }]);
  it.dispatch({ do: "start", hire: hireOf(ANN), job: { id: ANN, mid: "m-a", prompt: "go" } });
  it.open(ANN);
  it.hire("c0000003");
  it.open("c0000003");
  const { completed_tasks, ...found } = view();
  expect(found).toEqual({
    ...{ id: LEAD, is_leader: true, tags: [] },
    ...{
      started_at: new Date(leadOf(it.state, LEAD).summonedAt ?? 0).toISOString(),
      status: "idle",
      context_pct: null,
    },
    ...{ current_task: { id: 7, description: "t" }, pending_tasks: [{ id: 8, description: "t" }], notes: "" },
    active_agents: [{ id: ANN, state: "idle", prompt: "go" }],
  });
  expect(completed_tasks.map(({ id, result }) => [id, result])).toEqual([6, 4, 2, 1, 3].map((id) => [id, `r${id}`]));
  expect(completed_tasks[0]?.completed_at).toBe(new Date(it.state.queue.tasks[6]?.finishedAt ?? 0).toISOString());
  it.observe({ type: "job.finished", job: ANN, outcome: "completed", reason: "" });
  expect(view().active_agents).toEqual([]);
});
