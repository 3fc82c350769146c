import { afterEach, beforeEach, expect, test } from "bun:test";
import { ANN } from "../../test/fakes/history.ts";
import { House } from "../../test/fakes/house.ts";
import type { Command } from "../core/commands.ts";
import type { ControlAction } from "../core/facts.ts";
import { DAEMON } from "../core/ids.ts";
import type { Driver, Key, Screen } from "../core/ports.ts";
import { AnswerReactor } from "./answers.ts";
import { ControlReactor } from "./controls.ts";
import { Leases } from "./leases.ts";

let it: House;
let composer: string | null;
let isDialog: boolean;
let pressed: Key[];
const leases = new Leases();
const driver = {
  abilities: { clear: "/clear", exit: "/exit" },
  read: () => ({ composer, isDialog }),
} as unknown as Driver;

beforeEach(async () => {
  it = new House();
  [composer, isDialog, pressed] = ["", false, []];
  it.start(ANN);
  it.open(ANN);
  const press = async (_: string, keys: Key[]) => {
    for (const key of keys) {
      pressed.push(key);
      if ("text" in key) composer = key.text;
      else if (key.key === "Enter" || key.key === "C-u") composer = "";
    }
  };
  const terminals = { screen: async () => ({}) as Screen, press };
  const { clock } = it;
  const record = (command: Command) => void it.dispatch(command, DAEMON);
  const faultPoint = () => {};
  it.run(new ControlReactor({ terminals, clock, leases, driverOf: () => driver, record, faultPoint }) as never);
  await it.settle();
});
afterEach(() => it.end());

async function control(action: ControlAction): Promise<void> {
  it.dispatch({ do: "control", agent: ANN, id: `c-${action}`, action });
  await it.settle();
}
const finished = () => it.facts("control.finished").map(({ ok, reason }) => [ok, reason]);
const keys = () => pressed.map((key) => ("text" in key ? key.text : `<${key.key}>`));

test("the CLI's own command is typed, and submitted once its menu has seen it", async () => {
  await control("clear");
  expect(keys()).toEqual(["/clear"]);
  await it.clock.pass(299);
  expect(keys()).toEqual(["/clear"]);
  await it.clock.pass(1);
  expect(keys()).toEqual(["/clear", "<Enter>"]);
  expect(finished()).toEqual([[true, ""]]);
});

test("A18 a clear is done when the CLI began another conversation; its Enter is pressed once meanwhile", async () => {
  it.observe({ type: "session.started", agent: ANN, session: "s-1" });
  await control("clear");
  await it.clock.pass(300);
  composer = "/clear";
  await it.clock.pass(5000);
  expect([keys(), finished()]).toEqual([["/clear", "<Enter>"], []]);
  it.observe({ type: "session.started", agent: ANN, session: "s-2" });
  await it.settle();
  await it.clock.pass(100);
  expect(finished()).toEqual([[true, ""]]);
});

test("A18 a clear after which no other conversation began within 10 s was none, and that is said", async () => {
  it.observe({ type: "session.started", agent: ANN, session: "s-1" });
  await control("clear");
  await it.clock.pass(300);
  for (let looks = 0; looks < 102; looks += 1) await it.clock.pass(100);
  expect(finished()).toEqual([[false, "it was typed, and the CLI began no new conversation within 10 s"]]);
});

test("A19 a prompt of ours that an interrupt put back into the composer is taken out for a clear, a person's text never", async () => {
  composer = "From user ⟦m:muster-1-000001⟧ do it ⟦/m:muster-1-000001⟧";
  await control("clear");
  expect(keys().every((key) => key === "<C-u>")).toBe(true);
  await it.clock.pass(100);
  await it.clock.pass(300);
  expect(keys().slice(-2)).toEqual(["/clear", "<Enter>"]);
  pressed = [];
  composer = "From user ⟦m:muster-1-000001⟧ do it ⟦/m:muster-1-000001⟧ and mine";
  await control("clear");
  await it.clock.pass(100);
  expect(keys()).toEqual([]);
});

test("a person who typed in between keeps the Enter: the command is taken back and tried again", async () => {
  await control("clear");
  composer = "/clearmy draft";
  await it.clock.pass(300);
  expect(keys()).toEqual(["/clear", "<C-u>"]);
  expect(finished()).toEqual([]);
  await it.clock.pass(100);
  await it.clock.pass(300);
  expect(keys()).toEqual(["/clear", "<C-u>", "/clear", "<Enter>"]);
});

test("nothing is typed into a draft, a dialog, a hidden composer or a busy CLI; after 30 s that is said", async () => {
  const obstacles: [string, () => void][] = [
    ["a draft", () => (composer = "hm")],
    ["a dialog", () => (isDialog = true)],
    ["a hidden composer", () => (composer = null)],
    ["a busy CLI", () => it.observe({ type: "agent.changed", agent: ANN, activity: "busy" })],
  ];
  for (const [what, place] of obstacles) {
    [composer, isDialog] = ["", false];
    it.observe({ type: "agent.changed", agent: ANN, activity: "idle" });
    place();
    await control("clear");
    for (let looks = 0; looks < 302; looks += 1) await it.clock.pass(100);
    expect([what, keys()]).toEqual([what, []]);
    expect(finished().at(-1)).toEqual([false, "the CLI did not become idle within 30 s; nothing was typed"]);
  }
  expect(finished()).toHaveLength(obstacles.length);
});

