import { afterEach, expect, test } from "bun:test";
import { ANN, BOB } from "../../../test/fakes/history.ts";
import { PairHouse } from "../../../test/fakes/pair-house.ts";

let it: PairHouse;
const house = (...given: ConstructorParameters<typeof PairHouse>): PairHouse => {
  it = new PairHouse(...given);
  return it;
};
afterEach(() => it.end());

const say = (n: number): string =>
  `Progress: step number ${n} of the long plan, done and written down here ${"abcdefghij"[n % 10]?.repeat(n + 5)}.`;
const calm = { policies: { handoff_filter: { enabled: false } } };

test("P33 a letter that goes on is a handoff to its reader; one that is held is not", () => {
  house();
  const mid = it.write(ANN, BOB, say(1));
  expect(it.facts("handoff.counted")).toMatchObject([{ team: "pair", from: ANN, to: BOB, mid }]);
  expect(it.state.rhythms[BOB]).toMatchObject({ handoffs: 1, sinceCheck: 1, sinceCompact: 1, sinceReset: 1 });
  expect(it.state.rhythms[ANN]).toMatchObject({ handoffs: 0 });
  const held = it.write(ANN, BOB, "ok");
  expect(it.message(held).held).toEqual({
    rule: "low-signal",
    reason: "it matches ^\\s*(ok|okay|ready|standby|waiting|idle)\\b",
    until: undefined,
  });
  expect(it.facts("handoff.counted")).toHaveLength(1);
  expect(it.team.quiet).toBe(1);
});

test("P31 /release lets a held letter go, once, and then it is a handoff", () => {
  house();
  const mid = it.write(ANN, BOB, "ok");
  it.dispatch({ do: "release", mid });
  expect(it.message(mid).held).toBeUndefined();
  expect(it.facts("handoff.counted")).toMatchObject([{ mid }]);
  expect(() => it.dispatch({ do: "release", mid })).toThrow(`message ${mid} is not held (queued)`);
  expect(() => it.dispatch({ do: "release", mid: "nothing" })).toThrow("no message nothing");
});

test("P31 the author of a low-signal letter is told once in ten minutes, with the way out", () => {
  house();
  const mid = it.write(ANN, BOB, "ok");
  it.write(ANN, BOB, "okay then");
  const [tip, ...more] = it.told(ANN);
  expect(more).toEqual([]);
  expect(tip?.text).toStartWith(`Held: your letter ${mid} was not handed over: it matches`);
  expect(tip?.text).toEndWith(`/release ${mid}.`);
});

test("P32 a duplicate is held without a word to its author", () => {
  house({ changes: calm });
  it.write(ANN, BOB, say(1));
  const mid = it.write(ANN, BOB, say(1));
  expect(it.message(mid).held?.rule).toBe("duplicate");
  expect(it.told(ANN)).toEqual([]);
});

test("P31 a letter that only comes too soon after the last is held without a word to its author", () => {
  house({
    changes: { policies: { handoff_filter: { bypass_cooldown_when_high_signal: false, cooldown_seconds: 60 } } },
  });
  it.write(ANN, BOB, say(1));
  const mid = it.write(ANN, BOB, say(2));
  expect(it.message(mid).held?.rule).toBe("cooldown");
  expect(it.told(ANN)).toEqual([]);
});

test("P32 the same text twice, 91 s apart, is delivered twice: fault 3", async () => {
  house({ changes: calm });
  const first = it.write(ANN, BOB, say(1));
  await it.clock.pass(91_000);
  const second = it.write(ANN, BOB, say(1));
  expect([it.message(first).held, it.message(second).held]).toEqual([undefined, undefined]);
});

test("P31 messages from the user and letters to the user are never held", () => {
  house();
  it.dispatch({ do: "send", letter: { mid: "u", from: "user", to: ANN, kind: "letter", text: "ok", team: "pair" } });
  it.write(ANN, "user", "ok");
  expect(it.facts("message.held")).toEqual([]);
  expect(it.facts("handoff.counted")).toEqual([]);
  expect(it.facts("letter.parsed")).toEqual([]);
});

test("P33 an endless polite exchange is held after six handoffs, with one line to each and one to the user", () => {
  house({ changes: calm });
  for (let n = 0; n < 6; n += 1) it.write(n % 2 ? BOB : ANN, n % 2 ? ANN : BOB, say(n));
  const held = [it.write(ANN, BOB, say(6)), it.write(BOB, ANN, say(7)), it.write(ANN, BOB, say(8))];
  expect(held.map((mid) => it.message(mid).held?.rule)).toEqual(["damping", "damping", "damping"]);
  expect(it.told("user").map(({ text }) => text)).toEqual([
    "letters in pair are held: 6 handoffs without new evidence, patch or decision. New evidence lets them go, or /resume.",
  ]);
  for (const agent of [ANN, BOB]) {
    const lines = it.told(agent).filter(({ text }) => text.startsWith("Letters between you are held: 6 handoffs"));
    expect(lines).toHaveLength(1);
  }
  expect(it.facts("handoff.counted")).toHaveLength(6);
});

