import { afterEach, beforeEach, expect, test } from "bun:test";
import { FakeCli } from "../../../test/fakes/cli.ts";
import { ANN } from "../../../test/fakes/history.ts";
import { House } from "../../../test/fakes/house.ts";
import { DeliveryReactor } from "../delivery/reactor.ts";
import { jobRule } from "../rules.ts";
import { reuseRule } from "./rules.ts";

const CONTRACT = { without: new Set<never>(), graceMs: 1000, attempts: 3, patienceMs: 5000 };
const SECOND = `${ANN}#2`;
let it: House;
let cli: FakeCli;

beforeEach(async () => {
  it = new House([jobRule, reuseRule]);
  cli = new FakeCli();
  it.start(ANN, "m-1", "one");
  it.open(ANN);
  it.run(new DeliveryReactor(cli.world(it), CONTRACT) as never);
  await it.settle();
  await it.clock.pass(50);
  it.observe({ type: "turn.ended", agent: ANN, outcome: "done", summary: "" });
  it.dispatch({ do: "reuse", agent: ANN, job: { id: SECOND, mid: "m-2", prompt: "two" }, control: "c-1" });
  await it.settle();
});
afterEach(() => it.end());

const prompts = () => cli.typed.filter((text) => text.startsWith("From")).map((text) => (text.includes("two") ? 2 : 1));
const finish = async (ok: boolean) => {
  it.observe({
    type: "control.finished",
    agent: ANN,
    control: "c-1",
    ok,
    reason: ok ? "" : "it was busy",
    action: "clear",
  });
  await it.settle();
  await it.clock.pass(2000);
};

test("A19 the prompt of a reuse waits for its clear, and says so; then it is typed once", async () => {
  await it.clock.pass(5000);
  expect([prompts(), it.state.messages["m-2"]?.reason]).toEqual([[1], "the conversation before is being cleared"]);
  await finish(true);
  expect(prompts()).toEqual([1, 2]);
});

test("A19 what somebody sends meanwhile is not typed into the conversation that is about to go", async () => {
  it.dispatch({ do: "send", letter: { mid: "m-3", from: "user", to: ANN, kind: "letter", text: "three" } });
  await it.clock.pass(5000);
  expect(prompts()).toEqual([1]);
});

test("A19 a clear that fails ends the job, its prompt dies with the reason, and later messages go on", async () => {
  await finish(false);
  const reason = "the conversation before was not cleared: it was busy";
  expect(it.state.jobs[SECOND]).toMatchObject({ outcome: "failed", reason });
  expect(it.state.messages["m-2"]).toMatchObject({ state: "dead", reason });
  it.dispatch({ do: "send", letter: { mid: "m-3", from: "user", to: ANN, kind: "letter", text: "three" } });
  await it.settle();
  await it.clock.pass(50);
  expect(cli.typed.join()).toContain("three");
  expect(cli.typed.join()).not.toContain("two");
});

test("A19 an interrupt that found nothing to interrupt ends no job that waits for its clear", async () => {
  it.dispatch({ do: "control", agent: ANN, id: "c-2", action: "interrupt" });
  it.observe({ type: "control.finished", agent: ANN, control: "c-2", ok: false, reason: "no turn is running" });
  expect(it.state.jobs[SECOND]?.outcome).toBeUndefined();
});

test("A19 a failed clear that no job waited for ends none", async () => {
  await finish(true);
  it.observe({ type: "turn.ended", agent: ANN, outcome: "done", summary: "" });
  it.dispatch({ do: "control", agent: ANN, id: "c-9", action: "clear" });
  it.observe({ type: "control.finished", agent: ANN, control: "c-9", ok: false, reason: "x", action: "clear" });
  expect(it.state.jobs[SECOND]?.outcome).toBe("completed");
});
