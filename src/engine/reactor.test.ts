import { afterEach, beforeEach, expect, test } from "bun:test";
import { ANN, BOB, hireOf } from "../../test/fakes/history.ts";
import { House } from "../../test/fakes/house.ts";
import { observe } from "../core/commands.ts";
import type { State } from "../core/state.ts";
import type { Performed, Reactor } from "./reactor.ts";

let it: House;
beforeEach(() => {
  it = new House();
});
afterEach(() => it.end());

/** Greets every agent once; what it was asked to do is written down. */
class Greeter implements Reactor<string> {
  constructor(readonly name = "greeter") {}

  answers?: Reactor<string>["answers"];
  readonly performed: string[] = [];
  answer: (agent: string) => Performed | Promise<Performed> = () => ({});

  pending(state: State): Map<string, string> {
    return new Map(Object.keys(state.agents).map((agent) => [agent, agent]));
  }

  async perform(agent: string): Promise<Performed> {
    this.performed.push(agent);
    return this.answer(agent);
  }
}

const greeting = (agent: string) =>
  observe({ type: "notice.raised", level: "info", text: `hello ${agent}`, about: agent });

test("what the state owes is done at once, and again only when a fact touches it", async () => {
  const greeter = new Greeter();
  it.dispatch({ do: "start", hire: hireOf(ANN) });
  it.run(greeter as never);
  await it.settle();
  expect(greeter.performed).toEqual([ANN]);
  it.dispatch({ do: "start", hire: hireOf(BOB) });
  await it.settle();
  expect(greeter.performed).toEqual([ANN, BOB]);
  it.observe({ type: "agent.changed", agent: ANN, activity: "idle" });
  await it.settle();
  expect(greeter.performed).toEqual([ANN, BOB, ANN]);
  await it.clock.pass(600_000);
  expect(greeter.performed).toHaveLength(3);
});

test("a reactor that names the facts it answers is not woken by others", async () => {
  const greeter = new Greeter();
  greeter.answers = ["agent.hired"];
  it.run(greeter as never);
  it.dispatch({ do: "start", hire: hireOf(ANN) });
  await it.settle();
  expect(greeter.performed).toEqual([ANN]);
  it.observe({ type: "agent.changed", agent: ANN, activity: "idle" });
  await it.settle();
  expect(greeter.performed).toEqual([ANN]);
});

test("what changed outside the log wakes all reactors, or the one that looks at it", async () => {
  const [one, two] = [new Greeter("one"), new Greeter("two")];
  it.dispatch({ do: "start", hire: hireOf(ANN) });
  const reactors = it.run(one as never, two as never);
  await it.settle();
  reactors.wakeOne("two", ANN);
  await it.settle();
  expect([one.performed, two.performed]).toEqual([[ANN], [ANN, ANN]]);
  reactors.wake(ANN);
  await it.settle();
  expect([one.performed, two.performed]).toEqual([
    [ANN, ANN],
    [ANN, ANN, ANN],
  ]);
});

test("work that one reactor makes possible for others without a fact is found at once", async () => {
  const [door, guest] = [new Greeter("door"), new Greeter("guest")];
  let isOpen = false;
  guest.pending = () => new Map(isOpen ? [[ANN, ANN]] : []);
  const opened = Promise.withResolvers<void>();
  door.answer = async () => {
    await opened.promise;
    isOpen = true;
    return { opensWork: true };
  };
  it.dispatch({ do: "start", hire: hireOf(ANN) });
  it.run(guest as never, door as never);
  await it.settle();
  opened.resolve();
  await it.settle();
  expect(guest.performed).toEqual([ANN]);
});

test("a message's facts touch its recipient", async () => {
  const greeter = new Greeter();
  it.start(ANN, "m-1");
  it.start(BOB, "m-2");
  it.run(greeter as never);
  await it.settle();
  greeter.performed.length = 0;
  it.observe({ type: "message.waiting", mid: "m-2", reason: "x" });
  await it.settle();
  expect(greeter.performed).toEqual([BOB]);
});

/** A greeter in the middle of its first task, which ends when `doing` does. */
async function greetingAnn() {
  const greeter = new Greeter();
  const doing = Promise.withResolvers<Performed>();
  greeter.answer = () => doing.promise;
  it.dispatch({ do: "start", hire: hireOf(ANN) });
  const reactors = it.run(greeter as never);
  await it.settle();
  return { greeter, doing, reactors };
}

test("what a task says becomes facts; one task of a key runs at a time", async () => {
  const { greeter, doing, reactors } = await greetingAnn();
  it.observe({ type: "agent.changed", agent: ANN, activity: "idle" });
  await it.settle();
  expect(greeter.performed).toEqual([ANN]);
  greeter.answer = () => ({});
  doing.resolve({ commands: [greeting(ANN)] });
  await reactors.drain();
  expect(it.state.notices.map(({ text }) => text)).toEqual([`hello ${ANN}`]);
  expect(greeter.performed).toEqual([ANN, ANN]);
});

test("a task that wants to look again does so after its time, the latest wish counting", async () => {
  const greeter = new Greeter();
  const wishes = [5000, 1000];
  greeter.answer = () => ({ again: wishes.shift() });
  it.dispatch({ do: "start", hire: hireOf(ANN) });
  const reactors = it.run(greeter as never);
  await it.settle();
  expect(it.clock.next).toBe(5000);
  reactors.wake(ANN);
  await it.settle();
  expect(it.clock.next).toBe(1000);
  await it.clock.pass(999);
  expect(greeter.performed).toHaveLength(2);
  await it.clock.pass(1);
  expect(greeter.performed).toHaveLength(3);
  expect(it.clock.next).toBeNull();
});

test("a wake is for the ids it names", async () => {
  const greeter = new Greeter();
  for (const agent of [ANN, BOB]) it.dispatch({ do: "start", hire: hireOf(agent) });
  const reactors = it.run(greeter as never);
  await it.settle();
  reactors.wake(BOB);
  await it.settle();
  expect(greeter.performed).toEqual([ANN, BOB, BOB]);
});

test("a failing task is said once for each reason, and tried again every second", async () => {
  const greeter = new Greeter();
  let reason = "no disk";
  greeter.answer = () => {
    throw new Error(reason);
  };
  it.dispatch({ do: "start", hire: hireOf(ANN) });
  const { error } = console;
  console.error = () => {};
  try {
    it.run(greeter as never);
    await it.settle();
    for (let second = 0; second < 3; second += 1) await it.clock.pass(1000);
    expect(greeter.performed).toHaveLength(4);
    reason = "no tmux";
    await it.clock.pass(1000);
  } finally {
    console.error = error;
  }
  expect(it.state.notices.map(({ level, text }) => [level, text])).toEqual([
    ["error", `greeter ${ANN} failed: no disk`],
    ["error", `greeter ${ANN} failed: no tmux`],
  ]);
});

test("after a stop nothing is begun, and what runs is waited for", async () => {
  const { greeter, doing, reactors } = await greetingAnn();
  let hasStopped = false;
  const stopping = reactors.stop().then(() => {
    hasStopped = true;
  });
  await it.settle();
  expect(hasStopped).toBe(false);
  doing.resolve({});
  await stopping;
  it.dispatch({ do: "start", hire: hireOf(BOB) });
  reactors.wake(ANN);
  await it.settle();
  expect(greeter.performed).toEqual([ANN]);
});
