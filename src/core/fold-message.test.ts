import { expect, test } from "bun:test";
import { ANN, History } from "../../test/fakes/history.ts";
import type { Observation } from "./commands.ts";
import { CLOSED_KEPT, EVIDENCE_KEPT, NOTICES_KEPT } from "./state.ts";

function opened(): History {
  const history = new History();
  history.hire(ANN);
  history.send(ANN, { mid: "m-1" });
  history.open(ANN);
  return history;
}

test("a message's way: stored, waiting, typed again and again, delivered, read; each report once", () => {
  const history = opened();
  const typing = (attempt: number): Observation => ({
    ...{ type: "message.typing", mid: "m-1", attempt, incarnation: 1, nextAt: 99 },
  });
  const waiting = (reason: string, isWithdrawn?: boolean): Observation => ({
    ...{ type: "message.waiting", mid: "m-1", reason, isWithdrawn },
  });
  expect(history.observe({ type: "message.stored", mid: "m-1", path: "/x" })).toEqual(["message.stored"]);
  expect(history.observe({ type: "message.stored", mid: "m-1", path: "/x" })).toEqual([]);
  expect(history.observe(waiting("busy"))).toEqual(["message.waiting"]);
  expect(history.observe(waiting("busy"))).toEqual([]);
  expect(history.observe(typing(2))).toEqual([]);
  expect(history.observe(typing(1))).toEqual(["message.typing"]);
  expect(history.message("m-1")).toMatchObject({
    ...{ state: "typing", attempt: 1, incarnation: 1, nextAt: 99, reason: "", path: "/x" },
  });
  expect(history.observe(waiting("a draft", true))).toEqual(["message.waiting"]);
  expect(history.message("m-1")).toMatchObject({ state: "queued", attempt: 0, reason: "a draft" });
  for (const attempt of [1, 2]) history.observe(typing(attempt));
  history.observe(waiting("a draft", true));
  expect(history.message("m-1")).toMatchObject({ state: "typing", attempt: 1 });
  expect(history.observe({ type: "message.delivered", mid: "m-1", evidence: "receipt" })).toEqual([
    "message.delivered",
  ]);
  expect(history.message("m-1")).toMatchObject({ state: "delivered", evidence: "receipt", isRead: false });
  for (const late of [typing(3), waiting("x"), { type: "message.died", mid: "m-1", reason: "x" } as const])
    expect(history.observe(late)).toEqual([]);
  expect(history.observe({ type: "message.read", mid: "m-1" })).toEqual(["message.read"]);
  expect(history.observe({ type: "message.read", mid: "m-1" })).toEqual([]);
  expect(history.message("m-1").isRead).toBe(true);
});

test("a message may end uncertain or dead, with its reason", () => {
  for (const [type, state] of [
    ["message.uncertain", "uncertain"],
    ["message.died", "dead"],
  ] as const) {
    const history = opened();
    expect(history.observe({ type, mid: "m-1", reason: "because" })).toEqual([type]);
    expect(history.message("m-1")).toMatchObject({ state, reason: "because" });
    expect(history.state.closed).toEqual(["m-1"]);
  }
});

test("closed messages leave the memory in bulk, the oldest first; their ids stay known", () => {
  const history = new History();
  for (let n = 0; n <= 2 * CLOSED_KEPT; n += 1) history.send("user", { mid: `m-${n}` });
  expect(history.state.closed).toHaveLength(CLOSED_KEPT + 1);
  expect(Object.keys(history.state.messages)).toHaveLength(CLOSED_KEPT + 1);
  expect([history.state.messages["m-0"], history.state.messages[`m-${CLOSED_KEPT}`]?.mid]).toEqual([
    ...[undefined, `m-${CLOSED_KEPT}`],
  ]);
  expect(history.send("user", { mid: "m-0" })).toEqual([]);
  expect(history.send("user", { mid: "constructor" })).toContain("message.queued");
});

