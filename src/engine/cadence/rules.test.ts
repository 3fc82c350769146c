import { afterEach, expect, test } from "bun:test";
import { ANN, BOB } from "../../../test/fakes/history.ts";
import { PairHouse } from "../../../test/fakes/pair-house.ts";
import { SELF_CHECK_TEXT } from "../../core/settings/cli-profiles.ts";

let it: PairHouse;
const house = (...given: ConstructorParameters<typeof PairHouse>): PairHouse => {
  it = new PairHouse(...given);
  return it;
};
afterEach(() => it.end());

const free = { policies: { handoff_filter: { enabled: false }, loop_damping: { max_handoffs_without_evidence: 0 } } };
let count = 0;
const talk = (from: string, to: string, times = 1): void => {
  for (let n = 0; n < times; n += 1) it.write(from, to, `Progress: letter ${count++}`);
};

const BOARD = "Look after the board: check docs/por/POR.md and every active SUBPOR";

test("P54 a member looks at itself after every six handoffs to it, not before", () => {
  house({ changes: free });
  talk(ANN, BOB, 5);
  expect(it.told(BOB)).toEqual([]);
  talk(BOB, ANN, 5);
  expect(it.told(ANN)).toEqual([]);
  talk(ANN, BOB);
  expect(it.told(BOB).map(({ text }) => text)[0]).toBe(SELF_CHECK_TEXT);
  expect(it.told(ANN)).toEqual([]);
  expect(it.state.rhythms[BOB]).toMatchObject({ checks: 1, sinceCheck: 0, handoffs: 6 });
  talk(ANN, BOB, 6);
  expect(it.told(BOB).filter(({ text }) => text === SELF_CHECK_TEXT)).toHaveLength(2);
});

test("P54 the text and the number of handoffs are the user's", () => {
  house({
    changes: { ...free, cli_profiles: { delivery: { self_check_every_handoffs: 2, self_check_text: "Look!" } } },
  });
  talk(ANN, BOB, 2);
  expect(it.told(BOB)[0]?.text).toBe("Look!");
});

test("P72 with a self-check PeerB is asked to look after the board, at least 60 s apart", async () => {
  house({ changes: { ...free, cli_profiles: { delivery: { self_check_every_handoffs: 1 } } } });
  const asked = () => it.told(BOB).filter(({ text }) => text.startsWith(BOARD));
  talk(BOB, ANN);
  expect(asked()).toHaveLength(1);
  await it.clock.pass(59_999);
  talk(BOB, ANN);
  expect(asked()).toHaveLength(1);
  expect(it.state.rhythms[BOB]?.skipped.board?.reason).toBe("the board was asked after less than 60 s ago");
  await it.clock.pass(1);
  talk(BOB, ANN);
  expect(asked()).toHaveLength(2);
  expect(it.state.rhythms[BOB]?.skipped.board).toBeUndefined();
});

test("P72 alone, PeerA is asked", () => {
  house({ isSolo: true, changes: { cli_profiles: { delivery: { self_check_every_handoffs: 1 } } } });
  talk(ANN, "system");
  expect(it.told(ANN).map(({ text }) => text.split("\n")[0])).toEqual([
    "Self-check, at most one line each:",
    expect.stringContaining(BOARD),
  ]);
});

test("P101 alone, agent to System and back is one handoff of the self-check", () => {
  house({ isSolo: true });
  talk(ANN, "system", 5);
  expect(it.told(ANN)).toEqual([]);
  talk(ANN, "system");
  expect(it.told(ANN)[0]?.text).toBe(SELF_CHECK_TEXT);
});

test("P54 a member that was dismissed is not asked", () => {
  house({ changes: { ...free, cli_profiles: { delivery: { self_check_every_handoffs: 1 } } } });
  it.dispatch({ do: "kill", agent: BOB, reason: "x" });
  it.write(BOB, ANN, "Progress: last words");
  expect(it.told(BOB)).toEqual([]);
  expect(it.told(ANN)).toHaveLength(1);
});

test("P35 after a pause one nudge names all that gathered, and a single letter announces itself", () => {
  house({ changes: free });
  it.dispatch({ do: "pause", team: "pair" });
  talk(ANN, BOB, 3);
  talk(BOB, ANN, 1);
  it.dispatch({ do: "resume", team: "pair" });
  const [nudge, ...more] = it.told(BOB, "nudge");
  expect(more).toEqual([]);
  expect(it.told(ANN, "nudge")).toEqual([]);
  expect(nudge?.text).toMatch(
    /^\[NUDGE\] \[TS: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\] 3 letters wait - Inbox: \/r\/\.muster\/mailbox\/peerB\/inbox - read oldest to newest, move each to \/r\/\.muster\/mailbox\/peerB\/processed when done\.$/,
  );
  const waiting = Object.values(it.state.messages).filter(({ to, kind }) => to === BOB && kind === "letter");
  expect(it.message(nudge?.mid ?? "").covers).toEqual(waiting.map(({ mid }) => mid));
  it.observe({ type: "message.delivered", mid: nudge?.mid ?? "", evidence: "transcript" });
  expect(waiting.map(({ mid }) => it.message(mid))).toMatchObject([
    { state: "delivered", evidence: "nudge" },
    { state: "delivered", evidence: "nudge" },
    { state: "delivered", evidence: "nudge" },
  ]);
});

