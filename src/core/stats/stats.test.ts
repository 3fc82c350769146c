import { expect, test } from "bun:test";
import { ANN, BOB } from "../../../test/fakes/history.ts";
import { Book, PATCH, SECOND } from "../../../test/fakes/stats-book.ts";
import type { Event, Fact } from "../facts.ts";
import { count } from "./count.ts";
import { statsOf } from "./stats.ts";
import { newTally } from "./tally.ts";

test("letters are counted by whose words they are, in bytes and in tokens that are an estimate", () => {
  const book = new Book();
  book.letter("u", "user", ANN, "letter", { size: 41 });
  book.letter("r", ANN, "user", "letter", { size: 3 });
  book.letter("p", ANN, BOB, "letter", { size: 100 });
  book.letter("s", "system", BOB, "system", { size: 9 });
  book.letter("n", "system", BOB, "nudge", { size: 8 });
  book.letter("x", "user", "c0000003");
  expect(book.stats.letters).toEqual({
    user: { count: 2, bytes: 44, tokens: 11 },
    peer: { count: 1, bytes: 100, tokens: 25 },
    system: { count: 1, bytes: 9, tokens: 3 },
    nudge: { count: 1, bytes: 8, tokens: 2 },
  });
  expect(book.stats.tokens).toEqual({ coordination: 30, work: 11 });
});

test("a letter is counted in its own team, also where a member of none sends it to the user", () => {
  const book = new Book();
  book.letter("t", "system", "user", "system", { team: "pair" });
  book.letter("o", "system", "user", "system", { team: "other" });
  book.letter("y", "system", "user", "system");
  expect(book.stats.letters.system.count).toBe(1);
});

test("a turn that only peers, the System or a nudge began and that brought nothing is coordination", () => {
  const book = new Book();
  book.letter("p", ANN, BOB);
  book.turn(BOB, 30, "p");
  book.letter("s", "system", BOB, "system");
  book.turn(BOB, 5, "s");
  expect(book.stats.turns).toEqual({ work: 0, coordination: 2, workMs: 0, coordinationMs: 35 * SECOND });
  expect(book.stats.share).toBe(1);
});

test("a turn that the user began, or nobody, is work", () => {
  const book = new Book();
  book.letter("p", BOB, ANN);
  book.letter("u", "user", ANN);
  book.add({ type: "message.delivered", mid: "p", evidence: "transcript" });
  book.turn(ANN, 10, "u");
  book.turn(ANN, 20);
  expect(book.stats.turns).toEqual({ work: 2, coordination: 0, workMs: 30 * SECOND, coordinationMs: 0 });
  expect(book.stats.share).toBe(0);
});

test("what began one turn does not begin the next, also when its receipt comes after the end", () => {
  const book = new Book();
  book.letter("p", ANN, BOB);
  book.turn(BOB, 4, "p");
  book.add({ type: "message.delivered", mid: "p", evidence: "transcript" });
  book.turn(BOB, 6);
  expect(book.stats.turns).toEqual({ work: 1, coordination: 1, workMs: 6 * SECOND, coordinationMs: 4 * SECOND });
});

test("a letter that is typed before the end of the last turn was seen belongs to the next turn", () => {
  const book = new Book();
  book.letter("s", "system", BOB, "system");
  book.letter("u", "user", BOB);
  book.add({ type: "message.typing", mid: "s", attempt: 1, incarnation: 1, nextAt: 0 });
  book.add({ type: "turn.started", agent: BOB });
  book.wait(3).add({ type: "message.typing", mid: "u", attempt: 1, incarnation: 1, nextAt: 0 });
  book.add({ type: "turn.ended", agent: BOB, outcome: "done", summary: "" });
  book.turn(BOB, 5);
  expect(book.stats.turns).toEqual({ work: 1, coordination: 1, workMs: 5 * SECOND, coordinationMs: 3 * SECOND });
  book.add({ type: "message.delivered", mid: "u", evidence: "transcript" });
  book.letter("p", ANN, BOB);
  book.turn(BOB, 1, "p");
  expect(book.stats.turns.coordination).toBe(2);
});

