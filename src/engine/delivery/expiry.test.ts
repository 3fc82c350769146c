import { afterEach, beforeEach, expect, test } from "bun:test";
import { ANN, BOB, hireOf } from "../../../test/fakes/history.ts";
import { House } from "../../../test/fakes/house.ts";
import { DAEMON, SYSTEM, USER } from "../../core/ids.ts";
import { ExpiryReactor } from "./expiry.ts";
import { returnRule } from "./returns.ts";

const HOUR = 3_600_000;
const PAIR = [ANN, BOB].map((agent, at) => ({ agent, driver: "standin", seat: ["PeerA", "PeerB"][at] ?? "" }));

let it: House;
let withdrawn: string[];
beforeEach(() => {
  it = new House([returnRule]);
  withdrawn = [];
  const hires = PAIR.map(({ agent, seat }) => hireOf(agent, { team: "pair", seat }));
  it.dispatch({ do: "form", team: "pair", topology: "pair", repo: "/r", seats: PAIR, hires, letters: [] });
  for (const agent of [ANN, BOB]) it.open(agent);
});
afterEach(() => it.end());

function run(lifetime = 24 * HOUR): void {
  const world = {
    clock: it.clock,
    state: () => it.state,
    record: (command: Parameters<House["dispatch"]>[0]) => void it.dispatch(command, DAEMON),
    withdraw: async (message: { mid: string }) => void withdrawn.push(message.mid),
  };
  it.run(new ExpiryReactor(world, lifetime) as never);
}
const send = (mid: string, from: string, to: string) =>
  it.dispatch({ do: "send", letter: { mid, from, to, kind: "letter", text: `text of ${mid}` } }, DAEMON);
const waits = (mid: string, reason: string) => it.observe({ type: "message.waiting", mid, reason });
const ends = () => Object.values(it.state.messages).map(({ mid, state }) => [mid, state]);
const returns = () =>
  Object.values(it.state.messages)
    .filter(({ from }) => from === SYSTEM)
    .map(({ to, preview }) => [to, preview]);
const died = (mid: string, reason = "gone") => it.observe({ type: "message.died", mid, reason });

test("F19 what could not be delivered for 24 hours dies with what kept it, and its sender gets it back", async () => {
  send("m-1", ANN, BOB);
  waits("m-1", "a person's draft stands in the composer");
  run();
  await it.clock.pass(24 * HOUR - 2);
  expect(ends()).toEqual([["m-1", "queued"]]);
  send("m-2", ANN, BOB);
  await it.clock.pass(2);
  const reason = "not delivered within 24 h: a person's draft stands in the composer";
  expect(it.state.messages["m-1"]).toMatchObject({ state: "dead", reason });
  expect(it.state.messages["m-2"]?.state).toBe("queued");
  expect(withdrawn).toEqual(["m-1"]);
  expect(returns()).toEqual([
    [
      ANN,
      expect.stringMatching(/^Message m-1 to PeerB was not delivered: not delivered within 24 h: a person's draft/),
    ],
  ]);
});

test("F19 returns never return: what Muster wrote itself just ends", async () => {
  run(HOUR);
  send("m-1", ANN, BOB);
  await it.clock.pass(HOUR);
  expect(returns()).toHaveLength(1);
  await it.clock.pass(HOUR);
  await it.clock.pass(HOUR);
  expect(Object.values(it.state.messages).map(({ state }) => state)).toEqual(["dead", "dead"]);
  expect(returns()).toHaveLength(1);
});

test("F19 what was typed may have arrived: it ends uncertain, its file stays, and its sender is told just that", async () => {
  run(HOUR);
  send("m-1", ANN, BOB);
  it.observe({ type: "message.typing", mid: "m-1", attempt: 1, incarnation: 1, nextAt: 0 });
  await it.clock.pass(HOUR);
  expect(it.state.messages["m-1"]).toMatchObject({
    ...{ state: "uncertain", reason: "typed, and not seen to arrive within 1 h" },
  });
  expect(withdrawn).toEqual([]);
  expect(returns()[0]?.[1]).toContain("to PeerB may not have arrived: typed");
});

test("a daemon that was away for days delivers first, for ten minutes", async () => {
  send("m-1", ANN, BOB);
  await it.clock.pass(72 * HOUR);
  run();
  await it.clock.pass(599_999);
  expect(ends()).toEqual([["m-1", "queued"]]);
  await it.clock.pass(1);
  expect(ends()[0]).toEqual(["m-1", "dead"]);
});

test("a person is told by a notice, unless they ended the agent themselves", () => {
  send("m-1", USER, ANN);
  died("m-1");
  const text = "Message m-1 to PeerA was not delivered: gone. It began: text of m-1";
  expect(it.state.notices).toMatchObject([{ level: "warning", text, about: ANN }]);
  send("m-2", USER, ANN);
  it.dispatch({ do: "kill", agent: ANN, reason: "killed by user" });
  expect(it.state.messages["m-2"]?.state).toBe("dead");
  expect(it.state.notices).toHaveLength(1);
});

test("nobody is told whose job's end says it already, or who has ended", () => {
  const solo = "c0000003";
  it.start(solo, "m-prompt");
  it.open(solo);
  it.observe({ type: "terminal.exited", agent: solo, incarnation: 1, code: 1, signal: null });
  died("m-prompt");
  expect(it.state.notices).toEqual([]);
  send("m-1", solo, ANN);
  died("m-1");
  send("m-2", BOB, ANN);
  it.dispatch({ do: "stop", team: "pair", reason: "stopped by user" });
  expect(it.state.messages["m-2"]?.state).toBe("dead");
  expect(returns()).toEqual([]);
});

test("A8 A39 the prompt of a job that waits for others does not age until its terminal is opened", async () => {
  const job = { id: "c0000003", mid: "m-late", prompt: "x" };
  it.dispatch({ do: "start", hire: hireOf("c0000003"), job });
  run();
  await it.clock.pass(72 * HOUR);
  expect(it.state.messages["m-late"]?.state).toBe("queued");
  send("m-young", ANN, BOB);
  it.observe({ type: "terminal.opening", agent: "c0000003", incarnation: 1 });
  await it.settle();
  await it.clock.pass(24 * HOUR - 1);
  expect(ends()).toContainEqual(["m-late", "queued"]);
  await it.clock.pass(1);
  expect(ends()).toContainEqual(["m-late", "dead"]);
  await it.clock.pass(1);
  expect(ends()).toContainEqual(["m-young", "dead"]);
});
