import { afterEach, beforeEach, expect, test } from "bun:test";
import { ANN, BOB } from "../../../test/fakes/history.ts";
import { PairHouse } from "../../../test/fakes/pair-house.ts";
import type { FactOf } from "../../core/facts.ts";
import type { SettingsChanges } from "../../core/settings/settings.ts";
import { isException } from "../evidence/patches.ts";
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

const SHA = "abcdef0123456789";
function submit(more: Partial<FactOf<"patch.received">> = {}, refusal = "reject"): void {
  const patch = {
    patch: "P-0001",
    team: "pair",
    author: ANN,
    title: "grow",
    sha: SHA,
    lines: 163,
    paths: ["src/a.ts"],
  };
  it.dispatch({ do: "submit", patch: { ...patch, body: "diff", ...more } });
  if (refusal === "") return;
  it.observe({ type: "patch.refused", patch: more.patch ?? "P-0001", kind: refusal, reason: "no", body: "" });
}
const said = (to: string, start: string): string[] =>
  it
    .told(to)
    .map(({ text }) => text)
    .filter((text) => text.startsWith(start));
const card = (id = "rfd-large-abcdef01") => it.state.rfds[id];
let letters = 0;
const sign = (who: string, rfd: string, decision = "approve", why = "it is right"): unknown =>
  it.write(who, who === ANN ? BOB : ANN, `Sign(rfd=${rfd}, decision=${decision}): ${why} ${letters++}`);
const user = (rfd: string, decision: "approve" | "reject" = "approve") =>
  it.dispatch({ do: "sign", rfd, decision, channel: "cli" });

test("P48 an over-long patch brings a card with its refusal, bound to its digest", () => {
  submit();
  expect(card()).toMatchObject({
    ...{ id: "rfd-large-abcdef01", kind: "large", author: ANN, patch: "P-0001", sha: SHA, signatures: [] },
    title: '"grow" has 163 lines; 150 are the limit',
  });
  const text = [
    'RFD rfd-large-abcdef01 by PeerA: "grow" has 163 lines; 150 are the limit',
    "It would let exactly this patch P-0001 pass, under the whole test suite.",
  ].join("\n");
  const how = "Sign it in a letter, each of you once: Sign(rfd=rfd-large-abcdef01, decision=approve|reject): why";
  expect(said(ANN, "RFD ")).toEqual([`${text}\n${how}; the user decides with you.`]);
  expect(said(BOB, "RFD ")).toEqual([`${text}\n${how}; the user decides with you.`]);
  expect(said("user", "RFD ")).toEqual([`${text}\n/rfd rfd-large-abcdef01 approve, reject or ask`]);
});

test("P48 a patch within the limit brings none, nor one that failed otherwise, nor where large ones need none", async () => {
  submit({ lines: 150 });
  submit({ patch: "P-0002", sha: "1234567890" }, "test-fail");
  expect(it.state.rfds).toEqual({});
  await it.end();
  house({ rfd: { gates: { large_diff_requires_rfd: false } } });
  submit();
  expect(it.state.rfds).toEqual({});
});

test("P48 a protected path brings a card of its own kind; a path that nobody may change brings none", () => {
  submit({ lines: 3, paths: ["src/a.ts", "src/api/public/x.ts", ".muster/rules/local.md"] });
  expect(card("rfd-prot-abcdef01")).toMatchObject({
    kind: "prot",
    title: '"grow" changes protected paths: src/api/public/x.ts .muster/rules/local.md',
  });
  submit({ patch: "P-0002", sha: "bbbbbbbbbb", lines: 3, paths: [".muster/x", "Makefile"] });
  submit({ patch: "P-0003", sha: "cccccccccc", lines: 3, paths: [".muster/.git/config"] });
  submit({ patch: "P-0004", sha: "dddddddddd", lines: 0, paths: [] });
  expect(Object.keys(it.state.rfds)).toEqual(["rfd-prot-abcdef01"]);
});

