import { expect, test } from "bun:test";
import { PairHouse } from "../../test/fakes/pair-house.ts";
import { statsOf } from "../core/stats/stats.ts";
import { tallyOf } from "./stats-routes.ts";

test("a log is counted once: a further question reads only what came since", async () => {
  const house = new PairHouse();
  const first = tallyOf(house.log);
  expect(first.seq).toBe(house.state.seq);
  expect(statsOf(first, "pair", house.clock.now())?.members.map(({ seat }) => seat)).toEqual(["PeerA", "PeerB"]);
  const before = statsOf(first, "pair", 0)?.waited.pausedMs;
  const reads: number[] = [];
  const { read } = house.log;
  house.log.read = (after, limit) => {
    reads.push(after);
    return read(after, limit);
  };
  const since = house.state.seq;
  house.dispatch({ do: "pause", team: "pair" });
  expect(tallyOf(house.log)).toBe(first);
  expect(reads).toEqual([since]);
  expect([before, first.teams.pair?.pausedSince]).toEqual([0, house.clock.now()]);
  await house.end();
});
