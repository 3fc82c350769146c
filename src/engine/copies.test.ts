import { afterEach, expect, test } from "bun:test";
import { ANN, BOB } from "../../test/fakes/history.ts";
import { PairHouse } from "../../test/fakes/pair-house.ts";
import type { LedgerLine } from "../core/ledger-kinds.ts";
import { CopyReactor, copyKey } from "./copies.ts";

let it: PairHouse;
let copied: LedgerLine[];
let covered: number;
let files: Record<string, unknown>;
let torn: number;
afterEach(() => it.end());

function house(): ReturnType<PairHouse["run"]> {
  it = new PairHouse({ changes: { policies: { handoff_filter: { enabled: false } } } });
  [copied, covered, files, torn] = [[], 0, {}, 0];
  return it.run(
    new CopyReactor({
      clock: it.clock,
      log: it.log,
      state: () => it.state,
      lastCopied: async (_, tell) => {
        if (torn > 0) tell(torn);
        torn = 0;
        return covered;
      },
      append: async (_, lines, upTo) => {
        copied.push(...lines);
        covered = upTo;
      },
      write: async (_, name, value) => {
        files[name] = value;
      },
    }) as never,
  );
}

test("P37 every fact of a team is copied once, in order, together with how the team is", async () => {
  const reactors = house();
  await it.settle();
  it.write(ANN, BOB, "Progress: one");
  reactors.wake(copyKey("pair"));
  await it.clock.pass(500);
  it.write(BOB, ANN, "Progress: two");
  reactors.wake(copyKey("pair"));
  await it.clock.pass(500);
  const ids = copied.map(({ id }) => id);
  expect(ids).toEqual(ids.toSorted((a, b) => a - b));
  expect(copied.filter(({ kind }) => kind === "event-progress").map(({ text }) => text)).toEqual(["one", "two"]);
  expect(copied.filter(({ kind }) => kind === "start")).toHaveLength(1);
  expect(files.status).toMatchObject({ team: "pair", isSolo: false });
  expect(files.session).toMatchObject({
    team: "pair",
    session: "muster-pair",
    seats: [{ seat: "PeerA", agent: ANN }, { seat: "PeerB" }],
  });
});

test("P37 copies are written at most every half second, and nothing without news", async () => {
  const reactors = house();
  await it.settle();
  const before = copied.length;
  it.write(ANN, BOB, "Progress: one");
  reactors.wake(copyKey("pair"));
  await it.clock.pass(499);
  expect(copied).toHaveLength(before);
  await it.clock.pass(1);
  expect(copied.length).toBeGreaterThan(before);
  files = {};
  reactors.wake(copyKey("pair"));
  await it.clock.pass(1000);
  expect(files).toEqual({});
});

test("P37 half a line that was put aside is said once", async () => {
  house();
  torn = 15;
  await it.settle();
  expect(it.state.notices.map(({ text }) => text)).toEqual([
    "half a line (15 bytes) of pair's ledger file is in ledger.bad now",
  ]);
});