test("what arrives in a turn came into it: a user's word makes it work, and begins no other", () => {
  for (const isTyped of [true, false]) {
    const book = new Book();
    book.letter("p", ANN, BOB);
    book.letter("u", "user", BOB, "letter", { urgent: true });
    book.add({ type: "message.typing", mid: "p", attempt: 1, incarnation: 1, nextAt: 0 });
    book.add({ type: "turn.started", agent: BOB });
    if (isTyped) book.add({ type: "message.typing", mid: "u", attempt: 1, incarnation: 1, nextAt: 0 });
    book.add({ type: "message.delivered", mid: "u", evidence: "receipt" });
    book.add({ type: "turn.ended", agent: BOB, outcome: "done", summary: "" });
    book.letter("q", ANN, BOB);
    book.turn(BOB, 1, "q");
    expect(book.stats.turns).toMatchObject({ work: 1, coordination: 1 });
  }
});

test("a user's letter that a nudge names makes the turn of the nudge work", () => {
  const book = new Book();
  book.letter("u", "user", BOB);
  book.letter("n", "system", BOB, "nudge", { covers: ["u"] });
  book.turn(BOB, 4, "n");
  expect(book.stats.turns.work).toBe(1);
});

const CITED = { mid: "p", team: "pair", author: BOB, ref: "commit:1" };

test("a patch, a commit, verified evidence or a changed file makes a peer's turn work, also when it is seen after its end", () => {
  const fruits: [string, Fact[]][] = [
    ["a patch", [{ type: "patch.received", ...PATCH }]],
    [
      "verified evidence",
      [
        { type: "evidence.cited", ...CITED },
        { type: "evidence.judged", mid: "p", ref: "commit:1", verdict: "verified", detail: "" },
      ],
    ],
    [
      "a changed file",
      [{ type: "tree.seen", team: "pair", head: "1", unqueued: [{ path: "a", agent: BOB }], commits: [] }],
    ],
    ["a commit", [{ type: "tree.seen", team: "pair", head: "1", unqueued: [], commits: [{ id: "1", subject: "" }] }]],
  ];
  for (const [name, facts] of fruits) {
    const book = new Book();
    book.letter("p", ANN, BOB);
    book.turn(BOB, 7, "p");
    book.add(...facts);
    expect([name, book.stats.turns.workMs]).toEqual([name, 7 * SECOND]);
    book.letter("q", ANN, BOB);
    book.turn(BOB, 3, "q");
    expect([name, book.stats.turns.coordinationMs]).toEqual([name, 3 * SECOND]);
  }
});

test("a letter to somebody who is no member is counted in its team and begins nothing", () => {
  const book = new Book();
  book.letter("x", "user", "c0000003", "letter", { team: "pair" });
  book.add({ type: "message.delivered", mid: "x", evidence: "file" });
  expect([book.stats.letters.user.count, book.tally.open.size]).toEqual([1, 0]);
});

test("claims, another's file and a file that was seen before bring nothing", () => {
  const book = new Book();
  const seen: Fact = {
    ...{ type: "tree.seen", team: "pair", head: "1", commits: [] },
    unqueued: [{ path: "a", agent: BOB }, { path: "b", agent: ANN }, { path: "c" }],
  };
  book.add(seen);
  book.letter("p", ANN, BOB);
  book.turn(BOB, 7, "p");
  book.add(seen, { type: "evidence.cited", ...CITED });
  book.add({ type: "evidence.judged", mid: "p", ref: "commit:1", verdict: "claimed", detail: "" });
  expect(book.stats.turns.coordination).toBe(1);
  expect(book.stats.evidence).toEqual({ verified: 0, claimed: 1, refuted: 0 });
});

test("a turn ends with its program, and one that runs is not counted yet", () => {
  const book = new Book();
  book.add({ type: "turn.started", agent: ANN }).concat(book.wait(5).add({ type: "turn.started", agent: ANN }));
  expect(book.stats.turns.work).toBe(0);
  expect(book.stats.share).toBeNull();
  book.wait(5).add({ type: "terminal.lost", agent: ANN, incarnation: 1, reason: "" });
  book.wait(5).add({ type: "turn.ended", agent: ANN, outcome: "done", summary: "" });
  expect(book.stats.turns).toMatchObject({ work: 1, workMs: 10 * SECOND });
  book.add({ type: "turn.started", agent: BOB });
  book.wait(2).add({ type: "terminal.exited", agent: BOB, incarnation: 1, code: 1, signal: null });
  book.wait(5).add({ type: "turn.ended", agent: BOB, outcome: "done", summary: "" });
  expect(book.stats.turns).toMatchObject({ work: 2, workMs: 12 * SECOND });
});