test("a patch goes through its steps to one end", () => {
  const history = new History();
  history.dispatch({ do: "form", team: "t", topology: "solo", repo: "/r", seats: [], hires: [], letters: [] });
  const of = (patch: string) => ({ patch, team: "t", author: ANN, title: "x", sha: "s", lines: 1, paths: ["a"] });
  for (const patch of ["P-1", "P-2"]) history.dispatch({ do: "submit", patch: { ...of(patch), body: "d" } });
  expect(history.state.patches["P-1"]).toMatchObject({ id: "P-1", author: ANN, lines: 1, state: "queued", steps: [] });
  const step = { step: "lint", command: "x", code: 0, millis: 1 } as const;
  history.observe({ type: "patch.stepped", patch: "P-1", step, body: "" });
  expect(history.state.patches["P-1"]?.steps).toEqual([step]);
  history.observe({ type: "patch.refused", patch: "P-1", kind: "test-fail", reason: "rc=1", body: "" });
  expect(history.state.patches["P-1"]).toMatchObject({ state: "refused", kind: "test-fail", reason: "rc=1" });
  const steps = [step, { ...step, step: "test" as const }];
  const committed = { type: "patch.committed", patch: "P-2", commit: "c", branch: "main", steps } as const;
  expect(history.observe({ ...committed, steps })).toEqual(["patch.committed"]);
  expect(history.state.patches["P-2"]).toMatchObject({ state: "committed", commit: "c", steps });
  for (const patch of ["P-1", "P-2"]) {
    expect(history.observe({ ...committed, patch, steps })).toEqual([]);
    expect(history.observe({ type: "patch.stepped", patch, step, body: "" })).toEqual([]);
    expect(history.observe({ type: "patch.refused", patch, kind: "reject", reason: "", body: "" })).toEqual([]);
  }
});

test("evidence is cited once, judged once, and the oldest is forgotten", () => {
  const history = new History();
  const cited = (ref: string) => history.observe({ type: "evidence.cited", mid: "m", team: "t", author: ANN, ref });
  const judged = (ref: string) =>
    history.observe({ type: "evidence.judged", mid: "m", ref, verdict: "refuted", detail: "not there" });
  expect(judged("r0")).toEqual(["evidence.judged"]);
  expect(history.state.evidence).toEqual({});
  expect([cited("r0"), cited("r0"), judged("r0"), judged("r0")]).toEqual([
    ...[["evidence.cited"], [], ["evidence.judged"], []],
  ]);
  expect(history.state.evidence["m r0"]).toMatchObject({ ref: "r0", verdict: "refuted", detail: "not there" });
  for (let n = 1; n <= EVIDENCE_KEPT; n += 1) cited(`r${n}`);
  expect(Object.keys(history.state.evidence)).toHaveLength(EVIDENCE_KEPT);
  expect(history.state.evidence["m r0"]).toBeUndefined();
});

test("repositories remember what was seen and what was agreed to, apart", () => {
  const history = new History();
  const seen = (hash: string) => history.observe({ type: "repository.reviewed", repo: "/r", hash, files: [".x"] });
  expect([seen("h1"), seen("h1"), seen("h2")]).toEqual([["repository.reviewed"], [], ["repository.reviewed"]]);
  history.dispatch({ do: "trust", repo: "/r", hash: "h2" });
  expect(history.state.repositories["/r"]).toMatchObject({ trusted: "h2", seen: { hash: "h2", files: [".x"] } });
});

test("the newest notices are kept", () => {
  const history = new History();
  for (let n = 0; n <= NOTICES_KEPT; n += 1)
    history.observe({ type: "notice.raised", level: "warning", text: `n ${n}`, about: ANN });
  expect(history.state.notices).toHaveLength(NOTICES_KEPT);
  expect(history.state.notices[0]).toMatchObject({ text: "n 1", level: "warning", about: ANN, seq: 2 });
});
