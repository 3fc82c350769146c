import { afterEach, expect, test } from "bun:test";
import { BoardLab, planText } from "../../../test/fakes/board-lab.ts";
import { ANN, BOB } from "../../../test/fakes/history.ts";

let lab: BoardLab;
afterEach(() => lab.end());

const T1 = "T001-first/task.yaml";
const T2 = "T002-second/task.yaml";

/** A lab whose team has looked once, and then got these plans. */
async function planned(files: Record<string, string>, isSolo = false): Promise<BoardLab> {
  lab = new BoardLab(isSolo);
  await lab.look();
  for (const [path, text] of Object.entries(files)) lab.write(path, text);
  await lab.settled();
  return lab;
}

const three = ["pending", "pending", "pending"];

test("P77 people are told of a plan that was made, a task that is complete, and when all are", async () => {
  await planned({ [T1]: planText("T001", three) });
  lab.write(T2, planText("T002", ["pending", "pending"]));
  await lab.settled();
  lab.letter(ANN, BOB, "progress: T001 start\nprogress: T001.S1 done\nprogress: T001 done");
  await lab.look();
  lab.letter(ANN, BOB, "progress: T002 done");
  await lab.look();
  const words = [
    "Plan made: T001 Task T001, 3 steps (docs/por/T001-first/task.yaml)",
    "Plan made: T002 Task T002, 2 steps (docs/por/T002-second/task.yaml)",
    "Task complete: T001 Task T001",
    "Task complete: T002 Task T002",
    "All complete: 2 tasks",
  ];
  expect(lab.toUser).toEqual(words);
  expect(lab.notices()).toEqual(words);
});

test("P77 plans that were there before the team are no news", async () => {
  lab = new BoardLab();
  lab.write(T1, planText("T001", three));
  await lab.look();
  expect(lab.shown("T001")).toBe("planned ppp");
  expect([lab.toUser, lab.notices(), lab.told(BOB)]).toEqual([[], [], []]);
});

test("P75 nine steps are too many: its author is told, and no plan is made of it", async () => {
  await planned({
    [T1]: planText(
      "T001",
      Array.from({ length: 9 }, () => "pending"),
    ),
  });
  expect(lab.boards.tasks).toEqual({});
  expect(lab.told(ANN)).toEqual([
    "docs/por/T001-first/task.yaml: steps 9 > 8\nWhat was read of it last stands until it is mended.",
  ]);
  expect(lab.told(BOB)).toEqual([]);
});

test("P75 a new plan is reviewed by PeerB: two counters end it, and PeerA is told to begin", async () => {
  await planned({ [T1]: planText("T001", three) });
  expect(lab.told(BOB)).toEqual([
    "Review the plan docs/por/T001-first/task.yaml (T001 Task T001): at most 2 COUNTERs within 10 minutes, or ACK; then PeerA begins.",
  ]);
  lab.letter(BOB, ANN, "COUNTER: T001 misses a test");
  expect(lab.told(ANN)).toEqual([]);
  lab.letter(BOB, ANN, "- COUNTER: still misses one");
  expect(lab.told(ANN)).toEqual([
    "The review of T001 is over: 2 COUNTERs were made. Decide, and begin: progress: T001 start",
  ]);
  lab.letter(BOB, ANN, "COUNTER: T001 again");
  expect(lab.house.facts("task.countered")).toHaveLength(2);
});

test("P75 after ten minutes the review is over, once; a plan that has begun waits for nobody", async () => {
  await planned({ [T1]: planText("T001", three), [T2]: planText("T002", three) });
  lab.letter(ANN, BOB, "progress: T002 start");
  await lab.look();
  await lab.house.clock.pass(599_999);
  await lab.look();
  expect(lab.house.facts("task.reviewed")).toEqual([]);
  await lab.house.clock.pass(1);
  await lab.look();
  await lab.look();
  expect(lab.house.facts("task.reviewed").map(({ id }) => id)).toEqual(["T001"]);
  expect(lab.told(ANN)).toEqual([
    "The review of T001 is over: 10 minutes have passed. Decide, and begin: progress: T001 start",
  ]);
});

test("P75 alone an agent reviews its own plan", async () => {
  await planned({ [T1]: planText("T001", three) }, true);
  expect(lab.told(ANN)).toEqual([
    "Review your plan docs/por/T001-first/task.yaml yourself (order, risks, what each step proves), then begin: progress: T001 start",
  ]);
});