test("handoffs, holds, repeated deliveries and patches are counted", () => {
  const book = new Book();
  for (const mid of ["a", "b"]) book.letter(mid, ANN, BOB);
  book.add(
    { type: "handoff.counted", team: "pair", from: ANN, to: BOB, mid: "a" },
    { type: "message.held", mid: "a", rule: "cooldown", reason: "" },
    { type: "message.held", mid: "b", rule: "cooldown", reason: "" },
    { type: "message.held", mid: "b", rule: "damping", reason: "" },
    { type: "message.typing", mid: "a", attempt: 1, incarnation: 1, nextAt: 0 },
    { type: "message.typing", mid: "a", attempt: 2, incarnation: 1, nextAt: 0 },
    { type: "message.uncertain", mid: "a", reason: "" },
    { type: "message.died", mid: "b", reason: "" },
    { type: "message.died", mid: "b", reason: "" },
    { type: "patch.received", ...PATCH },
    { type: "patch.refused", patch: "P-0001", kind: "patch-reject", reason: "", body: "" },
    { type: "patch.refused", patch: "P-0009", kind: "patch-reject", reason: "", body: "" },
  );
  const { handoffs, holds, deliveries, patches } = book.stats;
  expect({ handoffs, holds, deliveries, patches }).toEqual({
    handoffs: 1,
    holds: { cooldown: 2, damping: 1 },
    deliveries: { retries: 1, uncertain: 1, dead: 1 },
    patches: { received: 1, committed: 0, refused: 1 },
  });
});

test("a team that is formed again begins at nothing", () => {
  const book = new Book();
  book.add({ type: "handoff.counted", team: "pair", from: ANN, to: BOB, mid: "a" });
  book.wait(9).add({ type: "team.formed", team: "pair", topology: "solo", repo: "/r", seats: [] });
  expect(book.stats).toMatchObject({ handoffs: 0, ms: 0, isStopped: false, members: [], cost: null });
});

test("a fact is counted once, and a team that never was has no numbers", () => {
  const book = new Book();
  const [event] = book.add({ type: "handoff.counted", team: "pair", from: ANN, to: BOB, mid: "a" });
  if (event) count(book.tally, event);
  expect(book.stats.handoffs).toBe(1);
  expect(book.tally.seq).toBe(2);
  expect(statsOf(book.tally, "none", 0)).toBeNull();
});

test("facts of agents and teams that nobody knows are passed over", () => {
  const tally = newTally();
  const facts: Fact[] = [
    { type: "turn.started", agent: "x" },
    { type: "turn.ended", agent: "x", outcome: "done", summary: "" },
    { type: "usage.measured", agent: "x", contextTokens: 1, cost: 1 },
    { type: "agent.abandoned", agent: "x", incarnation: 1 },
    { type: "team.stopped", team: "x", reason: "" },
    { type: "team.resumed", team: "x" },
    { type: "team.paused", team: "x" },
    { type: "message.delivered", mid: "x", evidence: "file" },
    { type: "message.typing", mid: "x", attempt: 2, incarnation: 1, nextAt: 0 },
    { type: "terminal.exited", agent: "x", incarnation: 1, code: 0, signal: null },
    { type: "permission.answered", agent: "x", question: "q", choice: "deny" },
    { type: "tree.seen", team: "x", head: "", unqueued: [], commits: [] },
    { type: "rfd.signed", rfd: "x", signer: "user", decision: "approve", reason: "" },
    { type: "rfd.decided", rfd: "x", decision: "approve", decider: "user" },
    { type: "handoff.counted", team: "x", from: "a", to: "b", mid: "m" },
  ];
  for (const [at, fact] of facts.entries()) count(tally, { ...fact, seq: at + 1, at, by: "system" } as Event);
  expect([Object.keys(tally.teams), Object.keys(tally.members), tally.seq]).toEqual([[], [], facts.length]);
});

test("a hundred thousand facts are counted, and nothing is kept of letters that arrived", () => {
  const book = new Book();
  for (let n = 0; n < 25_000; n += 1) {
    const mid = `m-${n}`;
    book.letter(mid, ANN, BOB);
    book.turn(BOB, 1, mid);
    book.add({ type: "message.delivered", mid, evidence: "transcript" });
  }
  expect(book.stats.letters.peer.count).toBe(25_000);
  expect(book.tally.open.size).toBe(0);
});
