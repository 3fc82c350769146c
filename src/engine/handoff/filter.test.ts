import { beforeEach, expect, test } from "bun:test";
import { ANN, BOB, History, hireOf } from "../../../test/fakes/history.ts";
import type { FactOf } from "../../core/facts.ts";
import { gistOf, printOf } from "../../core/letter/gist.ts";
import { parseLetter } from "../../core/letter/parse.ts";
import { POLICIES } from "../../core/settings/policies.ts";
import type { SettingsChanges } from "../../core/settings/settings.ts";
import type { Team } from "../../core/state.ts";
import { type Hold, holdOf } from "./filter.ts";

let history: History;
let count: number;

const team = (): Team => {
  const known = history.state.teams.pair;
  if (!known) throw new Error("no team");
  return known;
};

beforeEach(() => {
  history = new History();
  count = 0;
  form({});
});

function form(changes: SettingsChanges): void {
  history = new History();
  const seats = [
    { seat: "PeerA", agent: ANN, driver: "standin" },
    { seat: "PeerB", agent: BOB, driver: "standin" },
  ];
  const hires = [hireOf(ANN, { team: "pair", seat: "PeerA" }), hireOf(BOB, { team: "pair", seat: "PeerB" })];
  const settings = { hash: "h", changes, warnings: [] };
  history.dispatch({ do: "form", team: "pair", topology: "pair", repo: "/r", seats, hires, letters: [], settings });
}

/** A letter that was handed over `ago` milliseconds before the next one. */
function earlier(body: string, ago: number, author = ANN): string {
  const mid = `old-${count++}`;
  const now = history.at;
  history.at = now - ago;
  const parsed = {
    type: "letter.parsed",
    mid,
    team: "pair",
    author,
    print: printOf(body),
    gist: gistOf(body),
  } as const;
  history.observe({ ...parsed, events: [] });
  history.at = now;
  return mid;
}

function verdict(body: string, from = ANN): Hold | null {
  const to = from === ANN ? BOB : ANN;
  return holdOf(history.state, team(), { mid: "new", from, to, at: history.at, body, parsed: parseLetter(body) });
}

const rule = (body: string, from = ANN): FactOf<"message.held">["rule"] | undefined => verdict(body, from)?.rule;

/** Says enough to be a handoff: more than 40 letters and 6 words. */
const REAL = "The parser loses the last line of a file without a newline.";
const OTHER = "Nobody closes the socket when its reader has gone away early.";

test("P31 a letter that says something goes on", () => {
  expect(verdict(REAL)).toBeNull();
});

test("P31 a low-signal letter is held, with the reason", () => {
  expect(verdict("OK, I am ready for the next step, tell me what it shall be.")).toEqual({
    rule: "low-signal",
    reason: "it matches ^\\s*(ok|okay|ready|standby|waiting|idle)\\b",
  });
  expect(rule("okayish results are better than none in this benchmark here")).toBeUndefined();
});

test("P31 fewer than 40 letters or 6 words are no handoff", () => {
  expect(verdict("abc def ghi jkl mno pqr stu vwx yza bcd")).toEqual({
    rule: "low-signal",
    reason: "39 letters; a handoff has at least 40",
  });
  expect(verdict("abc def ghi jkl mno pqr stu vwx yza bcde")).toBeNull();
  expect(verdict("abcdefghij klmnopqrst uvwxyzabcd efghijklmn opqrst")).toEqual({
    rule: "low-signal",
    reason: "5 words; a handoff has at least 6",
  });
  expect(verdict("abcdefghij klmnopqrst uvwxyzabcd efghijklmn opqrst uv")).toBeNull();
  expect(verdict("ὀκ ὀκ ὀκ ὀκ ὀκ ὀκ 𝔘𝔘")?.reason).toBe("20 letters; a handoff has at least 40");
});

test("P31 tags and the insight fence are no words of a letter", () => {
  expect(verdict("<TO_PEER>\nthanks\n</TO_PEER>\n```insight\nwho: PeerA\nnext: nothing at all\n```")?.reason).toBe(
    "6 letters; a handoff has at least 40",
  );
});

test("P31 questions, objections, evidence, signatures and patches are never held by the filter", () => {
  for (const line of [
    "Ask(to=peerB): ok?",
    "Counter: no",
    "Evidence(refs=[commit:a]): x",
    "Sign(rfd=r, decision=approve): y",
  ])
    expect([line, verdict(line)]).toEqual([line, null]);
  expect(verdict("```diff\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n```")).toBeNull();
  expect(rule("Progress: done")).toBe("low-signal");
});

test("P31 a word of weight makes a short letter a handoff, and a fence does", () => {
  for (const word of ["CLAIM: x", "COUNTER: x", "EVIDENCE: x", "TASK x", "PATCH x", "```\nx\n```"])
    expect([word, verdict(word)]).toEqual([word, null]);
  expect(rule("claim: x")).toBe("low-signal");
});

