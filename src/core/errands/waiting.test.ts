import { expect, test } from "bun:test";
import { ANN, BOB, crewFacts, History } from "../../../test/fakes/history.ts";
import type { Fact, FactOf } from "../facts.ts";
import { sentence } from "../sentence.ts";
import type { SettingsChanges } from "../settings/settings.ts";
import type { Team } from "../state.ts";
import { askAux } from "./asking.ts";
import { openItems } from "./texts.ts";

type Asked = FactOf<"errand.asked">;
const asked = (errand: string, role: Asked["role"] = "aux"): Asked => ({
  ...{ type: "errand.asked", errand, team: "crew", role, asker: ANN, preview: "look", body: "look around" },
});
const started = (errand: string) => ({ type: "errand.started", errand, team: "crew", folder: "/w" }) as const;
const ended = (errand: string, code: number | null = 0, reason = "") =>
  ({ type: "errand.ended", errand, team: "crew", code, reason, preview: "done", body: "done" }) as const;

function crew(changes: SettingsChanges = {}): History {
  const history = new History();
  history.fold(crewFacts(changes));
  return history;
}
const teamIn = (history: History): Team => history.state.teams.crew as Team;

test("what waits is counted for the one team, each in its number", () => {
  const history = crew();
  expect(openItems(history.state, teamIn(history))).toBe("none");
  const letter = (mid: string, team = "crew"): Fact => ({
    ...({ type: "message.queued", mid, from: ANN, to: BOB, kind: "letter", number: 1, size: 2 } as const),
    ...{ preview: "hi", team, body: "hi" },
  });
  const rfd = (id: string, team = "crew"): Fact => ({
    ...{ type: "rfd.opened", rfd: id, team, kind: "msg", author: ANN, title: "t", tasks: [] },
  });
  history.fold([letter("m-0", "other"), rfd("rfd-0", "other"), letter("m-1"), rfd("rfd-1")]);
  expect(openItems(history.state, teamIn(history))).toBe("1 letter on its way, 1 decision waits");
  history.fold([
    ...[letter("m-2"), letter("m-3"), { type: "message.died", mid: "m-3", reason: "x" } as const],
    ...[
      rfd("rfd-2"),
      rfd("rfd-3"),
      { type: "rfd.decided", rfd: "rfd-3", decision: "reject", decider: "user" } as const,
    ],
    ...[{ type: "message.held", mid: "m-1", rule: "redundant", reason: "r" } as const],
    ...[{ type: "message.held", mid: "m-2", rule: "redundant", reason: "r" } as const],
  ]);
  expect(openItems(history.state, teamIn(history))).toBe("2 letters on their way, 2 of them held, 2 decisions wait");
});

test("P67 what the helper is asked has at least a word and at most a hundred thousand characters", () => {
  const history = crew({ cli_profiles: { roles: { aux: { actor: "claude", rate_limit_per_minute: 2 } } } });
  const order = { team: teamIn(history), asker: ANN, now: history.at, errand: "e1" };
  const refusal = (prompt: string) => askAux(history.state, { ...order, prompt }).refusal;
  expect(refusal(" \n")).toMatchObject({
    ...{ code: "usage", message: "the prompt is empty", hint: "say what Aux is to do" },
  });
  expect(refusal("x".repeat(100_001))).toMatchObject({
    ...{ code: "usage", message: "the prompt has 100001 characters; at most 100000", hint: "name a file instead" },
  });
  expect(refusal("x".repeat(100_000))).toBeUndefined();
  const nobody = crew({ cli_profiles: { roles: { aux: { actor: "none" } } } });
  expect(askAux(nobody.state, { ...order, team: teamIn(nobody), prompt: "x" })).toMatchObject({
    fact: { type: "errand.refused", reason: "no Aux driver; choose one at next muster run" },
    refusal: { code: "state" },
  });
});

test("P67 an order of a minute ago is out of the way, one of less is not", () => {
  const history = crew({ cli_profiles: { roles: { aux: { actor: "claude", rate_limit_per_minute: 1 } } } });
  const at = history.at;
  history.fold([asked("e1")]);
  const refusal = (now: number) =>
    askAux(history.state, { team: teamIn(history), asker: ANN, prompt: "x", errand: "e2", now }).refusal;
  expect(refusal(at + 59_999)).toMatchObject({
    ...{ code: "state", message: "Aux: 1 per minute, next in 1 s", hint: "ask again then" },
  });
  expect(refusal(at + 60_000)).toBeUndefined();
});

test("what an errand that nobody knows says is said of the helper, and changes nothing", () => {
  const history = crew();
  const said = (fact: object) => sentence({ seq: 1, at: 1, by: "system", ...fact } as never, history.state);
  expect(said(started("e9"))).toMatchObject({ who: "Aux", text: "works in /w" });
  expect(said(ended("e9"))).toMatchObject({ who: "Aux", tone: "plain", text: "ended rc=0: done" });
  const before = structuredClone(history.state.errands);
  history.fold([started("e9"), ended("e9")]);
  expect(history.state.errands).toEqual(before);
});

test("how an errand ended is said with why, unless its number says it", () => {
  const history = crew();
  history.fold([asked("e1", "foreman")]);
  const said = (code: number | null, reason: string, preview = "") => {
    const fact = { ...ended("e1", code, reason), preview, seq: 1, at: 1, by: "system" };
    const { tone, who, text } = sentence(fact as never, history.state);
    return `${tone} ${who}: ${text}`;
  };
  expect(said(0, "")).toBe("plain Foreman: ended rc=0");
  expect(said(3, "")).toBe("bad Foreman: ended rc=3");
  expect(said(0, "it said nothing")).toBe("bad Foreman: ended rc=0, it said nothing");
});
