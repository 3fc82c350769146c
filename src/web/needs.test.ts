import { expect, test } from "bun:test";
import { ANN, BOB, History, hireOf } from "../../test/fakes/history.ts";
import { killedBy } from "../core/job-state.ts";
import { needs } from "../core/needs.ts";
import { totals } from "./totals.ts";
import { doing } from "./words.ts";

const CAT = "c0000003";

function night(): History {
  const history = new History();
  for (const [n, [agent, prompt]] of [
    [ANN, "Speed up the search"],
    [BOB, "Update the payments"],
    [CAT, "Translate the mails"],
  ].entries()) {
    const job = { id: agent ?? "", mid: `muster-1-${n}`, prompt: prompt ?? "" };
    history.dispatch({ do: "start", hire: hireOf(agent ?? ""), job } as never);
    history.open(agent ?? "");
  }
  return history;
}

const heard = (history: History, ...facts: object[]): void => {
  history.fold(facts as never);
};

test("A91 who needs a person, and what went wrong, is told with the order that it is about", () => {
  const history = night();
  heard(
    history,
    { type: "permission.asked", agent: BOB, question: "q1", tool: "Bash", input: '{"command":"npm test"}' },
    { type: "job.finished", job: ANN, outcome: "failed", reason: "exit code 3" },
  );
  const told = needs(history.state, history.at).map(({ kind, who, what, task, why }) => [kind, who, what, task, why]);
  expect(told).toEqual([
    ["asks", BOB, "asks to use Bash", "Update the payments", "npm test"],
    ["wrong", ANN, "failed", "Speed up the search", "exit code 3"],
  ]);
});

test("A91 what a person killed is no news to them; what a lead killed is", () => {
  const history = night();
  heard(
    history,
    { type: "job.finished", job: ANN, outcome: "failed", reason: killedBy({ kind: "person" }) },
    { type: "job.finished", job: BOB, outcome: "failed", reason: killedBy({ kind: "agent", agent: "orch" }) },
  );
  expect(needs(history.state, history.at).map(({ who, why }) => [who, why])).toEqual([[BOB, "killed by orch"]]);
});

test("A91 a usage limit that ends by itself says when, and is no failure", () => {
  const history = night();
  heard(history, { type: "limit.reached", agent: CAT, until: 1_700_000_000_000, isKnown: true });
  heard(history, { type: "agent.changed", agent: CAT, activity: "limited", detail: "rate_limit" });
  const [need] = needs(history.state, history.at);
  expect(need).toMatchObject({ task: "Translate the mails", isPassing: true, until: 1_700_000_000_000, why: "" });
  expect(doing(history.state.agents[CAT] as never)).toMatch(/^usage limit until \d\d:\d\d:\d\d$/);
  heard(history, { type: "limit.reached", agent: CAT, until: 1_700_000_000_000, isKnown: false });
  expect(doing(history.state.agents[CAT] as never)).toBe("usage limit, tried again by itself");
});

test("A91 the night's cost counts turns that have not ended; whoever works unpriced is said to be unknown", () => {
  const history = night();
  const cost = () => {
    const { cost, unpriced } = totals(history.state, 0);
    return [cost, unpriced];
  };
  expect(cost()).toEqual([0, 0]);
  heard(history, { type: "usage.measured", agent: ANN, contextTokens: 1000, contextSize: 200_000, cost: 1.5 });
  expect(cost()).toEqual([1.5, 0]);
  heard(history, { type: "agent.changed", agent: BOB, activity: "busy" }, { type: "turn.started", agent: BOB });
  expect(cost()).toEqual([1.5, 1]);
});

test("A91 the failures of the night are those that are listed: what a person killed is none", () => {
  const history = night();
  heard(
    history,
    { type: "job.finished", job: ANN, outcome: "failed", reason: "exit code 3" },
    { type: "job.finished", job: BOB, outcome: "failed", reason: "killed by user" },
  );
  const listed = needs(history.state, history.at).filter(({ kind }) => kind === "wrong");
  expect([totals(history.state, 0).failed, listed.length]).toEqual([1, 1]);
});
