import { expect, test } from "bun:test";
import { currentStep, NotAPlan, progressOf, readPlan } from "./plan.ts";

const step = (n: number, more: object = {}) => ({ id: `S${n}`, name: `step ${n}`, ...more });
const plan = (more: object = {}) => ({ id: "T003", name: "Dashboard", steps: [step(1), step(2)], ...more });

/** `place: message` of what is wrong. */
function wrong(value: unknown, most = 8): string {
  try {
    readPlan(value, 3, most);
  } catch (error) {
    if (error instanceof NotAPlan) return `${error.place}: ${error.message}`;
    throw error;
  }
  return "";
}

test("3.17 a plan is read with its defaults: planned, steps pending, no goal", () => {
  expect(readPlan(plan(), 3, 8)).toEqual({
    ...{ id: "T003", name: "Dashboard", goal: "", status: "planned" },
    steps: [1, 2].map((n) => ({ id: `S${n}`, name: `step ${n}`, done: "", status: "pending", outputs: [] })),
  });
});

test("3.17 both widths of an id are the same task, and keys of one's own are passed over", () => {
  const read = readPlan(
    plan({
      id: "T000003",
      progress: "50 %",
      goal: "see",
      status: "active",
      steps: [
        step(1, { status: "complete", mine: 1 }),
        { ...step(2), id: "S1.1", done: "it runs", outputs: [{ path: "a.ts", note: "n" }, { path: "b.ts" }] },
      ],
    }),
    3,
    8,
  );
  expect(read).toMatchObject({ id: "T003", goal: "see", status: "active" });
  expect(read.steps[1]).toEqual({
    ...{ id: "S1.1", name: "step 2", done: "it runs", status: "pending" },
    outputs: [
      { path: "a.ts", note: "n" },
      { path: "b.ts", note: "" },
    ],
  });
});

test("P75 a plan has 2 to 8 steps; the most is a setting", () => {
  const of = (count: number) => plan({ steps: Array.from({ length: count }, (_, n) => step(n + 1)) });
  expect(wrong(of(9))).toBe("steps: steps 9 > 8");
  expect(wrong(of(1))).toBe("steps: steps 1 < 2");
  expect(wrong(of(8))).toBe("");
  expect(wrong(of(2))).toBe("");
  expect(wrong(of(4), 3)).toBe("steps: steps 4 > 3");
});

test("fault 25 what is no plan is said with its place", () => {
  const cases: [value: unknown, says: string][] = [
    [null, ": keys are needed"],
    ["text", ": keys are needed"],
    [plan({ id: undefined }), "id: a text is needed"],
    [plan({ id: "T3" }), "id: an id such as T007 or T000007 is needed"],
    [plan({ id: "T004" }), "id: T004 stands in the folder of T003"],
    [plan({ name: "" }), "name: it is empty"],
    [plan({ status: "done" }), "status: one of planned, active, complete is needed"],
    [plan({ steps: "S1" }), "steps: a list is needed"],
    [plan({ steps: [step(1), { name: "x" }] }), "steps.1.id: a text is needed"],
    [plan({ steps: [step(1), step(2, { id: "2" })] }), "steps.1.id: an id such as S1 or S1.1 is needed"],
    [
      plan({ steps: [step(1), step(2, { status: "done" })] }),
      "steps.1.status: one of pending, in_progress, complete is needed",
    ],
    [plan({ steps: [step(1), step(2), step(1)] }), "steps.2.id: S1 is there twice"],
    [plan({ steps: [step(1, { outputs: [{}] }), step(2)] }), "steps.0.outputs.0.path: a text is needed"],
  ];
  for (const [value, says] of cases) expect(wrong(value)).toBe(says);
});

test("what a plan says is kept short and safe to print", () => {
  const read = readPlan(
    plan({
      name: `a\u001b[31m${"x".repeat(200)}`,
      goal: "g\n\ng".repeat(200),
      steps: [
        step(1, {
          name: "n".repeat(99),
          done: "d".repeat(999),
          outputs: Array.from({ length: 9 }, () => ({ path: "p" })),
        }),
        step(2),
      ],
    }),
    3,
    8,
  );
  expect(read.name).toHaveLength(80);
  expect(read.name).toStartWith("a\ufffd[31m");
  expect([
    read.goal.length,
    read.steps[0]?.name.length,
    read.steps[0]?.done.length,
    read.steps[0]?.outputs.length,
  ]).toEqual([200, 80, 120, 5]);
});

test("3.17 progress and the present step are computed", () => {
  const of = (...statuses: string[]) =>
    readPlan(plan({ steps: statuses.map((status, n) => step(n + 1, { status })) }), 3, 8);
  expect(progressOf(of("complete", "in_progress", "pending"))).toEqual({ done: 1, of: 3 });
  expect(currentStep(of("complete", "pending", "in_progress"))?.id).toBe("S3");
  expect(currentStep(of("complete", "pending", "pending"))?.id).toBe("S2");
  expect(currentStep(of("complete", "complete"))).toBeUndefined();
});

test("an id of a step is whole", () => {
  for (const id of ["xS1", "S1x", "S1.", "S1.1.1", "S"])
    expect(wrong(plan({ steps: [step(1, { id }), step(2)] }))).toStartWith("steps.0.id: an id such as");
});

test("ids of steps have up to three digits in each part", () => {
  expect(wrong(plan({ steps: [step(1, { id: "S12" }), step(2, { id: "S123.123" })] }))).toBe("");
  expect(wrong(plan({ steps: [step(1), step(1)] }))).toBe("steps.1.id: S1 is there twice");
});
