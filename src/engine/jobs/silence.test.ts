import { afterEach, beforeEach, expect, test } from "bun:test";
import { ANN } from "../../../test/fakes/history.ts";
import { House } from "../../../test/fakes/house.ts";
import { jobRow } from "../../core/job-row.ts";
import { SilenceReactor } from "./silence.ts";

let it: House;
let printed: number | null;
let limit: number;
beforeEach(() => {
  it = new House();
  [printed, limit] = [null, 60];
  it.start(ANN);
  it.open(ANN);
  it.observe({ type: "agent.changed", agent: ANN, activity: "busy" });
});
afterEach(() => it.end());

async function run(): Promise<void> {
  const lines = async (_: string, count: number) => Array.from({ length: 60 }, (_, n) => `line ${n}`).slice(-count);
  const world = { clock: it.clock, limit: async () => limit, printedAt: async () => printed, lines };
  it.run(new SilenceReactor(world) as never);
  await it.settle();
}
const minutes = (count: number) => it.clock.pass(count * 60_000);
const state = () => {
  const job = it.state.jobs[ANN];
  return job && jobRow(it.state, job)?.state;
};

test("A35 after 60 silent minutes a job needs a person, who gets its last 40 lines; it is not ended", async () => {
  await run();
  await minutes(59);
  expect(state()).toBe("running");
  await minutes(1);
  expect(state()).toBe("needs_user");
  const seq = it.state.jobs[ANN]?.stalled?.seq ?? 0;
  expect(it.log.body(seq)?.split("\n")).toEqual(Array.from({ length: 40 }, (_, n) => `line ${n + 20}`));
  expect(it.state.notices.at(-1)?.text).toBe(`job ${ANN} is silent for 60 min; muster attach ${ANN}`);
  expect([it.state.agents[ANN]?.dismissed, it.state.jobs[ANN]?.outcome]).toEqual([undefined, undefined]);
  await minutes(120);
  expect(it.facts("job.stalled")).toHaveLength(1);
});

test("A35 each print counts anew, and one after all ends the call for a person", async () => {
  await run();
  await minutes(30);
  printed = it.clock.now();
  await minutes(59);
  expect(state()).toBe("running");
  await minutes(1);
  expect(state()).toBe("needs_user");
  printed = it.clock.now() + 1;
  await it.clock.pass(10_000);
  expect(state()).toBe("running");
  expect(it.facts("job.stirred")).toHaveLength(1);
});

test("A35 0 switches it off; what waits for a person anyway, and a job that is done, are left alone", async () => {
  limit = 0;
  await run();
  await minutes(600);
  expect(it.facts("job.stalled")).toEqual([]);
  limit = 60;
  it.observe({ type: "agent.changed", agent: ANN, activity: "waiting" });
  await minutes(600);
  it.observe({ type: "agent.changed", agent: ANN, activity: "idle" });
  it.observe({ type: "job.finished", job: ANN, outcome: "completed", reason: "" });
  await minutes(600);
  expect(it.facts("job.stalled")).toEqual([]);
});