const stuck = (): string => {
  for (let n = 0; n < 6; n += 1) it.write(n % 2 ? BOB : ANN, n % 2 ? ANN : BOB, say(n));
  return it.write(ANN, BOB, say(6));
};

test("P33 /resume lets what is held go and counts anew", () => {
  house({ changes: calm });
  const mid = stuck();
  it.dispatch({ do: "resume", team: "pair" });
  expect(it.message(mid).held).toBeUndefined();
  expect(it.team.quiet).toBe(1);
  expect(it.message(it.write(BOB, ANN, say(9))).held).toBeUndefined();
});

const patch = {
  ...{ patch: "P-0001", team: "pair", author: ANN, title: "t", sha: "s", lines: 1, paths: ["src/a"], body: "diff" },
};

test("P33 a new patch lets what is held go", () => {
  house({ changes: calm });
  const mid = stuck();
  it.dispatch({ do: "submit", patch }, { kind: "agent", agent: ANN });
  expect(it.message(mid).held).toBeUndefined();
  expect(it.team.quiet).toBe(1);
});

test("P33 new verified evidence lets what is held go; citing the same again does not, nor does a refuted one", () => {
  house({ changes: calm });
  const judge = (of: string, ref: string, verdict: "verified" | "refuted") => {
    it.observe({ type: "evidence.cited", mid: of, team: "pair", author: ANN, ref });
    it.observe({ type: "evidence.judged", mid: of, ref, verdict, detail: "" });
  };
  const old = it.write(ANN, BOB, say(20));
  judge(old, "commit:abc", "verified");
  const mid = stuck();
  judge(mid, "commit:fff", "refuted");
  expect(it.message(mid).held?.rule).toBe("damping");
  judge(mid, "commit:abc", "verified");
  expect(it.message(mid).held?.rule).toBe("damping");
  judge(mid, "commit:def", "verified");
  expect(it.message(mid).held).toBeUndefined();
});

test("P33 a decision lets what is held go", () => {
  house({ changes: calm });
  const mid = stuck();
  const rfd = { rfd: "rfd-msg-1", team: "pair", kind: "msg", author: ANN, title: "t", tasks: [] as string[] } as const;
  it.observe({ type: "rfd.opened", ...rfd });
  expect(it.message(mid).held?.rule).toBe("damping");
  it.observe({ type: "rfd.decided", rfd: "rfd-msg-1", decision: "approve", decider: "user" });
  expect(it.message(mid).held).toBeUndefined();
});

test("P95 alone, a letter to the peer is a handoff to the System, and is never held", () => {
  house({ isSolo: true });
  const mid = it.write(ANN, "system", "ok");
  expect(it.facts("handoff.counted")).toMatchObject([{ from: ANN, to: "system", mid }]);
  expect(it.state.rhythms[ANN]).toMatchObject({ handoffs: 1 });
  expect(it.facts("message.held")).toEqual([]);
  expect(it.team.quiet).toBe(0);
  expect(it.message(mid).state).toBe("delivered");
});

test("what PeerB of a pair writes for the user and the System keeps is no handoff", () => {
  house();
  it.write(BOB, "system", say(1));
  expect(it.facts("handoff.counted")).toEqual([]);
});

test("P38 whoever writes back has answered what was delivered to it, each once", () => {
  house({ changes: calm });
  const asked = it.write(ANN, BOB, say(1));
  const later = it.write(ANN, BOB, say(2));
  it.deliver(asked);
  const answer = it.write(BOB, ANN, say(3));
  expect(it.message(asked).answer).toBe(answer);
  expect(it.message(later).answer).toBeUndefined();
  const next = it.write(BOB, ANN, say(4));
  expect(it.message(asked).answer).toBe(answer);
  expect(next).not.toBe(answer);
});

test("P38 what the user asked is answered by a letter to the user", () => {
  house();
  it.dispatch({
    do: "send",
    letter: { mid: "u", from: "user", to: ANN, kind: "letter", text: "how far?", team: "pair" },
  });
  it.deliver("u");
  const answer = it.write(ANN, "user", "Nearly there.");
  expect(it.message("u").answer).toBe(answer);
});

test("letters of agents outside a team, and of a team that ended, are nobody's handoffs", () => {
  house();
  it.start("c0000003", "m-c");
  it.open("c0000003");
  it.write("c0000003", BOB, say(1), { team: undefined });
  it.dispatch({ do: "stop", team: "pair", reason: "x" });
  expect(it.facts("handoff.counted")).toEqual([]);
});
