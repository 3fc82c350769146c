import { afterEach, beforeEach, expect, test } from "bun:test";
import { ANN, hireOf } from "../../../test/fakes/history.ts";
import { House } from "../../../test/fakes/house.ts";
import { LEAD, PERSON, SYSTEM } from "../../core/ids.ts";
import { leadOf } from "../../core/lead/state.ts";
import type { LeadView } from "../../core/lead/view.ts";
import { isOpen } from "../../core/state.ts";
import { LeadReactor } from "./reactor.ts";

let it: House;
let saved: LeadView[];
let count = 0;

beforeEach(() => {
  it = new House();
  saved = [];
  const random = { hex: (digits: number) => (count++).toString(16).padStart(digits, "0") };
  const write = async (_: string, value: unknown) => void saved.push(value as LeadView);
  const reactor = new LeadReactor({
    clock: it.clock,
    random,
    state: () => it.state,
    path: () => "/h/state.json",
    write,
  });
  it.run(reactor as never);
});
afterEach(() => it.end());

const { agent: _, ...hire } = hireOf(LEAD, { driver: "claude" });
const lead = () => leadOf(it.state, LEAD);
/** What the System said to the lead, oldest first. */
const told = (): string[] =>
  it.log
    .read(0)
    .flatMap((event) => (event.type === "message.queued" && event.to === LEAD ? [it.log.body(event.seq) ?? ""] : []));
const controls = (): string[] => it.facts("control.requested").map(({ action }) => action);

async function summoned(): Promise<void> {
  it.dispatch({ do: "summon", hire });
  it.open(LEAD);
  await it.settle();
}

async function measured(percent: number): Promise<void> {
  await it.clock.pass(1);
  it.observe({ type: "usage.measured", agent: LEAD, contextTokens: percent * 1000, contextSize: 100_000 });
  await it.settle();
}

const cleared = async (ok = true): Promise<void> => {
  for (const { id, action } of [...(it.state.agents[LEAD]?.controls ?? [])])
    it.observe({ type: "control.finished", agent: LEAD, control: id, ok, reason: "", action });
  await it.settle();
};

test("A55 the lead is one agent named orch, started for a person, and spoken to once", async () => {
  await summoned();
  expect(it.state.agents[LEAD]?.hire).toMatchObject({ agent: "orch", driver: "claude" });
  expect(told()).toEqual([expect.stringContaining("SYSTEM: You are the lead and online.")]);
  expect(it.facts("message.queued")[0]).toMatchObject({ from: SYSTEM, kind: "system" });
  expect(it.dispatch({ do: "summon", hire })).toEqual([]);
  await it.clock.pass(600_000);
  expect(told()).toHaveLength(1);
});

test("A55 nobody's lead is started unasked, and one that was stopped stays so", async () => {
  await it.clock.pass(60_000);
  expect([it.state.agents[LEAD], saved]).toEqual([undefined, []]);
  expect(() => it.dispatch({ do: "summon" })).toThrow("no lead was ever started");
  await summoned();
  it.dispatch({ do: "retire", reason: "enough" });
  await it.settle();
  expect([lead().isWanted, it.state.agents[LEAD]?.dismissed?.reason]).toEqual([false, "enough"]);
  expect(saved.at(-1)).toMatchObject({ status: "stopped" });
  expect(it.dispatch({ do: "retire", reason: "again" })).toEqual([]);
});

test("A55 a stopped lead comes back as it was, and no run of it is taken for an earlier one", async () => {
  await summoned();
  it.dispatch({ do: "retire", reason: "enough" });
  it.observe({ type: "terminal.exited", agent: LEAD, incarnation: 1, code: 0, signal: null });
  it.dispatch({ do: "summon" });
  expect(it.state.agents[LEAD]).toMatchObject({ hire: { driver: "claude" }, incarnation: 1, activity: "starting" });
  it.open(LEAD, 2);
  await it.settle();
  expect(told().at(-1)).toContain("You are the lead and online");
});

test("A56 its state file is kept from facts: status, context, agents at work, notes", async () => {
  await summoned();
  it.start(ANN, "m-1", "find the leak");
  it.open(ANN);
  await it.settle();
  await measured(41);
  it.dispatch({ do: "note", text: " main is red " });
  await it.settle();
  expect(saved.at(-1)).toEqual({
    ...{ started_at: expect.stringMatching(/^\d{4}-/), last_saved: expect.stringMatching(/^\d{4}-/) },
    ...{ id: LEAD, is_leader: true, tags: [], status: "idle", context_pct: 41, notes: "main is red" },
    ...{ current_task: null, completed_tasks: [], pending_tasks: [] },
    active_agents: [{ id: ANN, state: "idle", prompt: "find the leak" }],
  } as never);
  it.observe({ type: "job.finished", job: ANN, outcome: "completed", reason: "" });
  await it.clock.pass(10_000);
  expect(saved.at(-1)?.active_agents).toEqual([]);
  expect(() => it.dispatch({ do: "note", text: "  " })).toThrow("the note is empty");
  expect(() => it.dispatch({ do: "note", text: "x".repeat(8001) })).toThrow("at most 8000");
});