test("P49 both peers and the user must approve: only then exactly this patch is taken up again", () => {
  submit();
  sign(ANN, "rfd-large-abcdef01");
  expect(waitsFor(it.state, "rfd-large-abcdef01")).toEqual(["PeerB", "user"]);
  sign(BOB, "rfd-large-abcdef01");
  expect(card()?.decided).toBeUndefined();
  expect(waitsFor(it.state, "rfd-large-abcdef01")).toEqual(["user"]);
  expect(it.state.patches["P-0001"]).toMatchObject({ state: "refused" });
  user("rfd-large-abcdef01");
  expect(card()?.decided).toMatchObject({ decision: "approve", by: "user", channel: "cli" });
  expect(it.state.patches["P-0001"]).toMatchObject({ state: "queued", rfd: "rfd-large-abcdef01", steps: [] });
  expect(said(BOB, "RFD ").at(-1)).toBe(
    'RFD rfd-large-abcdef01 ""grow" has 163 lines; 150 are the limit" is approved by the user.',
  );
});

test("P49 the user may sign first; the last peer's signature decides", () => {
  submit();
  user("rfd-large-abcdef01");
  sign(BOB, "rfd-large-abcdef01");
  sign(ANN, "rfd-large-abcdef01");
  expect(card()?.decided).toMatchObject({ decision: "approve", by: ANN });
});

test("P49 where the user wants it so, the two peers suffice", async () => {
  await it.end();
  house({ rfd: { user_approval: false } });
  submit();
  expect(said("user", "RFD ")).toEqual([]);
  sign(ANN, "rfd-large-abcdef01");
  sign(BOB, "rfd-large-abcdef01");
  expect(card()?.decided).toMatchObject({ decision: "approve", by: BOB });
});

test("P49 the same peer twice is rfd-invalid and counts once", () => {
  submit();
  sign(ANN, "rfd-large-abcdef01");
  sign(ANN, "rfd-large-abcdef01");
  expect(card()?.signatures).toHaveLength(1);
  expect(said(ANN, "rfd-invalid")).toEqual([
    "rfd-invalid: PeerA has signed rfd-large-abcdef01 before; one signature each",
  ]);
});

test("P49 a signature for another patch than the card's is rfd-invalid, and so is one without a decision", () => {
  submit();
  it.write(ANN, BOB, "Sign(rfd=rfd-large-abcdef01, decision=approve, sha=99999999): yes");
  it.write(BOB, ANN, "Sign(rfd=rfd-large-abcdef01, decision=perhaps): hm");
  it.write(BOB, ANN, "Sign(rfd=rfd-none, decision=approve): hm");
  expect(card()?.signatures).toEqual([]);
  expect(said(ANN, "rfd-invalid")).toEqual([
    "rfd-invalid: rfd-large-abcdef01 is about patch abcdef01, not 99999999; sign what it is about",
  ]);
  expect(said(BOB, "rfd-invalid")).toEqual([
    "rfd-invalid: decision=perhaps; write Sign(rfd=ID, decision=approve|reject): why",
  ]);
  expect(said(BOB, "no request rfd-none")).toHaveLength(1);
  it.write(ANN, BOB, "Sign(rfd=rfd-large-abcdef01, decision=approve, sha=abcdef01): yes");
  expect(card()?.signatures).toMatchObject([{ by: ANN, reason: "yes" }]);
});

test("P49 one rejection closes the card, and the patch stays refused", () => {
  submit();
  sign(BOB, "rfd-large-abcdef01", "reject");
  expect(card()?.decided).toMatchObject({ decision: "reject", by: BOB });
  expect(it.state.patches["P-0001"]?.state).toBe("refused");
  expect(said("user", "RFD ").at(-1)).toEndWith("is rejected by PeerB.");
});

