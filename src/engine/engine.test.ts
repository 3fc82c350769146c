import { afterEach, expect, test } from "bun:test";
import { ANN, BOB, hireOf } from "../../test/fakes/history.ts";
import { House } from "../../test/fakes/house.ts";
import { observe } from "../core/commands.ts";
import { openEngine, type Rule } from "./engine.ts";

const houses: House[] = [];
const house = (rules?: Rule[]): House => {
  const made = new House(rules);
  houses.push(made);
  return made;
};
afterEach(async () => {
  for (const made of houses.splice(0)) await made.end();
});
const notice = (text: string) => observe({ type: "notice.raised", level: "info", text });

test("what is granted is in the log, in the state and told to listeners, in this order", () => {
  const it = house();
  const seen: unknown[] = [];
  const stop = it.engine.subscribe((events) =>
    seen.push([events.map(({ seq }) => seq), it.state.seq, it.log.read(0).length]),
  );
  const events = it.dispatch({ do: "start", hire: hireOf(ANN) });
  expect(events).toMatchObject([{ type: "agent.hired", seq: 1, by: "user", at: it.clock.now() }]);
  expect(seen).toEqual([[[1], 1, 1]]);
  stop();
  it.dispatch({ do: "start", hire: hireOf(BOB) });
  expect(seen).toHaveLength(1);
});

test("what changes nothing is told to nobody", () => {
  const it = house();
  it.dispatch({ do: "start", hire: hireOf(ANN) });
  let told = 0;
  it.engine.subscribe(() => {
    told += 1;
  });
  expect(it.observe({ type: "agent.changed", agent: ANN, activity: "starting" })).toEqual([]);
  expect(told).toBe(0);
});

test("a rule answers a fact in the same transaction, as the daemon and with its cause", () => {
  const it = house([(_, event) => (event.type === "agent.hired" ? [notice("welcome")] : [])]);
  const told: string[][] = [];
  it.engine.subscribe((events) => told.push(events.map(({ type }) => type)));
  const events = it.dispatch({ do: "start", hire: hireOf(ANN) });
  expect(events).toMatchObject([
    { type: "agent.hired", by: "user" },
    { type: "notice.raised", by: "system", cause: 1 },
  ]);
  expect(told).toEqual([["agent.hired", "notice.raised"]]);
});

test("a rule's command that is refused becomes a notice, and the fact before it stands", () => {
  const it = house([(_, event) => (event.type === "agent.hired" ? [{ do: "stop", team: "x", reason: "" }] : [])]);
  it.dispatch({ do: "start", hire: hireOf(ANN) });
  expect(it.state.agents[ANN]).toBeDefined();
  expect(it.state.notices).toMatchObject([{ level: "warning", text: "a rule's stop was refused: no team x" }]);
});

test("a rule that fails, or answers itself for ever, undoes the whole command", () => {
  const endless: Rule = (_, event) => (event.type === "notice.raised" ? [notice(`${event.text}.`)] : []);
  const broken: Rule = (_, event) => {
    if (event.type === "agent.dismissed") throw new Error("a bug");
    return [];
  };
  const it = house([endless, broken]);
  it.dispatch({ do: "start", hire: hireOf(ANN) });
  expect(() => it.engine.dispatch(notice("a"), { kind: "daemon" })).toThrow("rules answer each other without end");
  expect(() => it.dispatch({ do: "kill", agent: ANN, reason: "x" })).toThrow("a bug");
  expect(it.log.read(0)).toHaveLength(1);
  expect([it.state.seq, it.state.notices, it.state.agents[ANN]?.dismissed]).toEqual([1, [], undefined]);
  it.dispatch({ do: "start", hire: hireOf(BOB) });
  expect(it.state.seq).toBe(2);
});

test("eight rules in a row are no loop", () => {
  const counting: Rule = (_, event) =>
    event.type === "notice.raised" && event.text.length < 9 ? [notice(`${event.text}.`)] : [];
  const it = house([counting]);
  it.engine.dispatch(notice("."), { kind: "daemon" });
  expect(it.state.notices).toHaveLength(9);
});

test("a refusal leaves no trace", () => {
  const it = house();
  expect(() => it.dispatch({ do: "kill", agent: ANN, reason: "x" })).toThrow("no agent");
  expect([it.log.read(0), it.state.seq]).toEqual([[], 0]);
});

test("what a listener dispatches is told after what it heard", () => {
  const it = house();
  const told: string[] = [];
  it.engine.subscribe((events) => {
    if (events[0]?.type === "agent.hired") it.observe({ type: "notice.raised", level: "info", text: "hello" });
    told.push(`first ${events[0]?.type}`);
  });
  it.engine.subscribe((events) => told.push(`second ${events[0]?.type}`));
  it.dispatch({ do: "start", hire: hireOf(ANN) });
  expect(told).toEqual([...["first agent.hired", "second agent.hired", "first notice.raised", "second notice.raised"]]);
});

test("a listener that fails keeps no other from hearing, now and later", () => {
  const it = house();
  const told: number[] = [];
  it.engine.subscribe(([event]) => {
    if (event?.seq === 1) it.observe({ type: "notice.raised", level: "info", text: "x" });
    if (event?.seq === 1) throw new Error("a bug");
  });
  it.engine.subscribe(([event]) => told.push(event?.seq ?? 0));
  expect(() => it.dispatch({ do: "start", hire: hireOf(ANN) })).toThrow("a bug");
  it.dispatch({ do: "start", hire: hireOf(BOB) });
  expect(told).toEqual([1, 2, 3]);
});

test("another engine over the same log has the same state", () => {
  const it = house();
  it.start(ANN);
  it.open(ANN);
  for (let n = 0; n < 30; n += 1) it.observe({ type: "notice.raised", level: "info", text: `${n}` });
  const again = openEngine({ log: it.log, clock: it.clock, rules: [] });
  expect(again.state).toEqual(it.state);
});
