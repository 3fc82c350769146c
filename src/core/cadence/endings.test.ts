import { expect, test } from "bun:test";
import { ANN, BOB, crewFacts, History } from "../../../test/fakes/history.ts";
import type { Fact } from "../facts.ts";
import type { Team } from "../state.ts";
import { endingsBy } from "./endings.ts";

const HOUR_MS = 3_600_000;

function crews(): History {
  const history = new History();
  history.fold([...crewFacts(), { type: "team.formed", team: "other", topology: "pair", repo: "/o", seats: [] }]);
  return history;
}

const letter = (mid: string, team = "crew"): Fact => ({
  ...({ type: "message.queued", mid, from: ANN, to: BOB, kind: "letter", number: 1, size: 2 } as const),
  ...{ preview: "hi", team, body: "hi" },
});
const held = (mid: string, until?: number): Fact => ({
  ...({ type: "message.held", mid, rule: "redundant", reason: "r" } as const),
  ...(until === undefined ? {} : { until }),
});
const request = (rfd: string, team = "crew"): Fact => ({
  ...({ type: "rfd.opened", rfd, team, kind: "msg", author: ANN, title: "t", tasks: [] } as const),
});

/** What ends by now, and when the next does. */
function ends(history: History, now: number) {
  const { commands, next } = endingsBy(history.state, history.state.teams.crew as Team, now);
  return { ends: commands.map((command) => (command.do === "observe" ? command.facts[0] : command)), next };
}

test("nothing ends in a team where nothing waits for its time", () => {
  const history = crews();
  history.fold([letter("m-1"), held("m-1"), letter("m-2")]);
  expect(ends(history, Number.MAX_SAFE_INTEGER)).toEqual({ ends: [], next: null });
});

test("P31 a held letter is released when its time has come, not before; the next end is the earliest", () => {
  const history = crews();
  history.fold([letter("m-1"), held("m-1", 500), letter("m-2"), held("m-2", 300), letter("m-3"), held("m-3", 400)]);
  expect(ends(history, 299)).toEqual({ ends: [], next: 300 });
  expect(ends(history, 300)).toEqual({ ends: [{ type: "message.released", mid: "m-2" }], next: 400 });
  expect(ends(history, 400)).toMatchObject({ ends: [{ mid: "m-2" }, { mid: "m-3" }], next: 500 });
});

test("P31 letters of another team, and those that are closed, are not released", () => {
  const history = crews();
  history.fold([letter("m-1", "other"), held("m-1", 1), letter("m-2"), held("m-2", 1)]);
  history.fold([{ type: "message.died", mid: "m-2", reason: "x" }]);
  expect(ends(history, 2)).toEqual({ ends: [], next: null });
});

test("P50 a request that nobody decides expires with its hours, of the one team alone", () => {
  const history = crews();
  const ttl = (history.state.teams.crew as Team).settings.policies.rfd.ttl_hours * HOUR_MS;
  const at = history.at;
  history.fold([request("rfd-1"), request("rfd-2", "other"), request("rfd-3")]);
  history.fold([{ type: "rfd.decided", rfd: "rfd-3", decision: "approve", decider: "user" }]);
  expect(ends(history, at + ttl - 1)).toEqual({ ends: [], next: at + ttl });
  expect(ends(history, at + ttl)).toEqual({
    ends: [{ type: "rfd.decided", rfd: "rfd-1", decision: "expired", decider: "system" }],
    next: null,
  });
});
