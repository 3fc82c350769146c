import { afterEach, beforeEach, expect, test } from "bun:test";
import { FakeCli } from "../../../test/fakes/cli.ts";
import { ANN } from "../../../test/fakes/history.ts";
import { House } from "../../../test/fakes/house.ts";
import { hookRule } from "./hook-watch.ts";
import { DeliveryReactor } from "./reactor.ts";

let it: House;
let cli: FakeCli;
beforeEach(() => {
  it = new House([hookRule]);
  cli = new FakeCli();
  it.start(ANN, "m-1", "hello");
  it.open(ANN);
});
afterEach(() => it.end());

const run = (without: string[] = [], driver = {}) => {
  const contract = { graceMs: 1000, attempts: 5, patienceMs: 60_000, without: new Set(without) };
  it.run(new DeliveryReactor(cli.world(it, driver), contract as never) as never);
};
async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 20) await it.clock.pass(Math.min(left, 20));
}
const send = (mid: string) =>
  it.dispatch({ do: "send", letter: { mid, from: "user", to: ANN, kind: "letter", text: "more" } });
const alarms = () => it.state.notices.map(({ level, text, about }) => [level, text, about]);
const alarm = (reason: string) => [
  "error",
  `the prompt hook of ${ANN} does not work: ${reason}; each message is typed to it once only, until it is started again`,
  ANN,
];
const pastes = () => cli.typed.filter((text) => text.startsWith("From")).length;

test("F22 without the hook's file a person is told once, and what the CLI lost is not typed again", async () => {
  cli.hookProblem = "hooks/prompt.sh is missing";
  cli.onSubmit = () => {};
  run();
  await pass(3000);
  send("m-2");
  await pass(3000);
  expect(alarms()).toEqual([alarm("hooks/prompt.sh is missing")]);
  expect(pastes()).toBe(2);
  for (const mid of ["m-1", "m-2"]) expect(it.state.messages[mid]).toMatchObject({ state: "uncertain", attempt: 1 });
});

test("F22 a hook that left no receipt for a prompt which the model got is noticed by that", async () => {
  cli.onSubmit = () => cli.transcript.add("m-1");
  run();
  await pass(200);
  expect(it.state.messages["m-1"]).toMatchObject({ state: "delivered", evidence: "transcript" });
  expect(alarms()).toEqual([alarm("it left no receipt for m-1")]);
  cli.onSubmit = () => {};
  send("m-2");
  await pass(3000);
  expect(it.state.messages["m-2"]).toMatchObject({ state: "uncertain", attempt: 1 });
});

test("a new run of the program has a new hook; one that works is not spoken of", async () => {
  cli.hookProblem = "hooks/prompt.sh is missing";
  run();
  await pass(200);
  cli.hookProblem = null;
  it.open(ANN, 2);
  send("m-2");
  await pass(200);
  expect(it.state.messages["m-2"]?.state).toBe("delivered");
  expect(alarms()).toHaveLength(1);
  cli.onSubmit = () => {};
  send("m-3");
  await pass(2500);
  expect(it.state.messages["m-3"]?.attempt).toBeGreaterThan(1);
});

test("a CLI without such a hook, and a proof that takes guards away, are not watched", async () => {
  cli.hookProblem = "hooks/prompt.sh is missing";
  cli.onSubmit = () => cli.transcript.add("m-1");
  run([], { receipt: "transcript" });
  await pass(200);
  expect(it.state.messages["m-1"]?.state).toBe("delivered");
  run(["grace"]);
  send("m-2");
  await pass(200);
  expect(alarms()).toEqual([]);
});