test("P35 pausing twice and resuming what runs change nothing", () => {
  house();
  it.dispatch({ do: "pause", team: "pair" });
  expect(it.dispatch({ do: "pause", team: "pair" })).toEqual([]);
  it.dispatch({ do: "resume", team: "pair" });
  expect(it.dispatch({ do: "resume", team: "pair" })).toEqual([]);
  expect(() => it.dispatch({ do: "pause", team: "other" })).toThrow("no team other");
  it.dispatch({ do: "stop", team: "pair", reason: "x" });
  expect(() => it.dispatch({ do: "resume", team: "pair" })).toThrow("team pair has ended");
});

test("P20 the user's own words stand behind each nudge of a seat", () => {
  const roles = { peerB: { nudge_suffix: "Be brief." }, peerA: { nudge_suffix: "Be kind." } };
  house({ changes: { ...free, cli_profiles: { roles } } });
  it.dispatch({ do: "pause", team: "pair" });
  talk(ANN, BOB, 2);
  talk(BOB, ANN, 2);
  it.dispatch({ do: "resume", team: "pair" });
  expect(it.told(BOB, "nudge")[0]?.text).toEndWith("when done. Be brief.");
  expect(it.told(ANN, "nudge")[0]?.text).toEndWith("when done. Be kind.");
});

test("P66 a nudge says that there is a helper, where there is one", () => {
  const roles = { peerB: { nudge_suffix: "Be brief." }, aux: { actor: "gemini" } };
  house({ changes: { ...free, cli_profiles: { roles } } });
  it.dispatch({ do: "pause", team: "pair" });
  talk(ANN, BOB, 2);
  talk(BOB, ANN, 2);
  it.dispatch({ do: "resume", team: "pair" });
  expect(it.told(BOB, "nudge")[0]?.text).toEndWith('when done. Be brief. Aux is on: muster aux "PROMPT".');
  expect(it.told(ANN, "nudge")[0]?.text).toEndWith('when done. Aux is on: muster aux "PROMPT".');
});

test("P54 every second self-check brings PROJECT.md and the rules in full, asked for with it", () => {
  house({ changes: { ...free, cli_profiles: { delivery: { self_check_every_handoffs: 1 } } } });
  const asked = () => it.facts("cadence.asked").filter(({ agent, beat }) => agent === BOB && beat === "refresh").length;
  for (const wanted of [0, 1, 1, 2]) {
    talk(ANN, BOB);
    expect(asked()).toBe(wanted);
  }
});

test("P72 /focus and /reset ask for the board, with the user's hint; /refresh does not", async () => {
  house();
  const asked = () => it.told(BOB).map(({ text }) => text.split("\n")[0]);
  it.dispatch({ do: "focus", team: "pair", hint: "the parser first" });
  expect(asked()).toEqual(["Focus: the parser first"]);
  await it.clock.pass(60_000);
  it.dispatch({ do: "ask", team: "pair", agent: ANN, beat: "compact" });
  it.dispatch({ do: "ask", team: "pair", agent: BOB, beat: "compact" });
  expect(asked()[1]).toStartWith(BOARD);
  expect(asked()).toHaveLength(2);
  await it.clock.pass(60_000);
  it.dispatch({ do: "ask", team: "pair", agent: BOB, beat: "refresh" });
  expect(asked()).toHaveLength(2);
});

test("P56 a conversation that was cleared gets SYSTEM again; one that was compacted, or not cleared, does not", () => {
  house();
  const done = (action: "clear" | "compact", ok: boolean) => {
    it.dispatch({ do: "control", agent: ANN, id: `${action}${ok}`, action });
    it.observe({ type: "control.finished", agent: ANN, control: `${action}${ok}`, ok, reason: "", action });
  };
  done("compact", true);
  done("clear", false);
  expect(it.facts("cadence.asked")).toEqual([]);
  done("clear", true);
  expect(it.facts("cadence.asked")).toMatchObject([{ agent: ANN, beat: "refresh" }]);
  it.dispatch({ do: "control", agent: ANN, id: "late", action: "clear" });
  it.dispatch({ do: "stop", team: "pair", reason: "enough" });
  it.observe({ type: "control.finished", agent: ANN, control: "late", ok: true, reason: "", action: "clear" });
  expect(it.facts("cadence.asked")).toHaveLength(1);
});
