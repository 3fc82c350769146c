import { afterEach, beforeEach, expect, test } from "bun:test";
import { ANN, hireOf } from "../../test/fakes/history.ts";
import { House } from "../../test/fakes/house.ts";
import { LEAD } from "../core/ids.ts";
import type { PaneStatus, TerminalOrder } from "../core/ports.ts";
import { HousingReactor } from "./housing.ts";

let it: House;
/** What a tmux of our own has open. */
let panes: PaneStatus[];
let opened: number[];
let closed: string[];
let obstacle: string | null;

const paneOf = (agent: string, incarnation: number): PaneStatus => ({
  ...{ agent, incarnation, pane: `%${incarnation}`, pid: 100 + incarnation },
  ...{ isDead: false, code: null, signal: null, isPiped: true },
});

const housing = () =>
  new HousingReactor({
    clock: it.clock,
    faultPoint: () => {},
    obstacle: async () => obstacle,
    prepare: async (agent, incarnation) => ({ agent: agent.hire.agent, incarnation }) as TerminalOrder,
    terminals: {
      list: async () => panes,
      open: async ({ agent, incarnation }) => {
        opened.push(incarnation);
        const pane = paneOf(agent, incarnation);
        panes.push(pane);
        return { pane: pane.pane, pid: pane.pid, log: "" };
      },
      close: async (pane) => {
        closed.push(pane);
        panes = panes.filter((other) => other.pane !== pane);
      },
    },
  });

beforeEach(() => {
  it = new House();
  [panes, opened, closed, obstacle] = [[], [], [], null];
});
afterEach(() => it.end());

const agent = () => it.state.agents[ANN];
const crash = async () => {
  const incarnation = agent()?.incarnation ?? 0;
  panes = [];
  it.observe({ type: "terminal.exited", agent: ANN, incarnation, code: 1, signal: null });
  await it.settle();
};
const member = () => it.dispatch({ do: "start", hire: hireOf(ANN, { team: "t", seat: "PeerA" }) });

test("an agent gets its terminal, once; the intent is in the log before tmux is asked", async () => {
  it.start(ANN);
  it.run(housing() as never);
  await it.settle();
  expect(opened).toEqual([1]);
  expect(agent()).toMatchObject({ incarnation: 1, opening: false, pane: "%1", pid: 101, log: `${ANN}.log` });
  const types: string[] = it.log.read(0).map(({ type }) => type);
  expect(types).toEqual(["agent.hired", "job.created", "message.queued", "terminal.opening", "terminal.opened"]);
  await it.clock.pass(600_000);
  expect(opened).toEqual([1]);
});

test("an opening that was not confirmed before a crash is adopted, not opened again", async () => {
  it.start(ANN);
  it.observe({ type: "terminal.opening", agent: ANN, incarnation: 1 });
  panes = [paneOf("b0000002", 1), paneOf(ANN, 2), { ...paneOf(ANN, 1), pane: "%9", pid: 9 }];
  it.run(housing() as never);
  await it.settle();
  expect(opened).toEqual([]);
  expect(agent()).toMatchObject({ pane: "%9", pid: 9, opening: false });
});

test("an opening whose pane was never made is made now", async () => {
  it.start(ANN);
  it.observe({ type: "terminal.opening", agent: ANN, incarnation: 1 });
  panes = [paneOf(ANN, 2)];
  it.run(housing() as never);
  await it.settle();
  expect(opened).toEqual([1]);
});

test("a job's agent that ended is not started again", async () => {
  it.start(ANN);
  it.run(housing() as never);
  await it.settle();
  await crash();
  await it.clock.pass(600_000);
  expect(opened).toEqual([1]);
});

test("P59 a member of a team comes back after 1, 2 and 4 seconds, then a person is told, once", async () => {
  member();
  it.run(housing() as never);
  await it.settle();
  for (const seconds of [1, 2, 4]) {
    const before = opened.length;
    await crash();
    await it.clock.pass(seconds * 1000 - 1);
    expect(opened).toHaveLength(before);
    await it.clock.pass(1);
    expect(opened).toHaveLength(before + 1);
  }
  await crash();
  await it.clock.pass(3_600_000);
  it.observe({ type: "notice.raised", level: "info", text: "x", about: ANN });
  await it.settle();
  expect(opened).toEqual([1, 2, 3, 4]);
  const said = it.state.notices.filter(({ level }) => level === "error").map(({ text }) => text);
  expect(said).toEqual([
    "PeerA crashed 4 times in ten minutes and is not started again; /restart peera starts it again",
  ]);
});

test("P59 crashes of more than ten minutes ago do not count", async () => {
  member();
  it.run(housing() as never);
  await it.settle();
  for (let n = 0; n < 6; n += 1) {
    await crash();
    await it.clock.pass(1000);
    await it.clock.pass(600_000);
  }
  expect(opened).toHaveLength(7);
  expect(it.state.notices).toEqual([]);
});

test("a lost member comes back too", async () => {
  member();
  it.run(housing() as never);
  await it.settle();
  panes = [];
  it.observe({ type: "terminal.lost", agent: ANN, incarnation: 1, reason: "tmux died" });
  await it.settle();
  await it.clock.pass(1000);
  expect(opened).toEqual([1, 2]);
});

test("S44 what stands in the way is shown, and looked at again until it is gone", async () => {
  obstacle = "its configuration changed";
  it.start(ANN);
  it.run(housing() as never);
  await it.settle();
  expect(agent()).toMatchObject({ activity: "waiting", detail: "its configuration changed", incarnation: 0 });
  await it.clock.pass(2000);
  expect(opened).toEqual([]);
  obstacle = null;
  await it.clock.pass(2000);
  expect(opened).toEqual([1]);
});

