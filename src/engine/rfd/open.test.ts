import { afterEach, beforeEach, expect, test } from "bun:test";
import { ANN, BOB } from "../../../test/fakes/history.ts";
import { PairHouse } from "../../../test/fakes/pair-house.ts";
import type { SettingsChanges } from "../../core/settings/settings.ts";
import { patchRules } from "../evidence/rules.ts";
import { waitsFor } from "./open.ts";
import { rfdRules } from "./rules.ts";

let it: PairHouse;
const free = { handoff_filter: { enabled: false }, loop_damping: { max_handoffs_without_evidence: 0 } };
const house = (policies: SettingsChanges["policies"] = {}, isSolo = false): void => {
  it = new PairHouse({ isSolo, changes: { policies: { ...free, ...policies } }, rules: [...rfdRules, ...patchRules] });
};
beforeEach(() => house());
afterEach(() => it.end());

const said = (to: string, start: string): string[] =>
  it
    .told(to)
    .map(({ text }) => text)
    .filter((text) => text.startsWith(start));
const claim = (id: string, more = "title: Drop it") =>
  it.write(ANN, BOB, `type: CLAIM\nintent: RFD\nid: ${id}\n${more}`);
const titles = () => Object.values(it.state.rfds).map(({ title }) => title);
const user = (rfd: string, decision: "approve" | "reject") =>
  it.dispatch({ do: "sign", rfd, decision, channel: "cli" });
function refuse(paths: string[], lines = 3): void {
  const patch = { patch: "P-0001", team: "pair", author: ANN, title: "grow", sha: "abcdef0123456789", lines, paths };
  it.dispatch({ do: "submit", patch: { ...patch, body: "diff" } });
  it.observe({ type: "patch.refused", patch: "P-0001", kind: "reject", reason: "no", body: "" });
}

test("P48 a card lists its tasks a line each, and how to sign it ends with a stop where peers suffice", async () => {
  await it.end();
  house({ rfd: { user_approval: false } });
  claim("rfd-1", "tasks: [{desc: one}, {desc: two}]");
  const how = "Sign it in a letter, each of you once: Sign(rfd=rfd-1, decision=approve|reject): why.";
  const text = `RFD rfd-1 by PeerA: untitled\n- one\n- two\n${how}`;
  expect([said(ANN, "RFD"), said(BOB, "RFD"), said("user", "RFD")]).toEqual([[text], [text], []]);
});

test("P48 of many protected paths five are named", () => {
  refuse([1, 2, 3, 4, 5, 6].map((n) => `src/api/public/${n}.ts`));
  const named = [1, 2, 3, 4, 5].map((n) => `src/api/public/${n}.ts`).join(" ");
  expect(titles()).toEqual([`"grow" changes protected paths: ${named}`]);
});

test("P48 doubt says what was asked or objected, and a decision that is over does not stand in its way", () => {
  claim("rfd-1");
  it.write(ANN, BOB, "Ask(to=peerB, confidence=0.5): which of the two?");
  it.write(BOB, ANN, "Ask(to=peerA, confidence=0.5): do you know?");
  expect(titles()).toEqual(["Drop it"]);
  user("rfd-1", "reject");
  it.write(BOB, ANN, "Progress: at work");
  expect(titles()).toEqual(["Drop it"]);
  it.write(ANN, BOB, "Ask(to=peerB, confidence=0.5): which one?");
  it.write(BOB, ANN, "Ask(to=peerA, confidence=0.4): really?");
  expect(titles()).toEqual(["Drop it", "both peers are unsure: really?"]);
});

test("P48 an exception of a patch that waits does not stand in the way of a doubt", () => {
  refuse(["src/api/public/x.ts"]);
  it.write(ANN, BOB, "Progress(confidence=0.5): perhaps");
  it.write(BOB, ANN, "Progress(confidence=0.5): perhaps, too");
  expect(titles()).toHaveLength(2);
  expect(titles()[1]).toBe("both peers are unsure");
});

test("P48 one that works alone is never in dispute with itself", async () => {
  await it.end();
  house({}, true);
  for (const n of [1, 2, 3, 4, 5]) it.write(ANN, "system", `Counter(confidence=0.1): no ${n}`);
  expect(it.state.rfds).toEqual({});
});

test("P49 a signature without a decision is answered, each of up to four in one letter", () => {
  claim("rfd-1");
  const lines = [1, 2, 3, 4, 5].map((n) => `Sign(rfd=rfd-${n + 1}0): ${n}`);
  it.write(BOB, ANN, lines.join("\n"));
  const answer = "rfd-invalid: decision=?; write Sign(rfd=ID, decision=approve|reject): why";
  expect(said(BOB, "rfd-invalid")).toEqual([answer, answer, answer, answer]);
  it.write(BOB, ANN, "Progress: words\nSign(decision=approve): which");
  expect(said(BOB, "no request ")).toHaveLength(1);
});

test("P50 a decision about words takes up no patch; one that nobody made in time says so", () => {
  claim("rfd-1");
  claim("rfd-2", "title: Keep it");
  expect(waitsFor(it.state, "rfd-1")).toEqual(["PeerA", "PeerB", "user"]);
  it.write(ANN, BOB, "Sign(rfd=rfd-1, decision=approve): yes");
  it.write(BOB, ANN, "Sign(rfd=rfd-1, decision=approve): yes, too");
  user("rfd-1", "approve");
  it.observe({ type: "rfd.decided", rfd: "rfd-2", decision: "expired", decider: "system" });
  expect(said("user", "RFD rfd-1 ").at(-1)).toBe('RFD rfd-1 "Drop it" is approved by the user.');
  expect(said("user", "RFD rfd-2 ").at(-1)).toBe('RFD rfd-2 "Keep it" is expired: nobody decided in time.');
  expect(it.facts("patch.reopened")).toEqual([]);
  expect([waitsFor(it.state, "rfd-1"), waitsFor(it.state, "rfd-9")]).toEqual([[], []]);
});

test("P50 a team that has ended is told of no decision", () => {
  claim("rfd-1");
  it.dispatch({ do: "stop", team: "pair", reason: "done" });
  const before = it.told("user").length;
  it.observe({ type: "rfd.decided", rfd: "rfd-1", decision: "expired", decider: "system" });
  expect(it.told("user")).toHaveLength(before);
});

test("P51 of several claims that overlap the first is told, with all files of both", () => {
  const first = it.write(ANN, BOB, "CLAIM: one, files:[src/a.ts, src/b.ts]");
  it.write(ANN, BOB, "CLAIM: two, files:[src/c.ts]");
  it.write(BOB, ANN, "CLAIM: all, files:[docs, src]");
  const text = `PeerB and PeerA both claim docs src (PeerA since ${first}: src/a.ts src/b.ts). A patch on the other's files waits; agree who goes first.`;
  expect([said(ANN, "Peer"), said(BOB, "Peer")]).toEqual([[text], [text]]);
});
