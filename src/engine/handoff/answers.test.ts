import { afterEach, beforeEach, expect, test } from "bun:test";
import { ANN, BOB } from "../../../test/fakes/history.ts";
import { PairHouse } from "../../../test/fakes/pair-house.ts";

let it: PairHouse;
const say = (n: number): string =>
  `Progress: step number ${n} of the long plan, done and written down here ${"abcdefghij"[n % 10]?.repeat(n + 5)}.`;

beforeEach(() => {
  it = new PairHouse({ changes: { policies: { handoff_filter: { enabled: false } } } });
});
afterEach(() => it.end());

test("P38 a letter answers what its reader wrote and what was delivered; nothing else, and each once", () => {
  const asked = it.write(ANN, BOB, say(1));
  it.deliver(asked);
  const waits = it.write(ANN, BOB, say(2));
  const own = it.write(BOB, ANN, say(3));
  expect(it.facts("message.answered")).toMatchObject([{ mid: asked, answer: own }]);
  it.deliver(own);
  it.write(BOB, ANN, say(4));
  expect(it.facts("message.answered")).toHaveLength(1);
  it.deliver(waits);
  it.write(BOB, "user", say(5));
  expect(it.facts("message.answered")).toHaveLength(1);
  it.write(BOB, ANN, say(6));
  expect(it.facts("message.answered").map(({ mid }) => mid)).toEqual([asked, waits]);
});

test("P38 what is no letter answers nothing", () => {
  const asked = it.write(ANN, BOB, say(1));
  it.deliver(asked);
  it.dispatch({ do: "send", letter: { mid: "s-1", from: BOB, to: ANN, kind: "system", text: "x", team: "pair" } });
  expect(it.facts("message.answered")).toEqual([]);
});

test("P33 a letter to oneself is no handoff", () => {
  it.write(ANN, ANN, say(1));
  expect(it.facts("handoff.counted")).toEqual([]);
});

test("P33 what lies held in another team is neither let go, nor does it keep this one quiet", () => {
  const other = it.write(ANN, BOB, say(1), { team: "other" });
  it.observe({ type: "message.held", mid: other, rule: "damping", reason: "r" });
  const told = () => it.told("user").filter(({ text }) => text.startsWith("letters in pair are held"));
  for (let n = 2; told().length === 0 && n < 12; n++) it.write(n % 2 ? ANN : BOB, n % 2 ? BOB : ANN, say(n));
  expect(told()).toHaveLength(1);
  const [held] = it.facts("message.held").slice(-1);
  it.write(ANN, BOB, say(20));
  expect(told()).toHaveLength(1);
  it.dispatch({
    do: "submit",
    patch: {
      ...{ patch: "P-1", team: "pair", author: ANN, title: "t", sha: "s", lines: 1, paths: ["src/a"] },
      body: "diff",
    },
  });
  expect(it.message(held?.mid ?? "").held).toBeUndefined();
  expect(it.message(other).held?.rule).toBe("damping");
});

test("P33 evidence that is only claimed lets nothing go, verified evidence does", () => {
  const mid = it.write(ANN, BOB, say(1));
  it.observe({ type: "message.held", mid, rule: "damping", reason: "r" });
  for (const ref of ["commit:abc1234", "commit:abc1235"])
    it.observe({ type: "evidence.cited", mid, team: "pair", author: ANN, ref });
  it.observe({ type: "evidence.judged", mid, ref: "commit:abc1234", verdict: "claimed", detail: "" });
  expect(it.message(mid).held).toBeDefined();
  it.observe({ type: "evidence.judged", mid, ref: "commit:abc1235", verdict: "verified", detail: "" });
  expect(it.message(mid).held).toBeUndefined();
});
