import { afterEach, expect, test } from "bun:test";
import { ANN, BOB } from "../../test/fakes/history.ts";
import { PairHouse } from "../../test/fakes/pair-house.ts";
import { type LedgerLine, ledgerLines } from "../core/ledger-kinds.ts";
import { cadenceRules } from "./cadence/rules.ts";
import { ackRules } from "./letters/acks.ts";
import { rfdRules } from "./rfd/rules.ts";

let it: PairHouse;
afterEach(() => it.end());

let live: LedgerLine[];
const lines = (): LedgerLine[] => live;
const kinds = (): string[] => lines().map(({ kind }) => kind);
const house = (isSolo = false): void => {
  it = new PairHouse({ isSolo, rules: [...rfdRules, ...ackRules, ...cadenceRules.slice(1)] });
  live = it.log.read(0).flatMap((event) => ledgerLines(event, it.state, "pair"));
  it.engine.subscribe((events) => {
    live.push(...events.flatMap((event) => ledgerLines(event, it.state, "pair")));
  });
};

test("P37 a line says when, which team, what kind, and the names people know", () => {
  house();
  const mid = it.write(ANN, BOB, "ok");
  const held = lines().find(({ kind }) => kind === "message-held");
  expect(held).toEqual({
    ...{ id: expect.any(Number), ts: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/), team: "pair" },
    ...{ kind: "message-held", mid, rule: "low-signal" },
    reason: "it matches ^\\s*(ok|okay|ready|standby|waiting|idle)\\b",
  });
});

test("P37 the event lines of a letter are one line each, with their references", () => {
  house();
  it.write(ANN, BOB, "Progress(tag=impl): half\nEvidence(refs=[commit:abc]): it is there\nAsk(to=peerB): right?");
  expect(lines().filter(({ kind }) => kind.startsWith("event-"))).toMatchObject([
    { kind: "event-progress", from: "PeerA", tag: "impl", text: "half" },
    { kind: "event-evidence", refs: ["commit:abc"] },
    { kind: "event-ask", to: "peerB" },
  ]);
});

test("P37 a pair's talk, pause, decision, lock and evidence have the kinds that readers know", () => {
  house();
  const mid = it.write(ANN, BOB, "Ask(to=peerB): may I?");
  it.deliver(mid);
  it.observe({ type: "message.read", mid });
  it.write(ANN, BOB, "Ask(to=peerB): may I?");
  it.write(ANN, BOB, "CLAIM: I do it, files:[src/a.ts]");
  it.write(BOB, ANN, "type: CLAIM\nintent: rfd\ntitle: T\nid: rfd-msg-1");
  it.dispatch({ do: "sign", rfd: "rfd-msg-1", decision: "reject" });
  it.dispatch({ do: "pause", team: "pair" });
  it.dispatch({ do: "resume", team: "pair" });
  it.observe({ type: "evidence.cited", mid, team: "pair", author: ANN, ref: "commit:a" });
  it.observe({ type: "evidence.judged", mid, ref: "commit:a", verdict: "refuted", detail: "" });
  it.observe({ type: "terminal.exited", agent: BOB, incarnation: 1, code: 1, signal: null });
  it.open(BOB, 2);
  it.observe({ type: "agent.changed", agent: BOB, activity: "waiting" });
  it.dispatch({ do: "stop", team: "pair", reason: "done" });
  it.observe({ type: "terminal.exited", agent: ANN, incarnation: 1, code: 0, signal: null });
  const found = new Set(kinds());
  for (const kind of [
    ...[
      "start",
      "message-stored",
      "message-delivered",
      "ack-file",
      "handoff-duplicate-drop",
      "lock",
      "rfd",
      "decision",
    ],
    ...["pause", "resume", "evidence-refuted", "peer-crash", "peer-restarted", "peer-needs-user", "stop"],
  ])
    expect([kind, found.has(kind)]).toEqual([kind, true]);
  expect(kinds().filter((kind) => kind === "peer-crash")).toHaveLength(1);
  expect(lines().find(({ kind }) => kind === "decision")).toMatchObject({ decider: "user", decision: "reject" });
  expect(kinds()).not.toContain("single-peer-intercept");
});

test("P95 alone, what goes to the System is single-peer-intercept, with its author", () => {
  house(true);
  const mid = it.write(ANN, "system", "Progress: one");
  expect(lines().find(({ kind }) => kind === "single-peer-intercept")).toMatchObject({
    mid,
    from: "PeerA",
    to: "system",
  });
});

test("P37 patches tell each step that readers know, and beats their own names", () => {
  house();
  const patch = { patch: "P-0001", team: "pair", author: ANN, title: "t", sha: "s", lines: 1, paths: ["src/a"] };
  it.dispatch({ do: "submit", patch: { ...patch, body: "d" } });
  it.observe({ type: "patch.refused", patch: "P-0001", kind: "test-fail", reason: "rc=1", body: "" });
  it.dispatch({ do: "submit", patch: { ...patch, patch: "P-0002", body: "d" } });
  it.observe({ type: "patch.waiting", patch: "P-0002", reason: "locked" });
  it.observe({ type: "patch.committed", patch: "P-0002", commit: "c", branch: "main", steps: [] });
  for (const beat of ["self-check", "refresh", "board", "keepalive", "nudge", "compact", "clear"] as const)
    it.observe({ type: "cadence.sent", team: "pair", agent: ANN, beat });
  it.observe({ type: "cadence.skipped", team: "pair", agent: ANN, beat: "keepalive", reason: "x" });
  it.observe({ type: "cadence.skipped", team: "pair", agent: ANN, beat: "compact", reason: "x" });
  it.observe({ type: "cadence.skipped", team: "pair", agent: ANN, beat: "board", reason: "x" });
  expect(kinds().slice(2)).toEqual([
    ...["patch-received", "patch-test-fail", "patch-received", "patch-blocked", "patch-commit"],
    ...["self-check", "system-refresh", "por-refresh", "keepalive-sent", "nudge", "auto-compact", "reset"],
    ...["keepalive-skipped", "auto-compact-skip"],
  ]);
});

test("hooks, screens and typing are no lines of a team's ledger", () => {
  house();
  const before = lines().length;
  it.observe({ type: "agent.changed", agent: ANN, activity: "busy" });
  it.observe({ type: "turn.started", agent: ANN });
  it.observe({ type: "hook.heard", agent: ANN, event: "Stop", row: 1 });
  expect(lines()).toHaveLength(before);
});
