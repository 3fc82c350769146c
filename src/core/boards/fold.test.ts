import { beforeEach, expect, test } from "bun:test";
import { ANN, BOB, History } from "../../../test/fakes/history.ts";
import { OBSERVED } from "../commands.ts";
import type { Event } from "../facts.ts";
import { sentence } from "../sentence.ts";
import type { Boards } from "./boards-state.ts";
import { BOARD_OBSERVED, type BoardFact, type PlanSeen, type SheetSeen } from "./facts.ts";

let history: History;
beforeEach(() => {
  history = new History();
});

const plan = (more: Partial<PlanSeen> = {}): PlanSeen => ({
  ...{ id: "T001", name: "Dash", goal: "g", status: "planned", path: "p/task.yaml" },
  steps: [
    { id: "S1", name: "one", done: "", status: "pending", outputs: [] },
    { id: "S2", name: "two", done: "", status: "pending", outputs: [] },
  ],
  ...more,
});
const sheet = (more: Partial<SheetSeen> = {}): SheetSeen => ({
  ...{ id: "T000001", title: "Cache", owner: "peerB", stage: "proposed", path: "p/SUBPOR.md", updatedAt: 1, lint: [] },
  ...more,
});
const team = "t";
const marker = {
  author: ANN,
  letter: "m1",
  n: 0,
  text: "progress: T001.S1 done",
  task: "T001",
  step: "S1",
  action: "done",
} as const;
const moved = { type: "task.moved", team, author: ANN, letter: "m1", n: 0, id: "T001" } as const;

const saw = (...facts: BoardFact[]): string[] => history.observe(...facts);
const boards = (): Boards => {
  const found = history.state.boards.t;
  if (!found) throw new Error("no boards");
  return found;
};

test("the daemon observes every fact of the boards", () => {
  for (const type of BOARD_OBSERVED) expect(OBSERVED as readonly string[]).toContain(type);
});

test("P70 a board is seen when it changes, and once even when there is none", () => {
  const por = { path: "docs/por/POR.md", updatedAt: 5, lint: ["x"] };
  expect(saw({ type: "board.seen", team })).toEqual(["board.seen"]);
  expect(boards()).toMatchObject({ isKnown: true, markers: [], isAcked: false });
  expect(saw({ type: "board.seen", team })).toEqual([]);
  expect(saw({ type: "board.seen", team, por })).toEqual(["board.seen"]);
  expect(saw({ type: "board.seen", team, por })).toEqual([]);
  expect(boards().por).toEqual(por);
  expect(saw({ type: "board.seen", team })).toEqual(["board.seen"]);
  expect(boards().por).toBeUndefined();
});

test("what is wrong with a file is one fact until it changes or is mended", () => {
  expect(saw({ type: "board.mended", team, path: "a" })).toEqual([]);
  expect(saw({ type: "board.broken", team, path: "a", error: "a:1:1: x" })).toEqual(["board.broken"]);
  expect(saw({ type: "board.broken", team, path: "a", error: "a:1:1: x" })).toEqual([]);
  expect(saw({ type: "board.broken", team, path: "a", error: "a:2:1: y" })).toEqual(["board.broken"]);
  expect(boards().errors).toEqual({ a: "a:2:1: y" });
  expect(saw({ type: "board.mended", team, path: "a" })).toEqual(["board.mended"]);
  expect(boards().errors).toEqual({});
});

test("a sheet is seen when it changes; a new one uses the ACK up", () => {
  expect(saw({ type: "subpor.acked", team, letter: "m" })).toEqual(["subpor.acked"]);
  expect(saw({ type: "subpor.acked", team, letter: "m2" })).toEqual([]);
  expect(saw({ type: "subpor.seen", team, sheet: sheet({ id: "T000002" }) })).toEqual(["subpor.seen"]);
  expect([boards().isAcked, boards().newestSheet]).toEqual([true, 0]);
  expect(saw({ type: "subpor.seen", team, sheet: sheet(), isNew: true, isAgreed: true })).toEqual(["subpor.seen"]);
  expect([boards().isAcked, boards().newestSheet]).toEqual([false, history.state.seq]);
  expect(saw({ type: "subpor.seen", team, sheet: sheet() })).toEqual([]);
  expect(saw({ type: "subpor.seen", team, sheet: sheet({ stage: "done" }) })).toEqual(["subpor.seen"]);
  expect(saw({ type: "subpor.gone", team, id: "T000001" })).toEqual(["subpor.gone"]);
  expect(saw({ type: "subpor.gone", team, id: "T000001" })).toEqual([]);
  expect(Object.keys(boards().subpors)).toEqual(["T000002"]);
});

test("P71 a number that Muster gave is taken for ever, in its repository", () => {
  const opened = { type: "subpor.opened", repo: "/r", id: "T000007", title: "x", owner: "peerA", path: "p" } as const;
  expect(saw(opened)).toEqual(["subpor.opened"]);
  expect(saw(opened)).toEqual([]);
  expect(saw({ ...opened, id: "T000003" })).toEqual(["subpor.opened"]);
  expect(saw({ ...opened, repo: "/other" })).toEqual(["subpor.opened"]);
  expect(history.state.sheetNumbers).toEqual({ "/r": [7, 3], "/other": [7] });
});

