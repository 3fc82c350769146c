import { afterEach, beforeEach, expect, test } from "bun:test";
import { ANN, BOB, hireOf } from "../../../test/fakes/history.ts";
import { House } from "../../../test/fakes/house.ts";
import type { PatchStep } from "../../core/facts.ts";
import { patchRules, standby } from "./rules.ts";

let it: House;
beforeEach(() => {
  it = new House(patchRules);
  it.dispatch({
    ...{ do: "form", team: "t", topology: "pair", repo: "/r", letters: [] },
    seats: [
      { seat: "PeerA", agent: ANN, driver: "standin" },
      { seat: "PeerB", agent: BOB, driver: "standin" },
    ],
    hires: [hireOf(ANN, { team: "t", seat: "PeerA" }), hireOf(BOB, { team: "t", seat: "PeerB" })],
  });
  const patch = { patch: "P-0001", team: "t", author: ANN, title: "mend", sha: "s", lines: 4, paths: ["a"] };
  it.dispatch({ do: "submit", patch: { ...patch, body: "d" } });
});
afterEach(() => it.end());

/** What each recipient is told, whole. */
const told = () =>
  Object.values(it.state.messages).map(({ to, seq, from }) => [from, to, it.log.body(seq) ?? ""] as const);
const refuse = (body: string) =>
  it.observe({ type: "patch.refused", patch: "P-0001", kind: "test-fail", reason: "rc=1", body });
const REPAIR = "\n\nPropose one repair: the smallest patch that makes this pass, or one decidable question.";
const step = (name: PatchStep["step"], code: number | null): PatchStep => ({
  ...{ step: name, command: name === "apply" ? "git apply" : `run ${name}`, code, millis: 3149 },
});
const commit = (steps: PatchStep[]) =>
  it.observe({ type: "patch.committed", patch: "P-0001", commit: "0123456789abcdef", branch: "main", steps });

test("P41 the author of a refused patch gets what the tools said, P46 the others one line", () => {
  refuse("expected 4\ngot 5");
  expect(told()).toEqual([
    ["system", ANN, `P-0001 "mend": patch-test-fail(rc=1)\n\nexpected 4\ngot 5${REPAIR}`],
    ["system", BOB, 'P-0001 "mend" by PeerA was refused: patch-test-fail(rc=1)'],
    ["system", "user", 'P-0001 "mend" by PeerA was refused: patch-test-fail(rc=1)'],
  ]);
});

test("P52 a patch that failed brings one request for a repair with its output; one that was refused does not", () => {
  it.observe({ type: "patch.refused", patch: "P-0001", kind: "reject", reason: "path-not-allowed: a", body: "" });
  expect(told()[0]?.[2]).toBe('P-0001 "mend": patch-reject(path-not-allowed: a)');
});

test("a refusal without output is one line for its author too", () => {
  refuse(" \n");
  expect(told()[0]).toEqual(["system", ANN, `P-0001 "mend": patch-test-fail(rc=1)${REPAIR}`]);
});

test("P46 everybody learns of a commit and of what was run; what was not run is never called ok", () => {
  commit([step("apply", 0), step("lint", null), step("test", 0)]);
  const text =
    'P-0001 "mend" by PeerA is commit 0123456789 on main.\n4 lines; apply ok (git apply, rc=0, 3.1 s); no lint; test ok (run test, rc=0, 3.1 s)';
  expect(told()).toEqual([ANN, BOB, "user"].map((to) => ["system", to, text]));
});

test("P44 no tests found is said, and a failed step is", () => {
  commit([step("lint", 2), step("test", null)]);
  expect(told()[0]?.[2]).toEndWith("lint failed (run lint, rc=2, 3.1 s); no tests");
});

test("who has ended is told nothing, and an author who has ended leaves the others their line", () => {
  it.dispatch({ do: "kill", agent: ANN, reason: "x" });
  refuse("output");
  expect(told().map(([, to]) => to)).toEqual([BOB, "user"]);
});

test("P47 a refuted reference is shown to both peers with what Muster saw; others to nobody", () => {
  it.observe({ type: "evidence.cited", mid: "m-1", team: "t", author: BOB, ref: "commit:x" });
  it.observe({ type: "evidence.cited", mid: "m-1", team: "t", author: BOB, ref: "commit:y" });
  it.observe({ type: "evidence.judged", mid: "m-1", ref: "commit:y", verdict: "verified", detail: "" });
  expect(told()).toEqual([]);
  it.observe({ type: "evidence.judged", mid: "m-1", ref: "commit:x", verdict: "refuted", detail: "no such commit" });
  const text = "Evidence refuted: commit:x in PeerB's letter m-1.\nno such commit";
  expect(told()).toEqual([ANN, BOB].map((to) => ["system", to, text]));
});

test("P46 lines to stand by have ids that the patch gives; only those that were not typed are taken back", () => {
  const patch = it.state.patches["P-0001"];
  if (!patch) throw new Error("no patch");
  const lines = standby(it.state, patch);
  expect(lines.map(({ to, text }) => [to, text])).toEqual(
    [ANN, BOB].map((to) => [to, 'Stand by: P-0001 "mend" by PeerA is being checked; its result comes by itself.']),
  );
  for (const letter of lines) it.dispatch({ do: "send", letter }, { kind: "daemon" });
  expect(standby(it.state, patch)).toEqual(lines);
  const [first = "", second = ""] = lines.map(({ mid }) => mid);
  it.observe({ type: "message.typing", mid: first, attempt: 1, incarnation: 1, nextAt: 0 });
  commit([]);
  expect([it.state.messages[first]?.state, it.state.messages[second]?.state]).toEqual(["typing", "dead"]);
});
