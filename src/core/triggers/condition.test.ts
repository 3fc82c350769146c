import { expect, test } from "bun:test";
import { expanded, isMeant, isOver, parseCondition, parseEvent, parseThreshold } from "./condition.ts";

function refusal(ask: () => unknown): unknown[] {
  try {
    ask();
  } catch (error) {
    const { code, message, hint } = error as { code?: string; message: string; hint?: string };
    return [code, message, hint];
  }
  return [];
}

test("A67 a threshold is a metric, a comparison and a number", () => {
  expect(parseThreshold(" queue_depth>=5 ")).toEqual({ metric: "queue_depth", operator: ">=", limit: 5 });
  expect(parseThreshold("context_used_pct < -0.25")).toEqual({
    metric: "context_used_pct",
    operator: "<",
    limit: -0.25,
  });
  expect(
    ["active_agents", "idle_seconds"].map((metric) => parseThreshold(`${metric}  ==  10`).metric as string),
  ).toEqual([...["active_agents", "idle_seconds"]]);
});

test("A67 what is no threshold is refused with an example, an unknown metric with those there are", () => {
  const form = "METRIC OP NUMBER, such as queue_depth >= 5";
  for (const text of ["", "queue_depth", "queue_depth => 5", "queue_depth >= 5x", "x y >= 5", "queue_depth >= 5."])
    expect(refusal(() => parseThreshold(text))).toEqual(["usage", `${JSON.stringify(text)} is no threshold`, form]);
  expect(refusal(() => parseThreshold("depth >= 5"))).toEqual([
    ...["usage", "depth is no metric", "context_used_pct, queue_depth, active_agents, idle_seconds"],
  ]);
});

test("A67 each comparison holds below, at and above its limit as it says", () => {
  const holds = (operator: string) =>
    [4, 5, 6].filter((value) => isOver({ metric: "queue_depth", operator, limit: 5 }, value));
  expect([">=", "<=", ">", "<", "==", "!="].map(holds)).toEqual([[5, 6], [4, 5], [6], [4], [5], [4, 6]]);
  expect(holds("=>")).toEqual([]);
});

test("A68 an event is its name, or its name and what one of its parts must be", () => {
  expect(parseEvent(" job_failed ")).toEqual({ event: "job_failed" });
  expect(parseEvent("job_updated where job.status == failed")).toEqual({
    ...{ event: "job_updated", filter: { path: "job.status", isEqual: true, value: "failed" } },
  });
  expect(parseEvent("hook_event  where  tool!=Read  ")).toEqual({
    ...{ event: "hook_event", filter: { path: "tool", isEqual: false, value: "Read" } },
  });
});

test("A68 quotes around a value are not part of it, when they are the same on both sides", () => {
  const value = (text: string) => parseEvent(`hook_event where a == ${text}`).filter?.value;
  expect([`"two words"`, `'one'`, `"half`, `"mixed'`, `a "b" c`].map(value)).toEqual([
    ...["two words", "one", `"half`, `"mixed'`, `a "b" c`],
  ]);
});

test("A68 what is no event is refused with the forms there are, an unknown name with the known ones", () => {
  const form = "NAME, or NAME where job.status == failed";
  for (const text of ["", "job failed", "job_failed where", "job_failed where a = b", "job_failed where a =="])
    expect(refusal(() => parseEvent(text))).toEqual(["usage", `${JSON.stringify(text)} is no event`, form]);
  const names =
    "job_created, job_updated, job_completed, job_failed, hook_event, orchestrator_status_change, orchestrator_context_warn, queue_update, pulse_tick";
  expect(refusal(() => parseEvent("job_done"))).toEqual(["usage", "job_done is no event", names]);
});

test("A66 A67 A68 a condition is read as its trigger's kind says", () => {
  expect(parseCondition("threshold", "queue_depth > 1")).toMatchObject({ metric: "queue_depth" });
  expect(parseCondition("event", "pulse_tick")).toEqual({ event: "pulse_tick" });
  expect(refusal(() => parseCondition("cron", "pulse_tick"))[0]).toBe("usage");
  expect(refusal(() => parseCondition("cron", "0 0 30 2 *"))).toEqual([
    ...["usage", "0 0 30 2 * never comes", "a day that one of its months has"],
  ]);
  expect(parseCondition("cron", "0 2 * * *")).not.toHaveProperty("event");
});

const TOLD = { job: { id: "a1", code: 3, tags: ["x"], gone: null, ok: false }, tool: "Bash" };

test("A68 a filter compares texts; what is not told equals nothing", () => {
  const is = (filter: string) => isMeant(parseEvent(`hook_event where ${filter}`), TOLD);
  expect([is("tool == Bash"), is("tool == Read"), is("job.code == 3"), is("job.ok == false")]).toEqual([
    ...[true, false, true, true],
  ]);
  expect([is("tool != Bash"), is("tool != Read"), is("job.other != x"), is("job.other == undefined")]).toEqual([
    ...[false, true, true, false],
  ]);
  expect([
    is("tool.length == 4"),
    is("job.gone.x == null"),
    is("toString == x"),
    is("constructor.name == Object"),
  ]).toEqual([false, false, false, false]);
  expect(isMeant({ event: "hook_event" }, TOLD)).toBe(true);
});

test("A70 what happened is put into a text; what was not told is said there", () => {
  expect(expanded("{{job.id}} ended with {{ job.code }}: {{job.tags}} {{job.ok}}", TOLD)).toBe(
    'a1 ended with 3: ["x"] false',
  );
  expect(expanded("{{job.gone}} {{Job.x}} {{job.other}}", TOLD)).toBe("(no job.gone) (no Job.x) (no job.other)");
  expect(expanded("{{}} {{1x}} {job.id} {{job id}}", TOLD)).toBe("{{}} {{1x}} {job.id} {{job id}}");
});
