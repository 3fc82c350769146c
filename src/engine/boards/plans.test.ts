import { afterEach, expect, test } from "bun:test";
import { BoardLab, planText } from "../../../test/fakes/board-lab.ts";
import { ANN, BOB } from "../../../test/fakes/history.ts";
import { SYSTEM, USER } from "../../core/ids.ts";

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

test("P76 markers of both seats, to the peer and to the user, move the plan in their order", async () => {
  await planned({ [T1]: planText("T001", three) });
  lab.letter(ANN, BOB, "progress: T001 start");
  await lab.look();
  expect(lab.shown("T001")).toBe("active ipp");
  lab.letter(BOB, ANN, "done now\nprogress: T001.S1 done\nprogress: T001.S2 complete");
  await lab.look();
  expect(lab.shown("T001")).toBe("active cci");
  lab.letter(ANN, USER, "progress: T001.S3 done");
  await lab.look();
  expect(lab.shown("T001")).toBe("complete ccc");
  expect(lab.boards.markers).toEqual([]);
});

test("P76 the daemon writes the status fields alone: comments and words of the file stay", async () => {
  await planned({ [T1]: planText("T001", three) });
  lab.letter(ANN, BOB, "progress: T001.S1 done");
  await lab.look();
  const expected = planText("T001", ["complete", "in_progress", "pending"]).replace("planned # kept", "active # kept");
  expect(lab.read(T1)).toBe(expected);
});

test("P76 a solo agent's markers count, whether it writes to the System or to the user", async () => {
  await planned({ [T1]: planText("T001", three) }, true);
  lab.letter(ANN, SYSTEM, "progress: T001 start");
  lab.letter(ANN, USER, "progress: T001.S1 done");
  await lab.look();
  expect(lab.shown("T001")).toBe("active cip");
});

test("P76 markers of people, of the System and of agents without a seat move nothing", async () => {
  await planned({ [T1]: planText("T001", three) });
  lab.letter(USER, BOB, "progress: T001 start");
  lab.letter(ANN, BOB, "progress: T001 start", { kind: "system" });
  lab.letter("c0000003", BOB, "progress: T001 start");
  await lab.look();
  expect(lab.house.facts("task.marked")).toEqual([]);
  expect(lab.shown("T001")).toBe("planned ppp");
});

test("P76 an unknown action is told to its sender with the valid list, and the good markers of the letter count", async () => {
  await planned({ [T1]: planText("T001", three) });
  const mid = lab.letter(BOB, ANN, "progress: T001 finished\nprogress: T001 start\nprogress: T001.S1 blocked");
  await lab.look();
  expect(lab.shown("T001")).toBe("active ipp");
  expect(lab.told(BOB).at(-1)).toBe(`Not a marker in your letter ${mid}:
progress: T001 finished: a task knows no action finished
progress: T001.S1 blocked: blocked needs a reason: blocked: <reason>
a task takes start, done (or complete), promoted: progress: T001 start
a step takes done (or complete), in_progress, blocked: <reason>: progress: T001.S1 done`);
});

test("P76 an unknown id is told to its sender with the nearest ones and the valid list", async () => {
  await planned({ [T1]: planText("T001", three), [T2]: planText("T002", three) });
  lab.letter(BOB, ANN, "progress: T009 start\nprogress: T001.S7 done");
  await lab.look();
  expect(lab.told(BOB).slice(-2)).toEqual([
    expect.stringMatching(
      /^Marker not taken: progress: T009 start: no task T009; nearest: T002, T001\na task takes start/,
    ),
    expect.stringContaining("T001.S7 done: T001 has no step S7; steps: S1, S2, S3\na task takes start"),
  ]);
  expect(lab.boards.markers).toEqual([]);
});

test("P76 a marker before any plan says so", async () => {
  await planned({});
  lab.letter(ANN, BOB, "progress: T001 start");
  await lab.look();
  expect(lab.told(ANN).at(-1)).toContain("no task T001; there is no plan");
});

test("P76 a marker for a plan that was written just before waits until the file has settled", async () => {
  lab = new BoardLab();
  await lab.look();
  lab.write(T1, planText("T001", three));
  lab.letter(ANN, BOB, "progress: T001 start");
  expect(await lab.look()).toBe(300);
  expect(lab.boards.markers).toHaveLength(1);
  await lab.house.clock.pass(299);
  expect(await lab.look()).toBe(1);
  expect(lab.boards.markers).toHaveLength(1);
  await lab.house.clock.pass(1);
  await lab.look();
  expect(lab.shown("T001")).toBe("active ipp");
  expect(lab.told(ANN).filter((text) => text.includes("not taken"))).toEqual([]);
});

test("P76 a crash between file and log applies a marker once", async () => {
  await planned({ [T1]: planText("T001", three) });
  lab.letter(ANN, BOB, "progress: T001.S1 done");
  // The daemon wrote the file and ended before it could say so.
  lab.write(T1, planText("T001", ["complete", "in_progress", "pending"]).replace("planned # kept", "active # kept"));
  lab.restart();
  await lab.look();
  expect(lab.shown("T001")).toBe("active cip");
  expect(lab.house.facts("task.restored")).toEqual([]);
  expect(lab.boards.markers).toEqual([]);
});

test("P76 a status field that somebody edits is put back, with a warning; other edits are taken", async () => {
  await planned({ [T1]: planText("T001", three) });
  lab.write(T1, planText("T001", ["complete", "complete", "complete"]).replace("it works", "it works well"));
  await lab.settled();
  expect(lab.shown("T001")).toBe("planned ppp");
  expect(lab.task("T001").goal).toBe("it works well");
  expect(lab.read(T1)).toBe(planText("T001", three).replace("it works", "it works well"));
  expect(lab.told(ANN).at(-1)).toContain("Status fields of docs/por/T001-first/task.yaml are Muster's");
  expect(lab.told(BOB).at(-1)).toContain("an edit was put back");
  expect(lab.notices().at(-1)).toContain("progress: T001.S1 done");
});

