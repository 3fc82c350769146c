import { beforeEach, expect, test } from "bun:test";
import { ANN, BOB, History, hireOf } from "../../test/fakes/history.ts";
import type { Observation } from "./commands.ts";
import { LEAD } from "./ids.ts";
import { livingAgents } from "./living.ts";

let it: History;
beforeEach(() => {
  it = new History();
});

const living = (): string[] => livingAgents(it.state).map(({ hire }) => hire.agent);
const exit = (agent: string, incarnation = 1): Observation => ({
  ...{ type: "terminal.exited", agent, incarnation, code: 0, signal: null },
});
const capture = (agent: string, incarnation = 1): Observation => ({
  type: "terminal.captured",
  agent,
  incarnation,
  body: "bye",
});
const kill = (agent: string) => it.dispatch({ do: "kill", agent, reason: "enough" });

function start(agent: string): void {
  it.dispatch({ do: "start", hire: hireOf(agent), job: { id: agent, mid: `m-${agent}`, prompt: "go" } });
}

test("agents are among the living from their hire on, each once", () => {
  expect(living()).toEqual([]);
  it.hire(ANN);
  it.hire(BOB);
  it.open(ANN);
  expect(living().sort()).toEqual([ANN, BOB]);
});

test("an agent that is dismissed lives until its terminal has gone", () => {
  it.hire(ANN);
  it.open(ANN);
  kill(ANN);
  expect(living()).toEqual([ANN]);
  it.observe(exit(ANN));
  expect(living()).toEqual([]);
});

test("an agent that is dismissed before it had a terminal is over at once", () => {
  it.hire(ANN);
  kill(ANN);
  expect(living()).toEqual([]);
});

test("a terminal that is just being opened for one that is dismissed still has to be closed", () => {
  it.hire(ANN);
  it.observe({ type: "terminal.opening", agent: ANN, incarnation: 1 });
  kill(ANN);
  expect(living()).toEqual([ANN]);
  it.observe({ type: "terminal.opened", agent: ANN, incarnation: 1, pane: "%1", pid: 7, log: "x" }, exit(ANN));
  expect(living()).toEqual([]);
});

test("an agent whose program ended by itself lives until what it showed last is kept", () => {
  it.hire(ANN);
  it.open(ANN);
  it.observe(exit(ANN));
  expect(living()).toEqual([ANN]);
  it.observe(capture(ANN));
  expect(living()).toEqual([]);
});

test("what an earlier run showed is not what the present one showed", () => {
  it.hire(ANN);
  it.open(ANN);
  it.observe(exit(ANN), capture(ANN));
  it.open(ANN, 2);
  it.observe(exit(ANN, 2));
  expect(living()).toEqual([ANN]);
});

test("nobody can keep what a lost terminal showed", () => {
  it.hire(ANN);
  it.open(ANN);
  it.observe({ type: "terminal.lost", agent: ANN, incarnation: 1, reason: "tmux died" });
  expect(living()).toEqual([]);
});

test("an idle or busy program is not over, whatever was kept of it", () => {
  it.hire(ANN);
  it.open(ANN);
  it.observe(exit(ANN), capture(ANN));
  expect(living()).toEqual([]);
  it.open(ANN, 2);
  expect(living()).toEqual([ANN]);
});

test("the lead and members of teams are started again: they live though their program ended", () => {
  it.fold([
    { type: "agent.hired", hire: hireOf(LEAD) },
    { type: "agent.hired", hire: hireOf(ANN, { team: "pair", seat: "PeerA" }) },
  ]);
  for (const agent of [LEAD, ANN]) {
    it.open(agent);
    it.observe(exit(agent), capture(agent));
  }
  expect(living().sort()).toEqual([ANN, LEAD]);
});

test("an agent whose job has no outcome is not over", () => {
  start(ANN);
  it.open(ANN);
  it.observe(exit(ANN), capture(ANN));
  expect(living()).toEqual([ANN]);
  it.observe({ type: "job.finished", job: ANN, outcome: "failed", reason: "it ended" });
  expect(living()).toEqual([]);
});

test("an agent that is to be started again, or whose files are to be removed, is not over", () => {
  it.hire(ANN);
  it.open(ANN);
  it.observe(exit(ANN), capture(ANN));
  it.fold([{ type: "agent.restarted", agent: ANN, changes: {} }]);
  expect(living()).toEqual([ANN]);
  start(BOB);
  kill(BOB);
  expect(living()).toEqual([ANN]);
  it.dispatch({ do: "discard", agent: BOB });
  expect(living().sort()).toEqual([ANN, BOB]);
  it.observe({ type: "agent.removed", agent: BOB });
  expect(living()).toEqual([ANN]);
});

test("a control that is under way, or an answer that is on its way to a hook, is still owed", () => {
  it.hire(ANN);
  it.open(ANN);
  it.observe(exit(ANN), capture(ANN));
  it.fold([{ type: "control.requested", agent: ANN, control: "c1", action: "clear" }]);
  expect(living()).toEqual([ANN]);
  it.fold([{ type: "control.finished", agent: ANN, control: "c1", action: "clear", ok: false, reason: "it ended" }]);
  expect(living()).toEqual([]);
  it.fold([{ type: "permission.answered", agent: ANN, question: "q", choice: "allow" }]);
  expect(living()).toEqual([ANN]);
  it.fold([{ type: "permission.told", agent: ANN, question: "q", ok: false }]);
  expect(living()).toEqual([]);
});

test("an id without an agent is nobody", () => {
  expect(livingAgents({ living: { [ANN]: true }, agents: {} })).toEqual([]);
});
