import { expect, test } from "bun:test";
import { markersIn, quickTasksIn } from "./markers.ts";

const one = (line: string) => {
  const [marker, ...others] = markersIn(line);
  expect(others).toEqual([]);
  return marker;
};

test("P76 a marker names a task or a step, and what became of it", () => {
  expect(one("progress: T001.S1 done")).toEqual({
    text: "progress: T001.S1 done",
    task: "T001",
    step: "S1",
    action: "done",
  });
  expect(one("  progress: T000001 start  ")).toEqual({
    text: "progress: T000001 start",
    task: "T001",
    action: "start",
  });
  expect(one("progress: T001.S1.2 in_progress")).toMatchObject({ step: "S1.2", action: "in_progress" });
  expect(one("progress: T001.S2 blocked: no key for it")).toMatchObject({ action: "blocked", reason: "no key for it" });
  expect(one("progress: T001 promoted")).toMatchObject({ task: "T001", action: "promoted" });
});

test("P76 complete is done, and case and a dash do not matter", () => {
  expect(one("progress: T001 complete")).toMatchObject({ action: "done" });
  expect(one("Progress: t001.s1 COMPLETE")).toMatchObject({ task: "T001", step: "S1", action: "done" });
  expect(one("progress:T001.S1 in-progress")).toMatchObject({ action: "in_progress" });
});

test("P76 several markers of a letter come in their order", () => {
  const letter = "<TO_PEER>\nprogress: T001.S1 done\r\nwords\nprogress: T001.S2 done\nprogress: T002 start\n</TO_PEER>";
  expect(markersIn(letter).map(({ text }) => text)).toEqual([
    "progress: T001.S1 done",
    "progress: T001.S2 done",
    "progress: T002 start",
  ]);
});

test("P76 a marker stands alone on its line, outside of code fences", () => {
  for (const text of [
    "I write progress: T001.S1 done",
    "- progress: T001.S1 done",
    "```\nprogress: T001.S1 done\n```",
    "~~~~\nprogress: T001 start\n~~~\nprogress: T001 start\n~~~~",
    "Progress(tag=impl): T001.S1 done",
    "progress: the tests pass now",
    "progress:",
  ])
    expect([text, markersIn(text)]).toEqual([text, []]);
  expect(markersIn("```\na\n```\nprogress: T001 start")).toHaveLength(1);
});

test("P76 what wants to be a marker and is none says why", () => {
  const cases: [line: string, problem: string][] = [
    ["progress: T001", "it names no action"],
    ["progress: T001.S1", "it names no action"],
    ["progress: T001 finished", "a task knows no action finished"],
    ["progress: T001 blocked: x", "a task knows no action blocked: x"],
    ["progress: T001 in_progress", "a task knows no action in_progress"],
    ["progress: T001.S1 start", "a step knows no action start"],
    ["progress: T001.S1 promoted", "a step knows no action promoted"],
    ["progress: T001.S1 done and more", "a step knows no action done and more"],
    ["progress: T001.S1 blocked", "blocked needs a reason: blocked: <reason>"],
    ["progress: T001.S1 blocked:", "blocked needs a reason: blocked: <reason>"],
    ["progress: T1 start", "T1 is no id of a task or step"],
    ["progress: S1 done", "S1 is no id of a task or step"],
    ["progress: T001.X1 done", "T001.X1 is no id of a task or step"],
    ["progress: 1 done", "1 is no id of a task or step"],
  ];
  for (const [text, problem] of cases) expect(one(text)).toEqual({ text, problem });
});

test("P74 an author says that something is a quick task, outside of fences", () => {
  expect(quickTasksIn("quick: fix the typo  \n```\nquick: no\n```\n Quick: bump it\nquick:\nis quick: x")).toEqual([
    "fix the typo",
    "bump it",
  ]);
});

test("P76 a step of two digits is one, too", () => {
  expect(one("progress: T001.S12.34 done")).toMatchObject({ step: "S12.34" });
});

test("P76 what stands behind blocked is its reason, over blanks and colons; a word in front of an action makes it none", () => {
  expect(one("progress: T001.S1 blocked:   a: b ")).toMatchObject({ action: "blocked", reason: "a: b" });
  expect(one("progress: T001 1 done")).toEqual({
    text: "progress: T001 1 done",
    problem: "a task knows no action 1 done",
  });
});

test("P74 blanks around a quick task are none of it", () => {
  expect(quickTasksIn("  QUICK: \t  fix it \t\nquick:\nquick: \nno quick: x")).toEqual(["fix it"]);
});

test("a letter without markers and quick tasks has none", () => {
  expect([markersIn("words"), quickTasksIn("words"), markersIn("```\nprogress: T001 done\n```")]).toEqual([[], [], []]);
});
