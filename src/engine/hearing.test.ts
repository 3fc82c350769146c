import { expect, test } from "bun:test";
import { ANN } from "../../test/fakes/history.ts";
import type { Driver, Reading, Signal } from "../core/ports.ts";
import { hear } from "./hearing.ts";

const NOW = Date.UTC(2026, 10, 26, 12, 0);
const HOOK: Signal = { from: "hook", event: "Stop", payload: {} };
const RECORD: Signal = { from: "record", record: {} };

/** The facts of a signal which a driver reads so. */
function facts(
  reading: Reading | null,
  { signal = HOOK, keepsRecord = false, question = "q-1" as string | null } = {},
) {
  const driver = { hear: () => reading, ...(keepsRecord ? { record: () => "/r" } : {}) } as unknown as Driver;
  const command = hear(driver, { agent: ANN, signal, row: 7, question: question ?? undefined, now: NOW, zone: "UTC" });
  return command.do === "observe" ? command.facts : [];
}
const HEARD = { type: "hook.heard", agent: ANN, event: "Stop", tool: undefined, row: 7 };

test("a hook is a fact of its own, whatever it says; other signals are none", () => {
  expect(facts(null)).toEqual([HEARD] as never);
  expect(facts({ tool: "Bash" })).toEqual([{ ...HEARD, tool: "Bash" }] as never);
  expect(facts(null, { signal: RECORD })).toEqual([]);
});

test("what a reading sets becomes facts, in the order in which they are true", () => {
  const reading: Reading = {
    ...{ session: "s", transcript: "/t", usage: { contextTokens: 5 }, turn: "done", summary: "did\nit" },
    ...{ activity: "idle", detail: "x", question: { tool: "Bash", input: "ls" } },
  };
  expect(facts(reading).slice(1)).toEqual([
    { type: "session.started", agent: ANN, session: "s", transcript: "/t" },
    { type: "usage.measured", agent: ANN, contextTokens: 5 },
    { type: "permission.asked", agent: ANN, question: "q-1", tool: "Bash", input: "ls" },
    { type: "turn.ended", agent: ANN, outcome: "done", summary: "did it" },
    { type: "agent.changed", agent: ANN, activity: "idle", detail: "x" },
  ]);
});

test("a turn that starts, ends well or fails", () => {
  expect(facts({ turn: "started" }).slice(1)).toEqual([{ type: "turn.started", agent: ANN }]);
  expect(facts({ turn: "failed" }).slice(1)).toEqual([
    { type: "turn.ended", agent: ANN, outcome: "failed", summary: "" },
  ]);
  const [, ended] = facts({ turn: "done", summary: "x".repeat(900) });
  expect(ended?.type === "turn.ended" && ended.summary).toHaveLength(500);
});

test("a question without a way to answer it is none of ours", () => {
  const question = { tool: "Bash", input: "x".repeat(5000) };
  expect(facts({ question }, { question: null }).slice(1)).toEqual([]);
  const [, asked] = facts({ question });
  expect(asked?.type === "permission.asked" && asked.input).toHaveLength(2000);
});

test("the end of a program is told by its terminal, not by its hook", () => {
  expect(facts({ activity: "exited" })).toEqual([HEARD] as never);
});

test("a CLI that keeps a record is believed there about what it does; a limit is known from hooks alone", () => {
  const told = (activity: Reading["activity"], signal: Signal) =>
    facts({ activity }, { signal, keepsRecord: true }).some(({ type }) => type === "agent.changed");
  expect(told("idle", HOOK)).toBe(false);
  expect(told("limited", HOOK)).toBe(true);
  expect(told("idle", RECORD)).toBe(true);
  expect(facts({ activity: "idle" }).some(({ type }) => type === "agent.changed")).toBe(true);
});

test("P55 a context that was made smaller is a fact", () => {
  expect(facts({ isCompacted: true, activity: "idle" }).slice(1)).toEqual([
    { type: "session.compacted", agent: ANN },
    { type: "agent.changed", agent: ANN, activity: "idle", detail: undefined },
  ]);
});

test("P38 what a hook says was read stands in its fact", () => {
  expect(facts({ tool: "Read", reads: "/inbox/x" })).toEqual([{ ...HEARD, tool: "Read", reads: "/inbox/x" }] as never);
});