test("3.17 blocked is a notice and stays until the step moves; the status stays", async () => {
  await planned({ [T1]: planText("T001", three) });
  lab.letter(ANN, BOB, "progress: T001 start\nprogress: T001.S1 blocked: no key");
  await lab.look();
  expect(lab.shown("T001")).toBe("active ipp");
  expect(lab.task("T001").blocked).toEqual({ S1: "no key" });
  expect(lab.notices().at(-1)).toBe("T001.S1 Task T001 is blocked: no key");
  lab.letter(ANN, BOB, "progress: T001.S1 done");
  await lab.look();
  expect(lab.task("T001").blocked).toEqual({});
});

test("3.17 with auto_complete off the last step leaves its task to a marker", async () => {
  lab = new BoardLab(false, { policies: { blueprint: { auto_complete: false } } });
  lab.write(T1, planText("T001", ["pending", "pending"]));
  await lab.look();
  lab.letter(ANN, BOB, "progress: T001.S1 done\nprogress: T001.S2 done");
  await lab.look();
  expect(lab.shown("T001")).toBe("active cc");
  lab.letter(ANN, BOB, "progress: T001 done");
  await lab.look();
  expect(lab.shown("T001")).toBe("complete cc");
});

test("fault 25 a plan that cannot be parsed leaves the last good view and one error line", async () => {
  await planned({ [T1]: planText("T001", three) });
  lab.write(T1, planText("T001", three).replace("goal: it works", "goal: it: works"));
  await lab.settled();
  await lab.look();
  expect(lab.shown("T001")).toBe("planned ppp");
  expect(Object.values(lab.boards.errors)).toEqual([
    expect.stringMatching(/^docs\/por\/T001-first\/task\.yaml:4:\d+: Nested mappings/),
  ]);
  expect(lab.house.facts("board.broken")).toHaveLength(1);
  lab.letter(ANN, BOB, "progress: T001 start");
  await lab.look();
  expect(lab.told(ANN).at(-1)).toContain("mend the file, then send the marker again");
  lab.write(T1, planText("T001", three));
  await lab.settled();
  expect(lab.boards.errors).toEqual({});
  lab.letter(ANN, BOB, "progress: T001 start");
  await lab.look();
  expect(lab.shown("T001")).toBe("active ipp");
});

test("fault 25 a wrong field is named with its place", async () => {
  await planned({ [T1]: planText("T001", ["pending", "done"]) });
  expect(lab.boards.errors).toEqual({
    "docs/por/T001-first/task.yaml":
      "docs/por/T001-first/task.yaml:8:46: steps.1.status: one of pending, in_progress, complete is needed",
  });
});

test("T007 and T000007 are the same task: the second plan of a number is an error", async () => {
  await planned({ "T000007-a/task.yaml": planText("T000007", three), "T007-b/task.yaml": planText("T007", three) });
  expect(Object.keys(lab.boards.tasks)).toEqual(["T007"]);
  expect(Object.values(lab.boards.errors)).toEqual([
    "docs/por/T007-b/task.yaml: T007 has a plan already in docs/por/T000007-a/task.yaml",
  ]);
});

test("a plan whose file is removed is gone, but not while it is only being replaced", async () => {
  await planned({ [T1]: planText("T001", three) });
  lab.remove("T001-first");
  await lab.look();
  expect(lab.shown("T001")).toBe("planned ppp");
  lab.write(T1, planText("T001", three));
  await lab.settled();
  expect(lab.house.facts("task.gone")).toEqual([]);
  lab.remove("T001-first");
  await lab.settled();
  expect([lab.boards.tasks, lab.boards.scope?.current]).toEqual([{}, []]);
  expect(lab.toUser).toHaveLength(1);
});

test("with the blueprint off, plans, markers and scope are nothing to Muster", async () => {
  lab = new BoardLab(false, { policies: { blueprint: { enabled: false } } });
  lab.write(T1, planText("T001", three));
  await lab.look();
  lab.letter(ANN, BOB, "progress: T001 start\nprogress: T001 nonsense");
  lab.letter(USER, ANN, "make it faster");
  await lab.look();
  expect([lab.boards.tasks, lab.boards.markers, lab.has("scope.yaml"), lab.told(ANN)]).toEqual([{}, [], false, []]);
});

test("P76 a marker waits while its own file changes, and so does what stands behind it", async () => {
  await planned({ [T1]: planText("T001", three), [T2]: planText("T002", three) });
  lab.write(T1, planText("T001", three).replace("it works", "it works well"));
  lab.letter(ANN, BOB, "progress: T002 start\nprogress: T001 start\nprogress: T002.S1 done");
  await lab.look();
  expect([lab.shown("T001"), lab.shown("T002"), lab.boards.markers.length]).toEqual(["planned ppp", "active ipp", 2]);
  await lab.house.clock.pass(300);
  await lab.look();
  expect([lab.shown("T001"), lab.shown("T002"), lab.boards.markers.length]).toEqual(["active ipp", "active cip", 0]);
});

test("P76 a team that has ended moves nothing", async () => {
  await planned({ [T1]: planText("T001", three) });
  lab.house.dispatch({ do: "stop", team: "t", reason: "enough" });
  lab.letter(ANN, USER, "progress: T001 start\nprogress: T001 nonsense");
  expect([lab.boards.markers, lab.told(ANN)]).toEqual([[], []]);
});