test("A58 below 70 % nothing, from 70 % a warning once in 120 s, and no clear before 80 %", async () => {
  await summoned();
  await measured(69);
  expect(it.facts("lead.warned")).toEqual([]);
  await measured(70);
  await measured(75);
  await measured(79);
  expect(it.facts("lead.warned").map(({ percent }) => percent)).toEqual([70]);
  expect(told().at(-1)).toContain("SYSTEM: Your context is 70 % full");
  expect(saved.at(-1)).toMatchObject({ status: "warned" });
  await it.clock.pass(120_000);
  expect(it.facts("lead.warned")).toHaveLength(2);
  expect(controls()).toEqual([]);
});

test("A58 a context that nobody measured is unknown: nothing is done", async () => {
  await summoned();
  it.observe({ type: "usage.measured", agent: LEAD, contextTokens: 999_999 });
  await it.clock.pass(60_000);
  expect([saved.at(-1)?.context_pct, controls()]).toEqual([null, []]);
});

test("A58 at 80 % a running turn is ended, the context cleared, and the lead told where its state stands", async () => {
  await summoned();
  it.dispatch({ do: "note", text: "main is red" });
  it.observe({ type: "agent.changed", agent: LEAD, activity: "busy" });
  await measured(85);
  expect(controls()).toEqual(["interrupt", "clear"]);
  expect(saved.at(-1)).toMatchObject({ status: "clearing" });
  await it.clock.pass(29_000);
  expect(controls()).toHaveLength(2);
  await cleared();
  expect(told().at(-1)).toBe(
    "SYSTEM: Your context was cleared. Read /h/state.json: your task, your agents, what is done and what waits. Go on from there.\nYour notes: main is red",
  );
  // What was measured before the clear says nothing of what is after it.
  expect(saved.at(-1)).toMatchObject({ context_pct: null });
  await it.clock.pass(60_000);
  expect(controls()).toHaveLength(2);
  await measured(6);
  expect(saved.at(-1)).toMatchObject({ context_pct: 6 });
});

test("A58 an idle lead is cleared without an Escape", async () => {
  await summoned();
  await measured(80);
  expect(controls()).toEqual(["clear"]);
});

test("A58 a clear that came to nothing is tried again after ten seconds, and so is one that made nothing smaller", async () => {
  await summoned();
  await measured(85);
  await cleared(false);
  expect(it.facts("lead.uncleared")).toHaveLength(1);
  await it.clock.pass(9_000);
  expect(controls()).toEqual(["clear"]);
  await it.clock.pass(1_000);
  expect(controls()).toEqual(["clear", "clear"]);
  await cleared();
  await measured(84);
  expect(controls()).toHaveLength(2);
  await it.clock.pass(10_000);
  expect(controls()).toHaveLength(3);
});

test("A59 A-fault 9: a lead that died keeps its state, and is told once where it stands when it runs again", async () => {
  await summoned();
  it.dispatch({ do: "note", text: "main is red" });
  await it.settle();
  it.observe({ type: "terminal.exited", agent: LEAD, incarnation: 1, code: 1, signal: null });
  await it.settle();
  expect(saved.at(-1)).toMatchObject({ status: "resuming", notes: "main is red" });
  it.open(LEAD, 2);
  await it.settle();
  expect(told().at(-1)).toStartWith("SYSTEM: Your program ended and was started again. Read /h/state.json");
  expect(saved.at(-1)).toMatchObject({ status: "idle", notes: "main is red" });
  const said = told().length;
  await it.clock.pass(60_000);
  expect(told()).toHaveLength(said);
});

test("A59 words to a lead that died wait for the next start", async () => {
  await summoned();
  it.observe({ type: "terminal.exited", agent: LEAD, incarnation: 1, code: 1, signal: null });
  it.dispatch({ do: "send", letter: { mid: "m-9", from: "user", to: LEAD, kind: "letter", text: "wait" } }, PERSON);
  await it.settle();
  expect(it.state.messages["m-9"] && isOpen(it.state.messages["m-9"])).toBe(true);
});