test("3.17 times of a task are computed: planned, begun and complete, each once", () => {
  const begin = history.at;
  saw({ type: "task.seen", team, task: plan(), isNew: true });
  expect(boards().tasks.T001).toMatchObject({ plannedAt: begin, counters: 0, isReviewed: false, blocked: {} });
  expect(boards().tasks.T001?.startedAt).toBeUndefined();
  expect(saw({ type: "task.seen", team, task: plan() })).toEqual([]);
  saw({ type: "task.seen", team, task: plan({ status: "active" }) });
  saw({ type: "task.seen", team, task: plan({ status: "complete" }) });
  saw({ type: "task.seen", team, task: plan({ status: "complete", goal: "other" }) });
  expect(boards().tasks.T001).toMatchObject({
    plannedAt: begin,
    startedAt: begin + 1,
    completedAt: begin + 2,
    goal: "other",
  });
  saw({ type: "task.seen", team, task: plan({ status: "active" }) });
  expect(boards().tasks.T001?.completedAt).toBeUndefined();
  expect(boards().tasks.T001?.startedAt).toBe(begin + 1);
  expect(saw({ type: "task.gone", team, id: "T001" })).toEqual(["task.gone"]);
  expect(saw({ type: "task.gone", team, id: "T001" })).toEqual([]);
});

test("a plan of before the team needs no review; seeing a plan mends its file", () => {
  saw({ type: "board.broken", team, path: "p/task.yaml", error: "e" });
  saw({ type: "task.seen", team, task: plan() });
  expect(boards().tasks.T001?.isReviewed).toBe(true);
  expect(boards().errors).toEqual({});
});

test("a marker waits until it moved something or was refused, once", () => {
  saw({ type: "task.seen", team, task: plan() });
  expect(saw({ type: "task.marked", team, ...marker })).toEqual(["task.marked"]);
  expect(saw({ type: "task.marked", team, ...marker })).toEqual([]);
  expect(saw({ type: "task.marked", team, ...marker, n: 1 })).toEqual(["task.marked"]);
  expect(boards().markers).toEqual([
    { ...marker, reason: undefined },
    { ...marker, n: 1, reason: undefined },
  ]);
  expect(saw({ ...moved, letter: "m2", step: "S1", action: "done" })).toEqual([]);
  expect(saw({ ...moved, step: "S1", action: "done" })).toEqual(["task.moved"]);
  expect(saw({ ...moved, step: "S1", action: "done" })).toEqual([]);
  const refused = { type: "task.refused", team, author: ANN, letter: "m1", n: 1, text: "x", reason: "y" } as const;
  expect(saw(refused)).toEqual(["task.refused"]);
  expect(saw(refused)).toEqual([]);
  expect(boards().markers).toEqual([]);
});

test("a blocked step stays so until it or its task moves", () => {
  saw({ type: "task.seen", team, task: plan() });
  const act = (n: number, more: object) => {
    saw({ type: "task.marked", team, ...marker, n });
    saw({ ...moved, n, action: "done", ...more } as BoardFact);
    return boards().tasks.T001?.blocked;
  };
  expect(act(0, { step: "S1", action: "blocked", reason: "no key" })).toEqual({ S1: "no key" });
  expect(act(1, { step: "S2", action: "blocked" })).toEqual({ S1: "no key", S2: "" });
  expect(act(2, { action: "start" })).toEqual({ S1: "no key", S2: "" });
  expect(act(3, { step: "S2", action: "in_progress" })).toEqual({ S1: "no key" });
  expect(act(4, { action: "done" })).toEqual({});
});

test("P75 counters are counted and a review ends once, of tasks that are there", () => {
  expect(
    saw(
      { type: "task.countered", team, id: "T001", letter: "m" },
      { type: "task.reviewed", team, id: "T001", reason: "x" },
    ),
  ).toEqual([]);
  saw({ type: "task.seen", team, task: plan(), isNew: true });
  saw({ type: "task.countered", team, id: "T001", letter: "m" });
  expect(boards().tasks.T001?.counters).toBe(1);
  expect(saw({ type: "task.reviewed", team, id: "T001", reason: "x" })).toEqual(["task.reviewed"]);
  expect(saw({ type: "task.reviewed", team, id: "T001", reason: "x" })).toEqual([]);
});

test("P77 everything is complete once, until something is open again", () => {
  expect(saw({ type: "plan.completed", team, tasks: 1 })).toEqual([]);
  saw({ type: "task.seen", team, task: plan({ status: "complete" }) });
  expect(saw({ type: "plan.completed", team, tasks: 1 })).toEqual(["plan.completed"]);
  expect(saw({ type: "plan.completed", team, tasks: 1 })).toEqual([]);
  saw({ type: "task.seen", team, task: plan({ status: "active" }) });
  expect(saw({ type: "plan.completed", team, tasks: 1 })).toEqual(["plan.completed"]);
});