test("P78 scope.yaml is kept: it grows until work begins, then only the current list changes", async () => {
  await planned({ [T1]: planText("T001", three) });
  expect(lab.read("scope.yaml")).toBe(
    "# Kept by Muster from the plans; an edit is computed again.\noriginal: [T001]\ncurrent: [T001]\n",
  );
  lab.letter(ANN, BOB, "progress: T001 start");
  await lab.look();
  lab.write(T2, planText("T002", three));
  await lab.settled();
  expect(lab.read("scope.yaml")).toContain("original: [T001]\ncurrent: [T001, T002]\n");
  expect(lab.house.facts("scope.changed").map(({ original, current }) => [original, current])).toEqual([
    [["T001"], ["T001"]],
    [["T001"], ["T001", "T002"]],
  ]);
  expect(lab.notices().at(-1)).toBe("Scope changed: +T002");
});

test("P78 an edit of scope.yaml is computed again, with a warning; a lost file is written again", async () => {
  await planned({ [T1]: planText("T001", three) });
  const kept = lab.read("scope.yaml");
  lab.write("scope.yaml", "original: [T001, T009]\ncurrent: [T009]\n");
  await lab.settled();
  expect(lab.read("scope.yaml")).toBe(kept);
  expect(lab.notices().at(-1)).toContain("scope.yaml is kept by Muster");
  expect(lab.told(BOB).at(-1)).toContain("computed again");
  await lab.settled();
  expect(lab.house.facts("scope.changed")).toHaveLength(2);
  lab.remove("scope.yaml");
  await lab.settled();
  expect(lab.read("scope.yaml")).toBe(kept);
  lab.write("scope.yaml", "not: [a scope");
  await lab.settled();
  expect(lab.read("scope.yaml")).toBe("not: [a scope");
  await lab.house.clock.pass(10_000);
  await lab.look();
  expect(lab.read("scope.yaml")).toBe(kept);
});

test("P78 without plans there is no scope.yaml; one from an earlier team keeps its original", async () => {
  await planned({});
  expect(lab.has("scope.yaml")).toBe(false);
  await lab.end();
  lab = new BoardLab();
  lab.write("scope.yaml", "original: [T001, T002]\ncurrent: [T001, T002]\n");
  lab.write(T1, planText("T001", ["complete", "pending"]).replace("planned", "active"));
  await lab.look();
  expect(lab.boards.scope).toEqual({ original: ["T001", "T002"], current: ["T001"] });
  expect(lab.notices()).toEqual(["Scope changed: -T002"]);
});

test("P78 with require_scope a task that came after work began is not begun; the others are", async () => {
  lab = new BoardLab(false, { policies: { blueprint: { require_scope: true } } });
  lab.write(T1, planText("T001", three));
  await lab.look();
  lab.letter(ANN, BOB, "progress: T001 start");
  await lab.look();
  lab.write(T2, planText("T002", three));
  await lab.settled();
  lab.letter(ANN, BOB, "progress: T002 start\nprogress: T001.S1 done\nprogress: T001 start");
  await lab.look();
  expect([lab.shown("T001"), lab.shown("T002")]).toEqual(["active cip", "planned ppp"]);
  expect(lab.house.facts("task.refused")).toHaveLength(1);
  lab.letter(ANN, BOB, "progress: T002.S1 in_progress");
  await lab.look();
  expect(lab.shown("T002")).toBe("active ipp");
  expect(lab.told(ANN).at(-1)).toContain(
    "T002 came after the scope was set, and policies.blueprint.require_scope is on; ask the user",
  );
});

test("P75 a plan that comes already begun needs no review", async () => {
  await planned({ [T1]: planText("T001", three).replace("planned", "active") });
  expect([lab.told(ANN), lab.told(BOB)]).toEqual([[], []]);
  expect(lab.toUser).toHaveLength(1);
});

test("P75 a COUNTER counts only from the reviewer, at a line's beginning, and where one plan is meant", async () => {
  await planned({ [T1]: planText("T001", three), [T2]: planText("T002", three) });
  lab.letter(ANN, BOB, "COUNTER: T001 is fine");
  lab.letter(BOB, ANN, "no COUNTER for T001");
  lab.letter(BOB, ANN, "COUNTER: which one?");
  lab.letter(BOB, ANN, "COUNTER: T001 and T002");
  lab.letter(BOB, ANN, "COUNTER: T001", { kind: "system" });
  expect(lab.house.facts("task.countered")).toEqual([]);
  lab.letter(BOB, ANN, "Steelman: yes.\n  COUNTER: T002 is too large");
  expect(lab.house.facts("task.countered").map(({ id }) => id)).toEqual(["T002"]);
});

test("P78 a lost scope.yaml is no edit, and a broken plan stays in the scope", async () => {
  await planned({ [T1]: planText("T001", three), [T2]: planText("T002", three) });
  const before = lab.notices().length;
  lab.remove("scope.yaml");
  lab.write(T1, "id: [");
  await lab.settled();
  expect(lab.read("scope.yaml")).toContain("current: [T001, T002]");
  expect(lab.notices().slice(before)).toEqual([expect.stringContaining("T001-first/task.yaml:1:")]);
});
