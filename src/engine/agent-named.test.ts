import { beforeEach, expect, test } from "bun:test";
import { ANN, BOB, History, hireOf } from "../../test/fakes/history.ts";
import { refusal } from "../../test/fakes/refusal.ts";
import { agentNamed, parentNamed } from "./agent-named.ts";

let it: History;
beforeEach(() => {
  it = new History();
  for (const agent of [ANN, BOB]) it.hire(agent);
});

const named = (given: string) => agentNamed(it.state, given).hire.agent;

test("an agent is named by its id, a job of it, or the first four characters or more", () => {
  expect([ANN, `${ANN}#2`, "a000", "a0000", `${BOB.slice(0, 7)}#1`].map(named)).toEqual([ANN, ANN, ANN, ANN, BOB]);
});

test("fewer than four characters name nobody, and neither does the end of an id", () => {
  for (const given of ["a00", "", "#2", "0000001", "beef"])
    expect(refusal(() => named(given))).toEqual(["missing", `no agent or job ${given}`, "muster jobs lists them"]);
});

test("what several agents begin with is refused with each of them; a whole id is never ambiguous", () => {
  it.hire(`${ANN.slice(0, 7)}9`);
  expect(refusal(() => named("a000"))).toEqual([
    ...["usage", "a000 is ambiguous", `it could be ${ANN}, ${ANN.slice(0, 7)}9`],
  ]);
  expect(named(ANN)).toBe(ANN);
});

test("a seat names who sits in it, whatever its case, until that agent is dismissed", () => {
  const [first, second] = ["c0000003", "d0000004"];
  for (const [agent, seat] of [
    [first, "PeerA"],
    [second, "Ed"],
  ] as const)
    it.fold([{ type: "agent.hired", hire: hireOf(agent, { team: "pair", seat }) }]);
  expect(["peera", "PEERA#2", "ed"].map(named)).toEqual([first, first, second]);
  it.fold([{ type: "agent.dismissed", agent: first, reason: "over" }]);
  expect(refusal(() => named("PeerA"))[0]).toBe("missing");
});

test("a seat in two teams, or one that is another's id, is ambiguous", () => {
  const seats = ["c0000003", "d0000004"];
  for (const agent of seats) it.fold([{ type: "agent.hired", hire: hireOf(agent, { team: agent, seat: "b000" }) }]);
  expect(refusal(() => named("b000"))[2]).toBe(`it could be ${BOB}, c0000003, d0000004`);
});

test("A8 a job comes after one that runs or is completed, not after one that has none or failed", () => {
  expect(refusal(() => parentNamed(it.state, ANN))).toEqual(["usage", `agent ${ANN} has no job`, "name one that has"]);
  const job = { id: "c0000003", mid: "m-1", prompt: "go" };
  it.dispatch({ do: "start", hire: hireOf("c0000003"), job });
  expect(parentNamed(it.state, "c000")).toBe("c0000003");
  it.observe({ type: "job.finished", job: job.id, outcome: "completed", reason: "" });
  expect(parentNamed(it.state, "c000")).toBe("c0000003");
  it.dispatch({ do: "start", hire: hireOf("d0000004"), job: { id: "d0000004", mid: "m-2", prompt: "go" } });
  it.observe({ type: "job.finished", job: "d0000004", outcome: "failed", reason: "" });
  expect(refusal(() => parentNamed(it.state, "d000"))).toEqual([
    ...["state", "the job of d0000004 has failed: what comes after it would never begin"],
  ]);
});
