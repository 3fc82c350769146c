import { expect, test } from "bun:test";
import { type Marker, markersIn } from "./markers.ts";
import { changed, changesBetween, move } from "./moves.ts";
import type { Plan, StepStatus, TaskStatus } from "./plan.ts";

const WORDS: Record<string, StepStatus> = { p: "pending", i: "in_progress", c: "complete" };

/** `planned ppp`: a status and one letter for each step. */
function planOf(text: string): Plan {
  const [status = "", steps = ""] = text.split(" ");
  return {
    ...{ id: "T001", name: "n", goal: "", status: status as TaskStatus },
    steps: [...steps].map((letter, n) => ({
      id: `S${n + 1}`,
      name: "",
      done: "",
      status: WORDS[letter] ?? "pending",
      outputs: [],
    })),
  };
}

const shown = ({ status, steps }: Plan): string => `${status} ${steps.map((step) => step.status[0]).join("")}`;
const after = (plan: string, marker: string, isAutomatic = true): string =>
  shown(move(planOf(plan), markersIn(`progress: ${marker}`)[0] as Marker, isAutomatic).plan);

test("3.17 start makes a task active and its first open step the present one", () => {
  expect(after("planned ppp", "T001 start")).toBe("active ipp");
  expect(after("planned cpp", "T001 start")).toBe("active cip");
  expect(after("planned pip", "T001 start")).toBe("active pip");
});

test("3.17 a step that is done hands on to the next one", () => {
  expect(after("active ipp", "T001.S1 done")).toBe("active cip");
  expect(after("active cip", "T001.S2 complete")).toBe("active cci");
  expect(after("planned ppp", "T001.S1 done")).toBe("active cip");
});

test("3.17 the next one is the next behind it, else the first that is left; one that is worked on already stays", () => {
  expect(after("active pip", "T001.S2 done")).toBe("active pci");
  expect(after("active ppi", "T001.S3 done")).toBe("active ipc");
  expect(after("active iip", "T001.S1 done")).toBe("active cip");
  expect(after("active ipp", "T001.S3 done")).toBe("active ipc");
});

test("3.17 the last step completes its task, unless that is left to a marker", () => {
  expect(after("active cci", "T001.S3 done")).toBe("complete ccc");
  expect(after("active cci", "T001.S3 done", false)).toBe("active ccc");
  expect(after("active ccc", "T001 done", false)).toBe("complete ccc");
});

test("3.17 done closes a task with whatever is open; promoted and blocked change no status", () => {
  expect(after("active cip", "T001 done")).toBe("complete ccc");
  expect(after("planned pp", "T001 promoted")).toBe("planned pp");
  expect(after("active ip", "T001.S1 blocked: no key")).toBe("active ip");
});

test("3.17 a step may be taken up again, and its task with it", () => {
  expect(after("complete cc", "T001.S1 in_progress")).toBe("active ic");
  expect(after("planned pp", "T001.S2 in_progress")).toBe("active pi");
});

test("a marker that is applied twice changes nothing the second time", () => {
  for (const [plan, marker] of [
    ["planned ppp", "T001 start"],
    ["active ipp", "T001.S1 done"],
    ["active cci", "T001.S3 done"],
    ["active cip", "T001 done"],
    ["active cip", "T001.S2 in_progress"],
  ] as const) {
    const once = after(plan, marker);
    expect(after(once, marker)).toBe(once);
  }
  expect(after("active cpi", "T001.S1 done")).toBe("active cpi");
  expect(after("complete ccc", "T001 start")).toBe("complete ccc");
  expect(after("active ccp", "T001 start")).toBe("active ccp");
});

test("a move names exactly the fields that change, the task's last", () => {
  const { changes } = move(planOf("planned pp"), markersIn("progress: T001 start")[0] as Marker, true);
  expect(changes).toEqual([{ step: "S1", status: "in_progress" }, { status: "active" }]);
  expect(move(planOf("active ip"), markersIn("progress: T001 start")[0] as Marker, true).changes).toEqual([]);
});

test("changes lead from one view to the other; steps that only one of them has are left alone", () => {
  const from = planOf("planned pp");
  const to = planOf("active cip");
  const changes = changesBetween(from, to);
  expect(changes).toEqual([
    { step: "S1", status: "complete" },
    { step: "S2", status: "in_progress" },
    { status: "active" },
  ]);
  expect(shown(changed(from, changes))).toBe("active ci");
  expect(changed(from, [])).toEqual(from);
  expect(changesBetween(from, from)).toEqual([]);
});