test("what was in the way and goes away in time is waited for", async () => {
  composer = "hm";
  await control("exit");
  await it.clock.pass(100);
  composer = "";
  await it.clock.pass(100);
  await it.clock.pass(300);
  expect(keys()).toEqual(["/exit", "<Enter>"]);
  expect(finished()).toEqual([[true, ""]]);
});

test("an interrupt is one Escape for a turn that runs", async () => {
  await control("interrupt");
  expect([keys(), finished()]).toEqual([[], [[false, "no turn is running"]]]);
  it.observe({ type: "agent.changed", agent: ANN, activity: "busy" });
  await control("interrupt");
  expect([keys(), finished().at(-1)]).toEqual([["<Escape>"], [true, ""]]);
});

/** What an earlier daemon left: a control whose last key it was about to press. */
async function leftTyped(action: ControlAction): Promise<void> {
  it.observe({ type: "agent.changed", agent: ANN, activity: "starting" });
  it.dispatch({ do: "control", agent: ANN, id: "c-0", action });
  it.observe({ type: "control.typed", agent: ANN, control: "c-0" });
  it.observe({ type: "agent.changed", agent: ANN, activity: action === "interrupt" ? "busy" : "idle" });
  await it.settle();
  await it.clock.pass(100);
}

test("a command that an earlier daemon wrote and did not send is sent, without writing it again", async () => {
  composer = "/clear";
  await control("clear");
  await it.clock.pass(300);
  expect(keys()).toEqual(["<Enter>"]);
  expect(finished()).toEqual([[true, ""]]);
});

test("a command whose Enter an earlier daemon meant to press is sent once: only if it still stands there", async () => {
  composer = "/clear";
  await leftTyped("clear");
  expect(keys()).toEqual(["<Enter>"]);
  await leftTyped("clear");
  expect(keys()).toEqual(["<Enter>"]);
  expect(finished()).toEqual([
    [true, ""],
    [true, ""],
  ]);
});

test("an interrupt that an earlier daemon meant to press is not pressed again, and that is said", async () => {
  await leftTyped("interrupt");
  expect([keys(), finished()]).toEqual([[], [[false, "the daemon died over it; look at the terminal"]]]);
});

test("a command that the CLI does not have, or a CLI that is gone, is said", async () => {
  await control("compact");
  expect(finished()).toEqual([[false, "standin has no command for compact"]]);
  it.dispatch({ do: "control", agent: ANN, id: "c-9", action: "clear" });
  it.observe({ type: "terminal.exited", agent: ANN, incarnation: 1, code: 0, signal: null });
  await it.settle();
  await it.clock.pass(300);
  expect(finished().some(([ok, reason]) => !ok && reason === "the agent is not running")).toBe(true);
});

test("a control waits for whoever types there", async () => {
  const release = await leases.take(ANN);
  await control("clear");
  expect(keys()).toEqual([]);
  release();
  await it.settle();
  expect(keys()).toEqual(["/clear"]);
  await it.clock.pass(300);
});

test("an answer is carried to the hook that waits, and whether it was heard is a fact", async () => {
  const told: unknown[] = [];
  for (const [question, isHeard] of [
    ["q-1", true],
    ["q-2", false],
  ] as const) {
    const house = new House();
    house.start(ANN);
    house.open(ANN);
    house.observe({ type: "permission.asked", agent: ANN, question, tool: "Bash", input: "ls" });
    const reactor = new AnswerReactor(async (agent, ...answer) => {
      told.push([agent.hire.agent, ...answer]);
      return isHeard;
    });
    house.run(reactor as never);
    await house.settle();
    house.dispatch({ do: "answer", agent: ANN, question, choice: "deny", reason: "no" });
    await house.settle();
    expect(house.facts("permission.told")).toMatchObject([{ agent: ANN, question, ok: isHeard }]);
    await house.end();
  }
  expect(told).toEqual([
    [ANN, "q-1", "deny", "no"],
    [ANN, "q-2", "deny", "no"],
  ]);
});

test("a lease is given in the order of asking, and each waits for the one before", async () => {
  const order: string[] = [];
  const mine = new Leases();
  const first = await mine.take(ANN);
  const second = mine.take(ANN).then((release) => {
    order.push("second");
    return release;
  });
  const third = mine.take(ANN).then(() => order.push("third"));
  await mine.take("other").then(() => order.push("other"));
  expect(order).toEqual(["other"]);
  first();
  (await second)();
  await third;
  expect(order).toEqual(["other", "second", "third"]);
});