test("P50 a decided card says by whom and when; an unknown one which are open", () => {
  submit();
  user("rfd-large-abcdef01", "reject");
  const at = new Date(card()?.decided?.at ?? 0).toISOString();
  expect(() => user("rfd-large-abcdef01")).toThrow(`rfd-large-abcdef01: already decided by user at ${at} (reject)`);
  submit({ patch: "P-0002", sha: "1234567890", lines: 200 });
  expect(() => user("rfd-x")).toThrow("no request rfd-x");
});

test("P50 asking for more keeps the card open and asks its author", () => {
  submit();
  it.dispatch({ do: "question", rfd: "rfd-large-abcdef01", channel: "cli" });
  expect(card()?.decided).toBeUndefined();
  expect(said(ANN, "The user wants to know more about RFD rfd-large-abcdef01")).toHaveLength(1);
  expect(said(BOB, "The user wants to know more")).toEqual([]);
});

test("P49 an approval is good for one digest and for its hours", async () => {
  submit();
  for (const who of [ANN, BOB]) sign(who, "rfd-large-abcdef01");
  user("rfd-large-abcdef01");
  const patch = it.state.patches["P-0001"];
  if (!patch) throw new Error("no patch");
  const now = it.clock.now();
  expect(isException(it.state, patch, now)).toBe(true);
  expect(isException(it.state, { ...patch, sha: "other" }, now)).toBe(false);
  expect(isException(it.state, patch, now + 24 * 3_600_000 - 1)).toBe(true);
  expect(isException(it.state, patch, now + 24 * 3_600_000)).toBe(false);
});

test("P49 an exception that fails again brings no second card", () => {
  submit();
  for (const who of [ANN, BOB]) sign(who, "rfd-large-abcdef01");
  user("rfd-large-abcdef01");
  it.observe({ type: "patch.refused", patch: "P-0001", kind: "reject", reason: "no", body: "" });
  expect(Object.keys(it.state.rfds)).toHaveLength(1);
  expect(it.state.patches["P-0001"]?.state).toBe("refused");
});

const CLAIM = "type: CLAIM\nintent: rfd\ntitle: Drop the old format\ntasks: [{desc: remove the reader}]";

test("P48 a letter that claims intent rfd opens a card; the same id updates it while it is open", () => {
  it.write(ANN, BOB, CLAIM);
  const [id = ""] = Object.keys(it.state.rfds);
  expect(id).toMatch(/^rfd-msg-[0-9a-f]{8}$/);
  expect(card(id)).toMatchObject({ kind: "msg", title: "Drop the old format", tasks: ["remove the reader"] });
  expect(said(BOB, `RFD ${id} by PeerA: Drop the old format\n- remove the reader\nSign it`)).toHaveLength(1);
  sign(BOB, id);
  it.write(ANN, BOB, `${CLAIM.replace("Drop", "Keep")}\nid: ${id}`);
  expect(card(id)).toMatchObject({ title: "Keep the old format" });
  expect(card(id)?.signatures).toHaveLength(1);
  expect(said(BOB, "RFD ")).toHaveLength(1);
});

test("P48 the id of a decided card is not opened again: its author is told", () => {
  it.write(ANN, BOB, `${CLAIM}\nid: rfd-msg-7`);
  user("rfd-msg-7", "reject");
  it.write(ANN, BOB, `${CLAIM}\nid: rfd-msg-7\nfiles: [x]`);
  expect(card("rfd-msg-7")?.decided?.decision).toBe("reject");
  expect(said(ANN, "RFD rfd-msg-7 was decided by user")).toHaveLength(1);
  expect(it.state.patches).toEqual({});
});

test("P48 an id that is none gets one of ours, and other claims open nothing", () => {
  it.write(ANN, BOB, `${CLAIM}\nid: "x y"`);
  it.write(ANN, BOB, "type: CLAIM\nintent: work\ntitle: I do it");
  expect(Object.keys(it.state.rfds)).toEqual([expect.stringMatching(/^rfd-msg-[0-9a-f]{8}$/)]);
});

