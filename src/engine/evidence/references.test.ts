import { afterEach, beforeEach, expect, test } from "bun:test";
import { ANN, BOB } from "../../../test/fakes/history.ts";
import { PairHouse } from "../../../test/fakes/pair-house.ts";
import { EvidenceReactor } from "./references.ts";

let it: PairHouse;
let asked: [repo: string, ref: string][];
let reactor: EvidenceReactor;

beforeEach(() => {
  it = new PairHouse();
  asked = [];
  reactor = new EvidenceReactor({
    state: () => it.state,
    line: {
      judge: async (repo, ref) => {
        asked.push([repo, ref]);
        return { verdict: "verified", detail: `looked at ${ref}` };
      },
    },
  });
});
afterEach(() => it.end());

const cite = (mid: string, ref: string, team = "pair") =>
  it.observe({ type: "evidence.cited", mid, team, author: ANN, ref });
const first = () => {
  const [task] = reactor.pending(it.state).values();
  if (!task) throw new Error("nothing is pending");
  return task;
};
const { signal } = new AbortController();

test("P47 what a letter refers to is looked at in its team's repository, and judged", async () => {
  it.write(ANN, BOB, "words", { mid: "m-1" });
  expect(reactor.pending(it.state).size).toBe(0);
  cite("m-1", "commit:abc1234");
  const performed = await reactor.perform(first(), signal);
  expect(asked).toEqual([["/r", "commit:abc1234"]]);
  expect(performed).toEqual({
    commands: [
      {
        do: "observe",
        facts: [
          {
            ...{ type: "evidence.judged", mid: "m-1", ref: "commit:abc1234", verdict: "verified" },
            detail: "looked at commit:abc1234",
          },
        ],
      },
    ],
    again: 0,
  });
});

test("P47 of each team the oldest that is not judged comes first, and what is judged is not looked at again", async () => {
  it.write(ANN, BOB, "words", { mid: "m-1" });
  cite("m-1", "commit:abc1234");
  cite("m-1", "commit:abc1235");
  const task = first();
  expect([...reactor.pending(it.state)]).toEqual([["pair", task]]);
  expect(task.ref).toBe("commit:abc1234");
  it.observe({ type: "evidence.judged", mid: "m-1", ref: "commit:abc1234", verdict: "claimed", detail: "" });
  expect(first().ref).toBe("commit:abc1235");
  expect(await reactor.perform(task, signal)).toEqual({ again: 0 });
  expect(await reactor.perform({ ...first(), team: "nobody" }, signal)).toEqual({ again: 0 });
  expect(asked).toEqual([]);
  it.observe({ type: "evidence.judged", mid: "m-1", ref: "commit:abc1235", verdict: "refuted", detail: "" });
  expect(reactor.pending(it.state).size).toBe(0);
});
