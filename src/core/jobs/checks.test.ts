import { beforeEach, expect, test } from "bun:test";
import { ANN, History, hireOf } from "../../../test/fakes/history.ts";
import type { Observation } from "../commands.ts";

let it: History;
beforeEach(() => {
  it = new History();
  it.dispatch({ do: "start", hire: hireOf(ANN), job: { id: ANN, mid: "m-1", prompt: "go" } });
});

const news = (...facts: Observation[]): boolean[] => it.news(...facts);
/** The same report twice. */
const twice = (fact: Observation): boolean[] => news(fact, fact);

test("the course of a job is told while it is open, each step of it once", () => {
  const stalled: Observation = { type: "job.stalled", job: ANN, agent: ANN, minutes: 60, body: "x" };
  const stirred: Observation = { type: "job.stirred", job: ANN, agent: ANN };
  const warned: Observation = { type: "job.warned", job: ANN, agent: ANN, spent: 1 };
  const overspent: Observation = { type: "job.overspent", job: ANN, agent: ANN, spent: 2 };
  expect(news(stirred, stalled, stalled, stirred, stirred)).toEqual([false, true, false, true, false]);
  expect([twice(warned), twice(overspent)]).toEqual([
    [true, false],
    [true, false],
  ]);
  expect(twice({ type: "job.finished", job: ANN, outcome: "failed", reason: "x" })).toEqual([true, false]);
  for (const key of ["warned", "overspent"] as const) delete it.state.jobs[ANN]?.[key];
  expect(news(stalled, warned, overspent)).toEqual([false, false, false]);
});

test("files of an agent are gone only after it was discarded", () => {
  const removed: Observation = { type: "agent.removed", agent: ANN };
  expect(news(removed)).toEqual([false]);
  it.dispatch({ do: "discard", agent: ANN });
  expect(twice(removed)).toEqual([true, false]);
});