test("P48 two rounds of objections without evidence ask the user", () => {
  for (const [n, who] of [ANN, BOB, ANN].entries()) it.write(who, who === ANN ? BOB : ANN, `Counter: no ${n}`);
  it.write(ANN, BOB, "Counter: no again");
  expect(it.state.rfds).toEqual({});
  it.write(BOB, ANN, "Counter: and I say yes");
  expect(Object.values(it.state.rfds)).toMatchObject([
    { kind: "msg", author: BOB, title: "2 rounds of objections without evidence: and I say yes" },
  ]);
  it.write(ANN, BOB, "Counter: still no");
  expect(Object.keys(it.state.rfds)).toHaveLength(1);
});

test("P48 two that are both unsure ask the user; one that is sure enough does not", () => {
  it.write(ANN, BOB, "Ask(to=peerB, confidence=0.59): which of the two?");
  it.write(BOB, ANN, "Progress(confidence=0.6): I would take the first");
  expect(it.state.rfds).toEqual({});
  it.write(BOB, ANN, "Progress(confidence=0.3): or the second");
  expect(Object.values(it.state.rfds)).toMatchObject([{ kind: "msg", author: BOB, title: "both peers are unsure" }]);
});

test("P101 alone the user signs in place of PeerB, whatever the settings say", async () => {
  await it.end();
  house({ rfd: { user_approval: false } }, true);
  submit();
  expect(said("user", "RFD ")).toHaveLength(1);
  it.write(ANN, "system", "Sign(rfd=rfd-large-abcdef01, decision=approve): mine");
  expect(card()?.decided).toBeUndefined();
  user("rfd-large-abcdef01");
  expect(card()?.decided).toMatchObject({ decision: "approve", by: "user" });
});

test("P51 a CLAIM with files locks them for half an hour; Progress renews it", async () => {
  const mid = it.write(ANN, BOB, "CLAIM: rework the parser, files:[src/p.ts, src/q]");
  expect(it.team.locks).toMatchObject([{ agent: ANN, files: ["src/p.ts", "src/q"], mid }]);
  expect(it.team.locks[0]?.until).toBe(it.clock.now() + 30 * 60_000);
  await it.clock.pass(60_000);
  it.write(ANN, BOB, "Progress: half of it");
  expect(it.team.locks[0]?.until).toBe(it.clock.now() + 30 * 60_000);
  it.write(BOB, ANN, "Progress: mine, too");
  expect(it.team.locks).toHaveLength(1);
});

test("P51 both are told when their claims overlap; others are not", () => {
  const first = it.write(ANN, BOB, "CLAIM: rework it, files:[src/p.ts]");
  it.write(BOB, ANN, "CLAIM: write docs, files:[docs/a.md]");
  expect([...said(ANN, "Peer"), ...said(BOB, "Peer")]).toEqual([]);
  it.write(BOB, ANN, "CLAIM: all of it, files:[src]");
  const text = `PeerB and PeerA both claim src (PeerA since ${first}: src/p.ts). A patch on the other's files waits; agree who goes first.`;
  expect([said(ANN, "Peer"), said(BOB, "Peer")]).toEqual([[text], [text]]);
});

test("an agent may not sign for another team, nor through the door of a person", () => {
  submit();
  it.start("c0000003", "m-c");
  expect(() =>
    it.dispatch({ do: "sign", rfd: "rfd-large-abcdef01", decision: "approve" }, { kind: "agent", agent: "c0000003" }),
  ).toThrow("may not sign");
  it.dispatch(
    { do: "sign", rfd: "rfd-large-abcdef01", decision: "approve", agent: BOB },
    { kind: "agent", agent: ANN },
  );
  expect(card()?.signatures).toMatchObject([{ by: ANN }]);
});
