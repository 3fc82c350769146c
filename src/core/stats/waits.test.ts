import { expect, test } from "bun:test";
import { ANN, BOB } from "../../../test/fakes/history.ts";
import { Book, PATCH, SEATS, SECOND } from "../../../test/fakes/stats-book.ts";
import type { Fact } from "../facts.ts";

test("costs are what CLIs report, through new sessions; who reports none is named and never 0", () => {
  const book = new Book();
  const used = (agent: string, cost?: number): Fact => ({ type: "usage.measured", agent, contextTokens: 500, cost });
  expect(book.stats).toMatchObject({ cost: null, costUnknown: ["PeerA", "PeerB"], costPerCommit: null });
  book.add(used(ANN, 1), used(ANN, 1.5), used(ANN, 0.25), used(ANN, 0.5), used(BOB));
  book.add(
    { type: "patch.received", ...PATCH },
    { type: "patch.committed", patch: "P-0001", commit: "1", branch: "main", steps: [] },
  );
  expect(book.stats).toMatchObject({ cost: 2, costUnknown: ["PeerB"], costPerCommit: null });
  expect(book.stats.members.map(({ cost, contextTokens }) => [cost, contextTokens])).toEqual([
    [2, 500],
    [null, 500],
  ]);
  book.add(used(BOB, 3));
  expect(book.stats).toMatchObject({ cost: 5, costUnknown: [], costPerCommit: 5 });
  book.add({ type: "patch.received", ...PATCH, patch: "P-0002" });
  book.add({ type: "patch.committed", patch: "P-0002", commit: "2", branch: "main", steps: [] });
  expect(book.stats.costPerCommit).toBe(2.5);
});

test("without an accepted commit there is no cost of one", () => {
  const book = new Book();
  for (const agent of [ANN, BOB]) book.add({ type: "usage.measured", agent, contextTokens: 1, cost: 1 });
  expect(book.stats.costPerCommit).toBeNull();
});

test("a member that waits for a person is counted once, however many reasons it has", () => {
  const book = new Book();
  book.add({ type: "permission.asked", agent: ANN, question: "q", tool: "Bash", input: "" });
  book.wait(10).add({ type: "agent.changed", agent: ANN, activity: "waiting" });
  book.wait(10).add({ type: "permission.answered", agent: ANN, question: "q", choice: "allow" });
  book.wait(10).add({ type: "agent.changed", agent: ANN, activity: "busy" });
  book.wait(100);
  expect(book.stats.waited.membersMs).toBe(30 * SECOND);
  book.add({ type: "agent.abandoned", agent: BOB, incarnation: 3 });
  book.wait(60);
  expect(book.stats.waited.membersMs).toBe(90 * SECOND);
  book.add({ type: "agent.restarted", agent: BOB, changes: {} });
  book.wait(60);
  expect(book.stats.members.map(({ waitedMs }) => waitedMs / SECOND)).toEqual([30, 60]);
});

test("a dialog ends with its program; what crashed too often waits on", () => {
  const book = new Book();
  book.add({ type: "agent.changed", agent: ANN, activity: "waiting" });
  book.wait(10).add({ type: "terminal.exited", agent: ANN, incarnation: 1, code: 1, signal: null });
  book.add({ type: "agent.abandoned", agent: ANN, incarnation: 1 });
  book.wait(10).add({ type: "terminal.exited", agent: ANN, incarnation: 1, code: 1, signal: null });
  book.wait(10).add({ type: "agent.dismissed", agent: ANN, reason: "done" });
  book.wait(50);
  expect(book.stats.waited.membersMs).toBe(30 * SECOND);
});

const sign = (signer: string, decision: "approve" | "reject" = "approve"): Fact => ({
  ...{ type: "rfd.signed", rfd: "rfd-1", signer, decision, reason: "" },
});

test("a card counts from the moment at which only the user is missing", () => {
  const book = new Book();
  book.add(
    { type: "rfd.opened", rfd: "rfd-1", team: "pair", kind: "msg", author: ANN, title: "t", tasks: [] },
    sign(ANN),
  );
  book.wait(100);
  expect(book.stats.waited.cardsMs).toBe(0);
  book.add(sign(BOB));
  book.wait(40).add(sign(BOB));
  book.wait(20);
  expect(book.stats.waited.cardsMs).toBe(60 * SECOND);
  book.add({ type: "rfd.decided", rfd: "rfd-1", decision: "approve", decider: "user" });
  book.wait(20);
  expect(book.stats.waited.cardsMs).toBe(60 * SECOND);
});

test("a card that is opened again keeps its signatures; a patch that is committed is forgotten", () => {
  const book = new Book();
  const opened: Fact = {
    type: "rfd.opened",
    rfd: "rfd-1",
    team: "pair",
    kind: "msg",
    author: ANN,
    title: "t",
    tasks: [],
  };
  book.add(opened, sign(ANN), opened, sign(BOB));
  book.wait(40);
  expect(book.stats.waited.cardsMs).toBe(40 * SECOND);
  book.add({ type: "patch.received", ...PATCH });
  expect(book.tally.authors.size).toBe(1);
  book.add({ type: "patch.committed", patch: "P-0001", commit: "1", branch: "main", steps: [] });
  expect(book.tally.authors.size).toBe(0);
});

test("a card that a peer rejects waits for nobody", () => {
  const book = new Book();
  book.add({ type: "rfd.opened", rfd: "rfd-1", team: "pair", kind: "msg", author: ANN, title: "t", tasks: [] });
  book.add(sign(ANN), sign(ANN, "reject"), sign(BOB));
  book.wait(40);
  expect(book.stats.waited.cardsMs).toBe(0);
});

test("pauses are counted while they last, and nothing goes on after a stop", () => {
  const book = new Book();
  book.now = 1_000_000;
  book.add({ type: "team.formed", team: "pair", topology: "pair", repo: "/r", seats: SEATS });
  book.add({ type: "team.paused", team: "pair" });
  book.wait(10).add({ type: "team.paused", team: "pair" });
  book.wait(10);
  expect(book.stats.waited.pausedMs).toBe(20 * SECOND);
  book.add({ type: "team.resumed", team: "pair" }, { type: "team.resumed", team: "pair" });
  book.wait(5).add({ type: "turn.started", agent: ANN }, { type: "team.paused", team: "pair" });
  book.add({ type: "agent.changed", agent: BOB, activity: "waiting" });
  book.add({ type: "rfd.opened", rfd: "rfd-1", team: "pair", kind: "msg", author: ANN, title: "t", tasks: [] });
  book.add(sign(ANN), sign(BOB));
  book.wait(5).add({ type: "team.stopped", team: "pair", reason: "" });
  book.wait(1000).add({ type: "rfd.decided", rfd: "rfd-1", decision: "expired", decider: "system" });
  expect(book.stats).toMatchObject({ ms: 30 * SECOND, isStopped: true, turns: { work: 1, workMs: 5 * SECOND } });
  expect(book.stats.waited).toEqual({ membersMs: 5 * SECOND, cardsMs: 5 * SECOND, pausedMs: 25 * SECOND });
});