test("a dismissed agent's pane is closed, also one whose opening was never confirmed", async () => {
  for (const isConfirmed of [true, false]) {
    const house = new House();
    it = house;
    [panes, closed] = [[paneOf("b0000002", 8)], []];
    house.start(ANN);
    if (isConfirmed) house.open(ANN);
    else house.observe({ type: "terminal.opening", agent: ANN, incarnation: 1 });
    panes.push({ ...paneOf(ANN, 1), pane: "%1" });
    house.dispatch({ do: "kill", agent: ANN, reason: "enough" });
    house.run(housing() as never);
    await house.settle();
    expect([...new Set(closed)]).toEqual(["%1"]);
    expect(panes.map(({ agent }) => agent)).toEqual(["b0000002"]);
    expect(house.state.agents[ANN]?.activity).toBe("exited");
    await house.end();
  }
  it = new House();
});

test("an agent that was dismissed before it had a terminal gets none", async () => {
  it.start(ANN);
  it.dispatch({ do: "kill", agent: ANN, reason: "enough" });
  it.run(housing() as never);
  await it.settle();
  expect([opened, closed]).toEqual([[], []]);
});

test("P62 /restart ends a member's program and starts it anew at once, as its hire is from then on; it is no crash", async () => {
  member();
  it.run(housing() as never);
  await it.settle();
  for (let n = 0; n < 5; n += 1) {
    it.dispatch({ do: "restart", agent: ANN, changes: { model: `m${n}` } });
    expect(it.dispatch({ do: "restart", agent: ANN, changes: {} })).toEqual([]);
    await it.settle();
  }
  expect(opened).toEqual([1, 2, 3, 4, 5, 6]);
  expect(closed.length).toBeGreaterThanOrEqual(5);
  expect(agent()).toMatchObject({ incarnation: 6, crashes: [], hire: { model: "m4" } });
  expect(agent()?.isRestarting).toBeUndefined();
  expect(it.state.notices).toEqual([]);
});

test("P62 /restart starts a member that had been given up", async () => {
  member();
  it.run(housing() as never);
  await it.settle();
  for (let n = 0; n < 4; n += 1) {
    await crash();
    await it.clock.pass(10_000);
  }
  const count = opened.length;
  await it.clock.pass(60_000);
  expect(opened).toHaveLength(count);
  it.dispatch({ do: "restart", agent: ANN, changes: {} });
  await it.settle();
  expect(opened).toHaveLength(count + 1);
});

test("only members of teams are started again by hand", () => {
  it.start("b0000002");
  expect(() => it.dispatch({ do: "restart", agent: "b0000002", changes: {} })).toThrow("agent b0000002 is in no team");
  expect(() => it.dispatch({ do: "restart", agent: "c0000003", changes: {} })).toThrow("no agent c0000003 works");
});

test("a member that ended and may not be started again stays so, and a person is told each reason once", async () => {
  member();
  it.run(housing() as never);
  await it.settle();
  obstacle = "its configuration changed";
  await crash();
  await it.clock.pass(10_000);
  await it.clock.pass(10_000);
  obstacle = "its program is gone";
  await it.clock.pass(10_000);
  await it.clock.pass(10_000);
  expect(agent()?.activity).toBe("exited");
  const notice = { level: "warning", about: ANN };
  expect(it.facts("notice.raised")).toMatchObject([
    { ...notice, text: "PeerA is not started again: its configuration changed" },
    { ...notice, text: "PeerA is not started again: its program is gone" },
  ]);
  obstacle = null;
  await it.clock.pass(10_000);
  expect(opened).toEqual([1, 2]);
});

test("A59 the lead is started again at once, then after a minute each; after six times in an hour a person is told", async () => {
  const { agent: _, ...hire } = hireOf(LEAD);
  it.dispatch({ do: "summon", hire });
  it.run(housing() as never);
  await it.settle();
  const fall = async () => {
    panes = [];
    it.observe({ type: "terminal.exited", agent: LEAD, incarnation: opened.length, code: 1, signal: null });
    await it.settle();
    await it.settle();
  };
  await fall();
  await it.clock.pass(0);
  expect(opened).toEqual([1, 2]);
  for (const runs of [3, 4, 5, 6]) {
    await fall();
    await it.clock.pass(59_999);
    expect(opened).toHaveLength(runs - 1);
    await it.clock.pass(1);
    expect(opened).toHaveLength(runs);
  }
  await fall();
  await it.clock.pass(60_000);
  expect(opened).toHaveLength(6);
  expect(it.facts("notice.raised")).toMatchObject([
    {
      ...{ level: "error", about: LEAD },
      text: "orch crashed 6 times in an hour and is not started again; muster orchestrator stop orch, then start orch",
    },
  ]);
});

test("A61 no more terminals are opened for jobs than there are places, and one that ends makes room", async () => {
  it.dispatch({ do: "limit", limits: { maxRunning: 1 } });
  for (const id of [ANN, "b0000002", "c0000003"]) it.start(id);
  it.run(housing() as never);
  await it.settle();
  const living = () => panes.map((pane) => pane.agent);
  expect(living()).toEqual([ANN]);
  it.observe({ type: "job.finished", job: ANN, outcome: "completed", reason: "" });
  await it.settle();
  expect(living()).toEqual([ANN, "b0000002"]);
});
