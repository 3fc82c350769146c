import { afterEach, beforeEach, expect, test } from "bun:test";
import { House } from "../../test/fakes/house.ts";
import type { Activity } from "../core/facts.ts";
import { questionRule } from "./questions.ts";

const ANN = "0000000a";
let house: House;

beforeEach(() => {
  house = new House([questionRule]);
  house.start(ANN);
  house.open(ANN);
  be("busy");
  house.observe({ type: "permission.asked", agent: ANN, question: "q1", tool: "Bash", input: "ls" });
});
afterEach(() => house.end());

const be = (activity: Activity) => house.observe({ type: "agent.changed", agent: ANN, activity, detail: "" });
const withdrawn = () => house.facts("permission.answered").map(({ question, choice }) => `${question} ${choice}`);

test("a question that was answered at the keyboard is withdrawn when its agent goes on", async () => {
  be("waiting");
  await house.clock.pass(1000);
  be("busy");
  expect(withdrawn()).toEqual(["q1 withdrawn"]);
  expect(house.state.agents[ANN]?.question).toBeUndefined();
});

test("what a record tells late, of the time before the question, withdraws nothing", async () => {
  be("idle");
  await house.clock.pass(999);
  be("busy");
  expect(withdrawn()).toEqual([]);
  be("waiting");
  await house.clock.pass(60_000);
  expect(house.state.agents[ANN]?.question?.id).toBe("q1");
});

test("with the end of its turn no question is open, however soon", () => {
  house.observe({ type: "turn.ended", agent: ANN, outcome: "done", summary: "" });
  expect(withdrawn()).toEqual(["q1 withdrawn"]);
  house.observe({ type: "turn.ended", agent: ANN, outcome: "done", summary: "" });
  expect(withdrawn()).toHaveLength(1);
});
