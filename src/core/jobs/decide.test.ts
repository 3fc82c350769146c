import { beforeEach, expect, test } from "bun:test";
import { ANN, History } from "../../../test/fakes/history.ts";
import type { CommandOf } from "../commands.ts";
import { jobRow, jobRows } from "../job-row.ts";
import { Refusal } from "../refusal.ts";
import { jobMeant, nextJobId } from "./numbering.ts";

let it: History;
beforeEach(() => {
  it = new History();
  const hire = { agent: ANN, driver: "standin", cwd: "/r", permission: "workspace-write" } as const;
  it.dispatch({ do: "start", hire, job: { id: ANN, mid: "m-1", prompt: "one" } });
  it.open(ANN);
});

const SECOND = `${ANN}#2`;
const again = (more: Partial<CommandOf<"reuse">> = {}): string[] =>
  it.dispatch({ do: "reuse", agent: ANN, job: { id: SECOND, mid: "m-2", prompt: "two" }, control: "c-1", ...more });
const arrive = (mid: string) =>
  it.observe(
    { type: "message.typing", mid, attempt: 1, incarnation: 1, nextAt: 0 },
    { type: "message.delivered", mid, evidence: "transcript" },
  );
/** The first job is done. */
function done(): void {
  it.observe({ type: "session.started", agent: ANN, session: "s-1", transcript: "/t1" });
  arrive("m-1");
  it.observe({ type: "usage.measured", agent: ANN, contextTokens: 500 });
  it.observe({ type: "job.finished", job: ANN, outcome: "completed", reason: "" });
}
function refused(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (error instanceof Refusal) return `${error.code}: ${error.message}`;
    throw error;
  }
  return "granted";
}

test("A19 a reuse is a clear, another job, and its prompt, in this order; the same one again is nothing", () => {
  done();
  expect(again()).toEqual(["control.requested", "job.created", "message.queued"]);
  expect(again()).toEqual([]);
  expect(it.state.agents[ANN]?.controls).toEqual([{ id: "c-1", action: "clear", session: "s-1" }]);
  expect(it.state.jobs[SECOND]?.awaits).toBe("c-1");
  expect(nextJobId(it.state, ANN)).toBe(`${ANN}#3`);
});

test("A19 the job before keeps its tokens, conversation and part of the record; the next begins with none", () => {
  done();
  again({ logFrom: 4096 });
  const closed = { usage: { contextTokens: 500 }, session: "s-1", transcript: "/t1", logTo: 4096 };
  expect(it.state.jobs[ANN]).toMatchObject({ outcome: "completed", closed });
  expect([it.state.agents[ANN]?.usage, it.state.jobs[SECOND]?.logFrom]).toEqual([undefined, 4096]);
  const rows = jobRows(it.state).map(({ id, usage, session, state }) => [id, usage?.contextTokens, session, state]);
  expect(rows).toContainEqual([`${ANN}#1`, 500, "s-1", "completed"]);
  expect([jobMeant(it.state, ANN, ANN)?.id, jobMeant(it.state, ANN, `${ANN}#1`)?.id]).toEqual([SECOND, ANN]);
});

test("A19 the prompt's turn comes only once the clear was done; one that was not leaves it closed", () => {
  done();
  again();
  it.observe({ type: "control.finished", agent: ANN, control: "c-0", ok: true, reason: "" });
  it.observe({ type: "control.finished", agent: ANN, control: "c-1", ok: false, reason: "x" });
  expect(it.state.jobs[SECOND]?.awaits).toBe("c-1");
  it.observe({ type: "job.finished", job: SECOND, outcome: "failed", reason: "x" });
  expect(it.state.jobs[SECOND]?.awaits).toBeUndefined();
});

test("A19 without --force an agent is left alone that works, whose job is open, or to which a message is on its way", () => {
  expect(refused(again)).toBe(`state: job ${ANN} has not ended`);
  it.observe({ type: "agent.changed", agent: ANN, activity: "busy" });
  expect(refused(again)).toBe(`state: agent ${ANN} is busy`);
  it.observe({ type: "agent.changed", agent: ANN, activity: "idle" });
  done();
  it.send(ANN, { mid: "m-9" });
  expect(refused(again)).toBe(`state: a message to agent ${ANN} is on its way`);
  arrive("m-9");
  expect(refused(again)).toBe("granted");
  expect(refused(() => again({ job: { id: `${ANN}#3`, mid: "m-3", prompt: "x" } }))).toBe(
    `state: agent ${ANN} is being cleared for another job`,
  );
});

test("A19 its own prompt's late receipt is no message on its way", () => {
  it.observe({ type: "message.typing", mid: "m-1", attempt: 1, incarnation: 1, nextAt: 0 });
  it.observe({ type: "job.finished", job: ANN, outcome: "completed", reason: "" });
  expect(refused(again)).toBe("granted");
});

test("A19 --force interrupts the turn, fails the open job, and says so of every message that is lost by it", () => {
  it.observe({ type: "agent.changed", agent: ANN, activity: "busy" });
  const types = ["control.requested", "job.finished", "message.died", "control.requested", "job.created"];
  expect(again({ isForced: true })).toEqual([...types, "message.queued"]);
  expect(it.state.agents[ANN]?.controls.map(({ action }) => action)).toEqual(["interrupt", "clear"]);
  expect(it.state.jobs[ANN]).toMatchObject({ outcome: "failed", reason: `given up for ${SECOND}` });
  expect(it.message("m-1")).toMatchObject({ state: "dead", reason: `given up for ${SECOND}` });
});

test("A19 --force does not press Escape in a dialog, nor revive a program, nor take a team's member", () => {
  it.observe({ type: "agent.changed", agent: ANN, activity: "waiting" });
  expect(refused(() => again({ isForced: true }))).toBe(`state: a dialog of agent ${ANN} is open`);
  it.observe({ type: "terminal.exited", agent: ANN, incarnation: 1, code: 0, signal: null });
  expect(refused(() => again({ isForced: true }))).toBe(`state: agent ${ANN} has no program any more`);
  it.hire("b0000002", { team: "pair" });
  expect(refused(() => again({ agent: "b0000002" }))).toBe("state: agent b0000002 is a member of team pair");
  expect(refused(() => again({ agent: "c0000003" }))).toBe("missing: no agent c0000003");
  expect(refused(() => again({ job: { id: SECOND, mid: "m-2", prompt: "a\u0000" } }))).toStartWith("usage: ");
});

test("A17 a discarded agent is ended first, is shown nowhere, and goes from the state once its files are gone", () => {
  expect(it.dispatch({ do: "discard", agent: ANN })).toEqual([
    ...["agent.dismissed", "job.finished", "message.died", "agent.discarded"],
  ]);
  expect(it.dispatch({ do: "discard", agent: ANN })).toEqual([]);
  const job = it.state.jobs[ANN];
  expect([jobRows(it.state), job && jobRow(it.state, job)]).toEqual([[], undefined]);
  it.observe({ type: "agent.removed", agent: ANN });
  expect([it.state.agents[ANN], it.state.jobs[ANN]]).toEqual([undefined, undefined]);
});

test("A17 files of an agent that nobody discarded are never reported as removed; a team's member is refused", () => {
  expect(it.observe({ type: "agent.removed", agent: ANN })).toEqual([]);
  it.hire("b0000002", { team: "pair" });
  expect(refused(() => it.dispatch({ do: "discard", agent: "b0000002" }))).toStartWith(
    "state: agent b0000002 is a member",
  );
});
