import { beforeEach, expect, test } from "bun:test";
import { ANN, BOB, History, hireOf } from "../../../test/fakes/history.ts";
import type { Fact } from "../facts.ts";

let history: History;

beforeEach(() => {
  history = new History();
  const seats = [
    { seat: "PeerA", agent: ANN, driver: "standin" },
    { seat: "PeerB", agent: BOB, driver: "standin" },
  ];
  const hires = seats.map(({ seat, agent }) => hireOf(agent, { team: "pair", seat }));
  history.dispatch({ do: "form", team: "pair", topology: "pair", repo: "/r", seats, hires, letters: [] });
});

const team = () => history.state.teams.pair;
const claims = () => team()?.locks.map(({ agent, mid, files }) => [agent, mid, ...files]);
const took = (agent: string, mid: string, files: string[], ttlMs = 1000, name = "pair") =>
  history.fold([{ type: "lock.taken", team: name, agent, mid, files, ttlMs }]);
const opened = (more: object = {}) =>
  history.fold([
    {
      ...{ type: "rfd.opened", rfd: "rfd-1", team: "pair", kind: "msg", author: ANN, title: "T", tasks: ["1"] },
      ...more,
    } as Fact,
  ]);

test("P51 a claim lasts its time from when it was made", () => {
  const at = history.at;
  took(ANN, "m-1", ["a"], 250);
  expect(team()?.locks).toEqual([{ agent: ANN, files: ["a"], mid: "m-1", ttlMs: 250, until: at + 250 }]);
});

test("P51 the same letter of the same author renews its claim; other claims stay", () => {
  took(ANN, "m-1", ["a"]);
  took(ANN, "m-2", ["b"]);
  took(BOB, "m-1", ["c"]);
  took(ANN, "m-1", ["d"]);
  expect(claims()).toEqual([
    [ANN, "m-2", "b"],
    [BOB, "m-1", "c"],
    [ANN, "m-1", "d"],
  ]);
});

test("P51 claims whose time is over are forgotten with the next claim, at their last moment too", () => {
  took(ANN, "m-1", ["a"], 1);
  took(ANN, "m-2", ["b"], 3);
  took(BOB, "m-3", ["c"]);
  expect(claims()).toEqual([
    [ANN, "m-2", "b"],
    [BOB, "m-3", "c"],
  ]);
});

test("facts about a team or a request that nobody knows change nothing", () => {
  const before = structuredClone({ teams: history.state.teams, rfds: history.state.rfds });
  took(ANN, "m-1", ["a"], 1, "other");
  history.fold([
    { type: "tree.seen", team: "other", head: "h", unqueued: [], commits: [] },
    { type: "rfd.signed", rfd: "rfd-9", signer: BOB, decision: "approve", reason: "" },
    { type: "rfd.decided", rfd: "rfd-9", decision: "approve", decider: BOB },
    { type: "rfd.questioned", rfd: "rfd-9", asker: "user" },
  ]);
  expect({ teams: history.state.teams, rfds: history.state.rfds }).toEqual(before);
});

test("P50 a card keeps who signed when its text changes, and who decided it, when and where", () => {
  opened();
  const signedAt = history.at;
  history.fold([{ type: "rfd.signed", rfd: "rfd-1", signer: BOB, decision: "reject", reason: "late" }]);
  const againAt = history.at;
  opened({ title: "U", patch: "P-1", sha: "s", mid: "m-1", kind: "large" });
  const decidedAt = history.at;
  history.fold([{ type: "rfd.decided", rfd: "rfd-1", decision: "approve", decider: "user", channel: "web" }]);
  expect(history.state.rfds["rfd-1"]).toEqual({
    ...{ id: "rfd-1", team: "pair", kind: "large", author: ANN, title: "U", tasks: ["1"] },
    ...{ patch: "P-1", sha: "s", mid: "m-1", at: againAt },
    signatures: [{ by: BOB, decision: "reject", reason: "late", at: signedAt }],
    decided: { decision: "approve", by: "user", channel: "web", at: decidedAt },
  });
});

test("P52 what git shows of a repository is kept as it was last seen", () => {
  const seen = { head: "h", unqueued: [{ path: "a" }], commits: [{ id: "c", subject: "s" }] };
  history.fold([{ type: "tree.seen", team: "pair", ...seen }]);
  expect(team()?.tree).toEqual(seen);
});
