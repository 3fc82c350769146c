import { beforeEach, expect, test } from "bun:test";
import { ANN, BOB, History, hireOf } from "../../../test/fakes/history.ts";
import type { Hire } from "../facts.ts";
import { LEAD } from "../ids.ts";
import { limitedAccounts, limitOf } from "../limits/accounts.ts";
import { awaited, freePlaces, jobWaits, needsPlace } from "./admission.ts";
import { jobMeant, jobsOf, nextJobId, numberOfJob } from "./numbering.ts";

const CLO = "c0000003";

let it: History;
beforeEach(() => {
  it = new History();
});

const start = (agent: string, more: Partial<Hire> = {}) =>
  it.dispatch({ do: "start", hire: hireOf(agent, more), job: { id: agent, mid: `m-${agent}`, prompt: "go" } });
const agent = (id: string) => {
  const found = it.state.agents[id];
  if (!found) throw new Error(`no agent ${id}`);
  return found;
};
const finish = (job: string, outcome: "completed" | "failed" = "completed") =>
  it.observe({ type: "job.finished", job, outcome, reason: "" });
const most = (maxRunning: number) => it.dispatch({ do: "limit", limits: { maxRunning } });
const waits = (id: string) => jobWaits(it.state, agent(id));

test("A61 a job takes a place from the opening of its terminal until it is over", () => {
  most(3);
  start(ANN);
  expect(freePlaces(it.state)).toBe(3);
  it.observe({ type: "terminal.opening", agent: ANN, incarnation: 1 });
  expect(freePlaces(it.state)).toBe(2);
  it.observe({ type: "terminal.opened", agent: ANN, incarnation: 1, pane: "%1", pid: 7, log: "x" });
  expect(freePlaces(it.state)).toBe(2);
  finish(ANN);
  expect(freePlaces(it.state)).toBe(3);
});

test("A61 an agent whose program is gone takes no place, though its job is not over yet", () => {
  most(3);
  start(ANN);
  it.open(ANN);
  it.observe({ type: "terminal.exited", agent: ANN, incarnation: 1, code: 0, signal: null });
  expect(freePlaces(it.state)).toBe(3);
});

test("A61 the lead, members of teams and agents without a job take no place and need none", () => {
  most(3);
  it.fold([
    { type: "agent.hired", hire: hireOf(LEAD) },
    { type: "agent.hired", hire: hireOf(BOB, { team: "pair" }) },
    { type: "agent.hired", hire: hireOf(CLO) },
  ]);
  for (const id of [LEAD, BOB]) it.fold([{ type: "job.created", job: id, agent: id, mid: `m-${id}`, prompt: "go" }]);
  for (const id of [LEAD, BOB, CLO]) {
    expect([id, needsPlace(agent(id))]).toEqual([id, false]);
    it.open(id);
  }
  expect(freePlaces(it.state)).toBe(3);
});

test("A61 a job that has not begun needs a place; one that is opened, or begins again, does not", () => {
  start(ANN);
  expect(needsPlace(agent(ANN))).toBe(true);
  it.observe({ type: "terminal.opening", agent: ANN, incarnation: 1 });
  expect(needsPlace(agent(ANN))).toBe(false);
  it.observe({ type: "terminal.opened", agent: ANN, incarnation: 1, pane: "%1", pid: 7, log: "x" });
  expect(needsPlace(agent(ANN))).toBe(false);
});

test("A61 why a job waits: all places are taken, and what would change it", () => {
  most(1);
  start(ANN);
  start(BOB);
  expect(waits(BOB)).toBeNull();
  it.open(ANN);
  expect(waits(BOB)).toEqual({
    ...{ reason: "1 jobs are at work", hint: "one of them ends, or muster queue limits --max-running" },
  });
  expect(waits(ANN)).toBeNull();
  it.dispatch({ do: "kill", agent: BOB, reason: "enough" });
  expect(waits(BOB)).toBeNull();
});

test("A8 a job waits for the first of those it comes after that is not completed", () => {
  for (const id of [ANN, BOB]) start(id);
  start(CLO, { after: [ANN, BOB] });
  expect(waits(CLO)).toEqual({ reason: `it waits for ${ANN}`, hint: `the job of ${ANN} is completed` });
  finish(ANN);
  expect([awaited(it.state, agent(CLO)), waits(CLO)?.reason]).toEqual([BOB, `it waits for ${BOB}`]);
  finish(BOB, "failed");
  expect(awaited(it.state, agent(CLO))).toBe(BOB);
  expect(awaited(it.state, agent(ANN))).toBeUndefined();
});

test("A8 one that comes after what is not there waits for it", () => {
  start(CLO, { after: [ANN] });
  expect(awaited(it.state, agent(CLO))).toBe(ANN);
});

test("A19 jobs of an agent are numbered, the first one by the agent's id alone", () => {
  expect([nextJobId(it.state, ANN), jobsOf(it.state, ANN), jobMeant(it.state, ANN, ANN)]).toEqual([ANN, [], undefined]);
  start(ANN);
  it.open(ANN);
  finish(ANN);
  const [second, third] = [`${ANN}#2`, `${ANN}#3`];
  expect(nextJobId(it.state, ANN)).toBe(second);
  const job = { id: second, mid: "m-2", prompt: "two" };
  it.dispatch({ do: "reuse", agent: ANN, job, control: "c1", isForced: false, logFrom: 0 });
  expect(jobsOf(it.state, ANN).map(({ id }) => id)).toEqual([ANN, second]);
  expect([nextJobId(it.state, ANN), numberOfJob(ANN), numberOfJob(third)]).toEqual([third, 1, 3]);
  const meant = (given: string) => jobMeant(it.state, ANN, given)?.id;
  expect([ANN, `${ANN}#1`, second, third, "a000#1", "a000"].map(meant)).toEqual([
    ...[second, ANN, second, undefined, ANN, second],
  ]);
});

test("an account is limited until the last of its agents' limits ends; that of other CLIs is not", () => {
  for (const [id, driver, until] of [
    [ANN, "claude", 10],
    [BOB, "claude", 30],
    [CLO, "codex", 50],
  ] as const) {
    it.hire(id, { driver });
    it.open(id);
    it.observe({ type: "limit.reached", agent: id, until, isKnown: true });
  }
  const of = (driver: string) => limitOf(limitedAccounts(it.state), { driver });
  expect([of("claude"), of("codex"), of("gemini")]).toEqual([30, 50, undefined]);
  it.observe({ type: "terminal.exited", agent: BOB, incarnation: 1, code: 0, signal: null });
  expect(of("claude")).toBe(10);
});
