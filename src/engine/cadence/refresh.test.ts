import { afterEach, expect, test } from "bun:test";
import { ANN, BOB } from "../../../test/fakes/history.ts";
import { PairHouse } from "../../../test/fakes/pair-house.ts";
import { RefreshReactor } from "./refresh.ts";

let it: PairHouse;
afterEach(() => it.end());

function house(): void {
  it = new PairHouse();
  const refreshText = async (_: unknown, seat: string) => `all of it for ${seat}`;
  it.run(new RefreshReactor({ state: () => it.state, refreshText }) as never);
}

test("P24 a refresh brings the whole text to the member that it was asked for, once for each request", async () => {
  house();
  it.dispatch({ do: "ask", team: "pair", agent: BOB, beat: "refresh" });
  await it.settle();
  expect(it.told(BOB).map(({ text }) => text)).toEqual(["all of it for PeerB"]);
  expect(it.told(ANN)).toEqual([]);
  await it.clock.pass(60_000);
  expect(it.told(BOB)).toHaveLength(1);
  it.dispatch({ do: "ask", team: "pair", agent: BOB, beat: "refresh" });
  await it.settle();
  expect(it.told(BOB)).toHaveLength(2);
});

test("P24 a refresh that a crash cut short is not sent twice", async () => {
  house();
  it.dispatch({ do: "ask", team: "pair", agent: ANN, beat: "refresh" });
  const reactor = new RefreshReactor({ state: () => it.state, refreshText: async () => "text" });
  const [task] = reactor.pending(it.state).values();
  if (!task) throw new Error("nothing to do");
  const [first] = (await reactor.perform(task)).commands ?? [];
  const [second] = (await reactor.perform(task)).commands ?? [];
  expect(first).toEqual(second as never);
  await it.settle();
});

test("a member that was dismissed gets none", async () => {
  house();
  it.dispatch({ do: "kill", agent: BOB, reason: "x" });
  it.dispatch({ do: "ask", team: "pair", agent: BOB, beat: "refresh" });
  await it.settle();
  expect(it.told(BOB)).toEqual([]);
});
