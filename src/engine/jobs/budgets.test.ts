import { afterEach, beforeEach, expect, test } from "bun:test";
import { ANN, hireOf } from "../../../test/fakes/history.ts";
import { House } from "../../../test/fakes/house.ts";
import type { Budget } from "../../core/jobs/budget.ts";
import { BudgetReactor } from "./budgets.ts";

let it: House;
let tokens: number | null;
beforeEach(() => {
  it = new House();
  tokens = null;
});
afterEach(() => it.end());

async function start(budget?: Budget): Promise<void> {
  it.dispatch({ do: "start", hire: hireOf(ANN), job: { id: ANN, mid: "m-1", prompt: "x", budget } });
  it.open(ANN);
  it.observe({ type: "turn.started", agent: ANN }, { type: "agent.changed", agent: ANN, activity: "busy" });
  it.run(new BudgetReactor({ clock: it.clock, tokens: async () => tokens }) as never);
  await it.settle();
}
async function cost(cost: number): Promise<void> {
  it.observe({ type: "usage.measured", agent: ANN, contextTokens: Math.round(cost * 1000), cost });
  await it.settle();
}
const job = () => it.state.jobs[ANN];
const notices = () => it.state.notices.map(({ level, text }) => `${level}: ${text}`);
const controls = () => it.state.agents[ANN]?.controls.map(({ action }) => action);
const USD: Budget = { unit: "usd", limit: 1 };

test("A8 budget: at 80 % a notice, once; nothing is stopped", async () => {
  await start(USD);
  await cost(0.79);
  expect(notices()).toEqual([]);
  await cost(0.8);
  await cost(0.99);
  expect(notices()).toEqual([`warning: job ${ANN} has used $0.80 of $1.00`]);
  expect([job()?.outcome, controls()]).toEqual([undefined, []]);
});

test("A8 budget: at 100 % the job has failed, says why, and its turn is interrupted; its program stays", async () => {
  await start(USD);
  await cost(1);
  expect(job()).toMatchObject({ outcome: "failed", reason: "budget exceeded: $1.00 of $1.00" });
  expect(controls()).toEqual(["interrupt"]);
  expect(notices()).toEqual([`error: job ${ANN} was stopped: budget exceeded: $1.00 of $1.00`]);
  it.observe({ type: "agent.changed", agent: ANN, activity: "idle" });
  await it.clock.pass(60_000);
  expect(it.state.agents[ANN]?.dismissed).toBeUndefined();
});

test("A8 budget: a turn that its interrupt does not end is ended with its program, after 30 s", async () => {
  await start(USD);
  await cost(2);
  await it.clock.pass(29_999);
  expect(it.state.agents[ANN]?.dismissed).toBeUndefined();
  await it.clock.pass(1);
  expect(it.state.agents[ANN]?.dismissed?.reason).toBe("budget exceeded");
});

test("A8 budget: what a person does afterwards with the same agent is not stopped", async () => {
  await start(USD);
  await cost(2);
  it.observe({ type: "agent.changed", agent: ANN, activity: "idle" });
  await it.clock.pass(1000);
  it.observe({ type: "agent.changed", agent: ANN, activity: "busy" });
  await it.clock.pass(60_000);
  expect(it.state.agents[ANN]?.dismissed).toBeUndefined();
});

test("A8 budget: in a dialog no key is pressed: the program ends", async () => {
  await start(USD);
  it.observe({ type: "agent.changed", agent: ANN, activity: "waiting" });
  await cost(1.5);
  expect([it.state.agents[ANN]?.dismissed?.reason, controls()]).toEqual(["budget exceeded", []]);
});

test("A8 budget: tokens are looked up while it works; what nobody knows stops nothing", async () => {
  await start({ unit: "tokens", limit: 1000 });
  await cost(50);
  await it.clock.pass(3000);
  expect([job()?.outcome, notices()]).toEqual([undefined, []]);
  tokens = 800;
  await it.clock.pass(3000);
  expect(notices()).toEqual([`warning: job ${ANN} has used 800 tokens of 1,000 tokens`]);
  tokens = 1200;
  await it.clock.pass(3000);
  expect(job()?.reason).toBe("budget exceeded: 1,200 tokens of 1,000 tokens");
});

test("A8 budget: a job without one, and one that has ended, may cost what they cost", async () => {
  await start();
  await cost(500);
  expect([job()?.outcome, notices()]).toEqual([undefined, []]);
});
