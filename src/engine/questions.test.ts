import { afterEach, beforeEach, expect, test } from "bun:test";
import { House } from "../../test/fakes/house.ts";
import type { Activity } from "../core/facts.ts";
import { questionRule } from "./questions.ts";

const ANN = "0000000a";
let house: House;

beforeEach(async () => {
  house = new House([questionRule]);
  house.start(ANN);
  house.open(ANN);
  await be("busy");
  house.observe({ type: "permission.asked", agent: ANN, question: "q1", tool: "Bash", input: "ls" });
});
afterEach(() => house.end());

/** It is so, a moment later. */
async function be(activity: Activity): Promise<void> {
  await house.clock.pass(1);
  house.observe({ type: "agent.changed", agent: ANN, activity, detail: "" });
}
const withdrawn = () => house.facts("permission.answered").map(({ question, choice }) => `${question} ${choice}`);

test("a question that was answered at the keyboard is withdrawn when its agent goes on, or rests", async () => {
  await be("waiting");
  await be("busy");
  expect(withdrawn()).toEqual(["q1 withdrawn"]);
  expect(house.state.agents[ANN]?.question).toBeUndefined();
  house.observe({ type: "permission.asked", agent: ANN, question: "q2", tool: "Bash", input: "ls" });
  await be("waiting");
  await be("idle");
  expect(withdrawn()).toEqual(["q1 withdrawn", "q2 withdrawn"]);
  await be("busy");
  expect(withdrawn()).toHaveLength(2);
});

test("a dialog that the record told of before the hook asked counts for its question", async () => {
  await be("waiting");
  await be("busy");
  await be("waiting");
  house.observe({ type: "permission.asked", agent: ANN, question: "q2", tool: "Bash", input: "ls" });
  await be("busy");
  expect(withdrawn()).toEqual(["q1 withdrawn", "q2 withdrawn"]);
});

test("what a record tells late, of the time before the question, withdraws nothing, however late", async () => {
  await be("idle");
  await house.clock.pass(10_000);
  await be("busy");
  await be("waiting");
  await house.clock.pass(60_000);
  expect([withdrawn(), house.state.agents[ANN]?.question?.id]).toEqual([[], "q1"]);
});

test("the next question of an agent is not taken for the one before, whose end is told late", async () => {
  await be("waiting");
  house.observe({ type: "permission.asked", agent: ANN, question: "q2", tool: "Bash", input: "rm" });
  await be("busy");
  expect([withdrawn(), house.state.agents[ANN]?.question?.id]).toEqual([[], "q2"]);
  await be("waiting");
  await be("busy");
  expect(withdrawn()).toEqual(["q2 withdrawn"]);
});
