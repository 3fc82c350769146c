import { afterEach, beforeEach, expect, test } from "bun:test";
import { ANN, hireOf } from "../../../test/fakes/history.ts";
import { House } from "../../../test/fakes/house.ts";
import { TimeoutReactor } from "./timeouts.ts";

let it: House;
beforeEach(() => {
  it = new House();
});
afterEach(() => it.end());

const start = (timeoutMinutes?: number) =>
  it.dispatch({ do: "start", hire: hireOf(ANN), job: { id: ANN, mid: "m-1", prompt: "x", timeoutMinutes } });
const outcome = () => [it.state.jobs[ANN]?.outcome, it.state.jobs[ANN]?.reason];

async function run(): Promise<void> {
  it.run(new TimeoutReactor(it.clock) as never);
  await it.settle();
}

test("A35 a job with --timeout fails for it, counted from the arrival of its prompt, and its agent ends", async () => {
  start(2);
  it.open(ANN);
  await run();
  await it.clock.pass(90_000);
  it.observe({ type: "turn.started", agent: ANN });
  await it.settle();
  await it.clock.pass(119_999);
  expect(outcome()).toEqual([undefined, ""]);
  await it.clock.pass(1);
  expect(outcome()).toEqual(["failed", "timeout"]);
  expect(it.state.agents[ANN]?.dismissed?.reason).toBe("timeout");
});

test("A35 time in which a job waits for its place, and jobs without --timeout, are not counted", async () => {
  start(1);
  await run();
  await it.clock.pass(600_000);
  expect(outcome()).toEqual([undefined, ""]);
});

test("A35 a job that ended in time is left alone", async () => {
  start(1);
  it.open(ANN);
  await run();
  it.observe({ type: "job.finished", job: ANN, outcome: "completed", reason: "" });
  await it.clock.pass(600_000);
  expect(it.state.agents[ANN]?.dismissed).toBeUndefined();
});

test("A35 a limit that passed while no daemon ran is kept at once", async () => {
  start(1);
  it.open(ANN);
  await it.clock.pass(600_000);
  await run();
  expect(outcome()).toEqual(["failed", "timeout"]);
});
