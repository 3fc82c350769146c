import { afterEach, beforeEach, expect, test } from "bun:test";
import { ANN, BOB } from "../../test/fakes/history.ts";
import { House } from "../../test/fakes/house.ts";
import { OutputWakes } from "./output-wakes.ts";

let it: House;
let wakes: OutputWakes;
let woken: [agent: string, at: number][];

beforeEach(() => {
  it = new House();
  it.start(ANN, "m-1", "work");
  woken = [];
  const began = it.clock.monotonic();
  wakes = new OutputWakes(it.engine, it.clock, {
    wakeOne: (name, agent = "") => {
      if (name === "delivery") woken.push([agent, it.clock.monotonic() - began]);
    },
  });
});
afterEach(() => it.end());

/** It prints every 10 ms for so long, or says nothing. */
async function prints(agent: string | null, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 10) {
    if (agent) wakes.hear(agent);
    await it.clock.pass(10);
  }
}

test("output is heard at once, and while it goes on ten times a second; the last of it is never missed", async () => {
  await prints(ANN, 250);
  expect(woken).toEqual([0, 100, 200].map((at) => [ANN, at]));
  await prints(null, 1000);
  expect(woken.map(([, at]) => at)).toEqual([0, 100, 200, 300]);
  wakes.hear(ANN);
  expect(woken.at(-1)).toEqual([ANN, 1250]);
});

test("whoever gets nothing wakes nobody, however much it prints", async () => {
  await prints(BOB, 300);
  expect(woken).toEqual([]);
  it.observe({ type: "message.delivered", mid: "m-1", evidence: "transcript" });
  await prints(ANN, 300);
  expect(woken).toEqual([]);
});