test("P78 a scope is one fact until it changes; an edit is always one", () => {
  const scope = { type: "scope.changed", team, original: ["T001"], current: ["T001"] } as const;
  const changed: BoardFact = { ...scope, original: ["T001"], current: ["T001"] };
  expect(saw(changed)).toEqual(["scope.changed"]);
  expect(saw(changed)).toEqual([]);
  expect(saw({ ...changed, isEdited: true })).toEqual(["scope.changed"]);
  expect(saw({ ...changed, current: [] })).toEqual(["scope.changed"]);
  expect(boards().scope).toEqual({ original: ["T001"], current: [] });
});

test("each fact of the boards is one sentence", () => {
  history.hire(ANN, { team, seat: "PeerA" });
  history.hire(BOB, { team, seat: "PeerB" });
  const say = (fact: BoardFact): string => {
    const { tone, who, text } = sentence({ ...fact, seq: 1, at: 1, by: "system" } as Event, history.state);
    return `${tone} | ${who} | ${text}`;
  };
  const por = { path: "docs/por/POR.md", updatedAt: 1, lint: ["a", "b"] };
  const cases: [fact: BoardFact, says: string][] = [
    [{ type: "board.seen", team, por }, "quiet | POR | board docs/por/POR.md: 2 things miss"],
    [{ type: "board.seen", team, por: { ...por, lint: ["a"] } }, "quiet | POR | board docs/por/POR.md: 1 thing misses"],
    [{ type: "board.seen", team }, "quiet | POR | no board"],
    [{ type: "board.broken", team, path: "a", error: "a:1:1: x" }, "warn | boards | a:1:1: x"],
    [{ type: "board.mended", team, path: "a" }, "quiet | boards | a can be read again"],
    [{ type: "subpor.seen", team, sheet: sheet() }, "quiet | T000001 | Cache: proposed, in order"],
    [
      { type: "subpor.seen", team, sheet: sheet({ stage: "" }), isNew: true },
      "plain | T000001 | Cache: no stage, in order",
    ],
    [{ type: "subpor.gone", team, id: "T000001" }, "quiet | T000001 | its SUBPOR is gone"],
    [
      { type: "subpor.opened", repo: "/r", id: "T000001", title: "x", owner: "peerA", path: "p" },
      "plain | T000001 | SUBPOR for peerA: x",
    ],
    [{ type: "subpor.acked", team, letter: "m" }, "quiet | t | PeerA agreed to a SUBPOR"],
    [{ type: "task.seen", team, task: plan(), isNew: true }, "plain | T001 | planned: Dash, 2 steps"],
    [{ type: "task.seen", team, task: plan() }, "quiet | T001 | Dash: planned"],
    [{ type: "task.gone", team, id: "T001" }, "plain | T001 | its plan is gone"],
    [{ type: "task.marked", team, ...marker }, "quiet | PeerA | progress: T001.S1 done"],
    [{ ...moved, action: "start", became: "active" }, "plain | T001 | began"],
    [{ ...moved, action: "promoted" }, "plain | T001 | promoted to a plan"],
    [{ ...moved, step: "S1", action: "in_progress" }, "plain | T001.S1 | in progress"],
    [{ ...moved, step: "S2", action: "done", became: "complete" }, "good | T001.S2 | done; the task is complete"],
    [{ ...moved, step: "S1", action: "blocked", reason: "no key" }, "warn | T001.S1 | blocked: no key"],
    [
      { type: "task.refused", team, author: ANN, letter: "m", n: 0, text: "x", reason: "y" },
      "warn | PeerA | marker not taken: x: y",
    ],
    [{ type: "task.restored", team, id: "T001", path: "p" }, "warn | T001 | status fields of p were put back"],
    [{ type: "task.countered", team, id: "T001", letter: "m" }, "plain | T001 | COUNTER to its plan"],
    [{ type: "task.reviewed", team, id: "T001", reason: "x" }, "plain | T001 | review over: x"],
    [{ type: "task.waived", team, letter: "m", what: "x" }, "plain | t | quick task, no plan: x"],
    [{ type: "plan.completed", team, tasks: 2 }, "good | t | all 2 tasks are complete"],
    [
      { type: "scope.changed", team, original: ["T001"], current: ["T001", "T002"] },
      "plain | t | scope: T001 T002 (+T002)",
    ],
    [
      { type: "scope.changed", team, original: [], current: [], isEdited: true },
      "warn | t | scope.yaml was edited; scope: nothing",
    ],
  ];
  for (const [fact, says] of cases) expect(say(fact)).toBe(says);
});

test("facts about a task that is not there change nothing", () => {
  saw({ type: "board.seen", team });
  history.fold([
    { type: "task.countered", team, id: "T009", letter: "m" },
    { type: "task.reviewed", team, id: "T009", reason: "x" },
    { ...moved, id: "T009", action: "start" },
  ]);
  expect(boards().tasks).toEqual({});
});