test("P31 a second letter within 15 seconds waits until they are over, and is let go by itself", () => {
  earlier(OTHER, 14_999);
  expect(verdict(REAL)).toEqual({
    rule: "cooldown",
    reason: "its author's last letter is not 15 s old",
    until: history.at + 1,
  });
  beforeLong();
  earlier(OTHER, 15_000);
  expect(verdict(REAL)).toBeNull();
  earlier(OTHER, 1000, BOB);
  expect(verdict(REAL)).toBeNull();
});

const beforeLong = (): void => form({});

test("P31 weight passes the cooldown unless a person wants it otherwise", () => {
  earlier(OTHER, 1000);
  expect(verdict(`CLAIM: ${REAL}`)).toBeNull();
  form({ policies: { handoff_filter: { bypass_cooldown_when_high_signal: false } } });
  earlier(OTHER, 1000);
  expect(rule(`CLAIM: ${REAL}`)).toBe("cooldown");
});

test("P31 what says the same again within two minutes is redundant", () => {
  const mid = earlier(REAL, 100_000);
  expect(verdict(`${REAL} Indeed.`)).toEqual({
    rule: "redundant",
    reason: `it says what ${mid} said 100 s before`,
  });
  expect(verdict(OTHER)).toBeNull();
  form({});
  earlier(REAL, 120_000);
  expect(verdict(`${REAL} Indeed.`)).toBeNull();
});

test("P31 an echo of the peer's own words is redundant for 30 seconds", () => {
  earlier(REAL, 29_999, BOB);
  expect(rule(REAL)).toBe("redundant");
  expect(verdict(`${REAL} Indeed.`)).toBeNull();
  form({});
  earlier(REAL, 30_000, BOB);
  expect(verdict(REAL)).toBeNull();
});

test("P31 only the newest letters are compared", () => {
  earlier(REAL, 100_000);
  for (let n = 0; n < 10; n += 1) earlier(`${"x".repeat(n)} ${OTHER} ${n}`, 90_000 - n, BOB);
  expect(verdict(`${REAL} Indeed.`)).toBeNull();
});

test("P31 switched off, nothing is held by the filter", () => {
  form({ policies: { handoff_filter: { enabled: false } } });
  earlier(OTHER, 1000);
  expect(verdict("ok")).toBeNull();
});

test("P32 the same text to the same peer within 90 s is held as a duplicate, whatever it says; after 90 s it passes", () => {
  const mid = earlier(`CLAIM: ${REAL}`, 89_999);
  expect(verdict(`CLAIM: ${REAL}`)).toEqual({ rule: "duplicate", reason: `the same text as ${mid}, 90 s before` });
  form({});
  earlier(`CLAIM: ${REAL}`, 90_000);
  expect(verdict(`CLAIM: ${REAL}`)).toBeNull();
  form({
    policies: { handoff_filter: { enabled: false } },
    cli_profiles: { delivery: { duplicate_window_seconds: 0 } },
  });
  earlier(REAL, 1);
  expect(verdict(REAL)).toBeNull();
});

const handoffs = (times: number): void => {
  for (let n = 0; n < times; n += 1)
    history.observe({ type: "handoff.counted", team: "pair", from: ANN, to: BOB, mid: `h-${n}` });
};

test("P33 after six handoffs without anything new the next letter is held", () => {
  handoffs(5);
  expect(verdict(REAL)).toBeNull();
  handoffs(1);
  expect(verdict(REAL)).toEqual({ rule: "damping", reason: "6 handoffs without new evidence, patch or decision" });
  expect(rule(`CLAIM: ${REAL}`)).toBe("damping");
  expect(rule("Counter: I do not think so at all, and here is why.")).toBe("damping");
});

test("P33 a Counter or an Ask with a reference, and a patch, pass", () => {
  handoffs(6);
  expect(verdict("Counter(refs=[log:x#L1-2]): I do not think so, look at the lines.")).toBeNull();
  expect(verdict("Ask(to=peerB, refs=[commit:abc]): is this the one?")).toBeNull();
  expect(verdict("```diff\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n```")).toBeNull();
  expect(rule("Evidence(refs=[commit:abc]): it is there, I have seen it.")).toBe("damping");
});

test("P33 the limit is the user's, and 0 is none", () => {
  form({ policies: { loop_damping: { max_handoffs_without_evidence: 2 } } });
  handoffs(2);
  expect(rule(REAL)).toBe("damping");
  form({ policies: { loop_damping: { max_handoffs_without_evidence: 0 } } });
  handoffs(50);
  expect(verdict(REAL)).toBeNull();
});

test("P31 the filter's own defaults are those of its settings", () => {
  expect(POLICIES.handoff_filter.min_words.fallback).toBe(6);
});
