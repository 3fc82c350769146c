import { beforeEach, expect, test } from "bun:test";
import { ANN, History, hireOf } from "../../../test/fakes/history.ts";
import type { Observation } from "../commands.ts";

let it: History;
beforeEach(() => {
  it = new History();
  it.dispatch({ do: "start", hire: hireOf(ANN), job: { id: ANN, mid: "m-1", prompt: "go" } });
});

/** Does each of these, told one after the other, say something new? */
const news = (...facts: Observation[]): boolean[] => facts.map((fact) => it.observe(fact).length > 0);

test("the queue's reports are about tasks at work; a task is over once", () => {
  const order = { prompt: "go", priority: 0, after: [], cwd: "/r", isDirect: true, retries: 0 };
  it.dispatch({ do: "enqueue", order });
  const asked: Observation = { type: "queue.asked", task: 1 };
  const returned: Observation = { type: "queue.returned", task: 1, reason: "x", isInterrupted: false };
  const finished: Observation = { type: "queue.finished", task: 1, outcome: "completed", result: "" };
  expect(news(asked, returned)).toEqual([false, false]);
  it.fold([{ type: "queue.started", task: 1, attempt: 1, agent: ANN }]);
  expect(news(asked, asked, returned, returned, asked)).toEqual([true, false, true, false, false]);
  expect(news(finished, finished, asked, returned)).toEqual([true, false, false, false]);
});
