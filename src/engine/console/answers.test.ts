import { afterEach, beforeEach, expect, test } from "bun:test";
import { ANN, BOB } from "../../../test/fakes/history.ts";
import { PairHouse } from "../../../test/fakes/pair-house.ts";
import type { Message, Patch } from "../../core/state.ts";
import { rfdRules } from "../rfd/rules.ts";
import { lockLines, queueLines, rfdLines, whyLines } from "./answers.ts";

let it: PairHouse;
beforeEach(() => {
  it = new PairHouse({ rules: [...rfdRules] });
});
afterEach(() => it.end());

const queue = () => queueLines(it.state, it.team);
const why = (...words: string[]) => whyLines(it.state, it.team, words, { now: it.clock.now() });

function letter(mid: string, more: Partial<Message> = {}): void {
  it.write(ANN, BOB, `about ${mid}`, { mid });
  // A rule held it and told its author so.
  for (const one of Object.values(it.state.messages)) if (one.from === "system") delete it.state.messages[one.mid];
  Object.assign(it.state.messages[mid] ?? {}, { held: undefined, ...more });
}

function patch(id: string, more: Partial<Patch> = {}): void {
  const known = { id, team: "pair", author: ANN, title: `T ${id}`, state: "queued", steps: [] };
  it.state.patches[id] = { ...known, ...more } as unknown as Patch;
}

function refusal(...words: string[]): unknown[] {
  try {
    why(...words);
  } catch (error) {
    const { code, message, hint } = error as { code?: string; message: string; hint?: string };
    return [code, message, hint];
  }
  return [];
}

test("P31 a letter that waits is told with its way, its words and why", () => {
  letter("m-1", { reason: "" });
  letter("m-2", { reason: "the agent is busy" });
  letter("m-3", { held: { rule: "damping", reason: "no evidence" }, reason: "the agent is busy" });
  expect(queue()).toEqual([
    "m-1  PeerA to PeerB: about m-1  [waits its turn]",
    "m-2  PeerA to PeerB: about m-2  [the agent is busy]",
    "m-3  PeerA to PeerB: about m-3  [held (damping): no evidence]",
  ]);
});

test("P31 what was delivered, and what other teams wait for, is not on its way here", () => {
  letter("m-1", { state: "delivered" });
  letter("m-2", { team: "other" });
  patch("P-1", { team: "other" });
  patch("P-2", { state: "refused" });
  expect(queue()).toEqual(["nothing waits"]);
});

test("P31 a patch that waits is told with its reason, else with its last step", () => {
  patch("P-1");
  patch("P-2", { steps: [{ step: "apply" }, { step: "test" }] as never });
  patch("P-3", { reason: "the tree is dirty", steps: [{ step: "test" }] as never });
  expect(queue()).toEqual([
    'P-1  "T P-1"  [waits its turn]',
    'P-2  "T P-2"  [test done]',
    'P-3  "T P-3"  [the tree is dirty]',
  ]);
});

test("P31 thirty lines are told whole; of more the first thirty, and how many are left", () => {
  for (let n = 1; n <= 30; n += 1) patch(`P-${n}`);
  expect(queue()).toHaveLength(30);
  patch("P-31");
  patch("P-32");
  const lines = queue();
  expect([lines.length, lines[29]?.slice(0, 4), lines[30]]).toEqual([31, "P-30", "and 2 more"]);
});

test("P51 claims are told until their time is over", () => {
  const now = it.clock.now();
  it.team.locks = [
    { agent: ANN, files: ["a.ts", "b.ts"], until: now + 61_000, mid: "m-1" },
    { agent: BOB, files: ["c.ts"], until: now, mid: "m-2" },
  ] as never;
  expect(lockLines(it.state, it.team, now)).toEqual(["PeerA  a.ts b.ts  another 1m  (m-1)"]);
  expect(lockLines(it.state, it.team, now + 61_000)).toEqual(["nobody claims a file"]);
});

test("P50 requests are told while they are open, with those who have not signed", () => {
  expect(rfdLines(it.state, it.team)).toEqual(["nothing is to be decided"]);
  const open = (rfd: string, team: string) =>
    it.observe({ type: "rfd.opened", rfd, team, kind: "msg", author: ANN, title: `T ${rfd}`, tasks: [] });
  open("r-1", "pair");
  open("r-2", "other");
  open("r-3", "pair");
  it.dispatch({ do: "sign", rfd: "r-3", decision: "reject", channel: "cli" });
  expect(rfdLines(it.state, it.team)).toEqual(["r-1  T r-1  [waits for PeerA, PeerB, user]"]);
});

test("a word names a patch or a letter by its beginning of four characters or more, when that is one alone", () => {
  patch("P-1000");
  letter("mast-1");
  expect([why("P-10")[0], why("mast")[0]]).toEqual(["patch P-1000 is queued", "message mast-1 is queued"]);
  patch("P-1001");
  expect(refusal("P-10")).toEqual(["usage", "P-10 is ambiguous", "it could be P-1000, P-1001"]);
  for (let n = 2; n < 9; n += 1) patch(`P-100${n}`);
  expect(refusal("P-10")[2]).toBe("it could be P-1000, P-1001, P-1002, P-1003, P-1004");
});

test("a word that names nothing says what could be named; one that names several agents, which", () => {
  const missing = (given: string) => [
    ...["missing", `nothing is called ${given}`, "an id of a message, patch, agent, job or team"],
  ];
  expect([refusal("zzzz"), refusal()]).toEqual([missing("zzzz"), missing("")]);
  it.start(`${ANN.slice(0, 6)}99`);
  expect(refusal(ANN.slice(0, 5))[1]).toBe(`${ANN.slice(0, 5)} is ambiguous`);
});

test("a seat, in any case, is its agent; the Foreman is the team's", () => {
  expect([why("PEERB")[0], why("Foreman")[0]]).toEqual([...[`PeerB (${BOB}) is idle`, why("foreman")[0]]] as string[]);
  expect(why("FOREMAN")).toEqual(why("pair", "foreman"));
});

test("an answer says what is so, because of what, by which rule, its parts, and what would change it", () => {
  const lines = why("PeerA", "KEEPALIVE");
  expect(lines).toEqual(why(ANN, "keepalive"));
  expect(lines.map((line) => line.split(" ")[0])).toEqual(["keepalive", "because", "rule:", "changes"]);
  expect(why("PeerB").find((line) => line.startsWith("board:"))).toBe(
    "board: it was not asked yet; the next self-check asks",
  );
});
