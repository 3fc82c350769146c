import { expect, test } from "bun:test";
import { ANN, BOB, History, hireOf } from "../../test/fakes/history.ts";
import { completions, type Known, knownOf } from "./console-completion.ts";
import type { Fact } from "./facts.ts";

const KNOWN: Known = { task: ["T003"], rfd: ["rfd-1"], message: ["m-1", "m-2"], any: ["PeerA"], asker: ["PeerB"] };
const words = (before: string): string[] => completions(before, KNOWN).words;

test("P81 the first word completes to whom one speaks or to a command, the next ones to what that takes", () => {
  expect(words("")).toEqual(["a: ", "b: ", "both: ", "c: "]);
  expect(words("B")).toEqual(["b: ", "both: "]);
  expect(words("  /re")).toEqual(["/resume ", "/restart ", "/review ", "/reset ", "/refresh ", "/release "]);
  expect(words("/b")).toEqual(["/both "]);
  expect(words("/foreman o")).toEqual(["on ", "off "]);
  expect(words("/FOREMAN st")).toEqual(["status "]);
  expect(words("/rfd ")).toEqual(["rfd-1 "]);
  expect(words("/rfd rfd-1 a")).toEqual(["approve ", "ask "]);
  expect(words("/release ")).toEqual(["m-1 ", "m-2 "]);
  expect(words("/task t")).toEqual(["T003 "]);
  expect(words("/allow ")).toEqual(["PeerB "]);
  expect(completions("/rfd  rfd", KNOWN).length).toBe(3);
});

test("P81 what is complete, takes nothing or is a text completes to nothing", () => {
  for (const before of ["/why PeerA", "/pause ", "/rfd rfd-1 ask ", "a: /pau", "/nothing o", "/constructor o"])
    expect([before, words(before)]).toEqual([before, []]);
  for (const before of ["a: /pau", "xforeman o"]) expect(completions(before, KNOWN)).toEqual({ length: 0, words: [] });
});

test("P81 offered are ids of the one team that wait for something, newest letter first", () => {
  const history = new History();
  const letter = (mid: string, team: string): Fact => ({
    ...({ type: "message.queued", mid, from: ANN, to: BOB, kind: "letter", number: 1, size: 2 } as const),
    ...{ preview: "hi", team, body: "hi" },
  });
  const rfd = (id: string, team: string): Fact => ({
    ...{ type: "rfd.opened", rfd: id, team, kind: "msg", author: ANN, title: "t", tasks: [] },
  });
  const seats = [
    { seat: "PeerA", agent: ANN, driver: "standin" },
    { seat: "PeerB", agent: BOB, driver: "standin" },
  ];
  history.fold([
    { type: "team.formed", team: "crew", topology: "pair", repo: "/r", seats },
    { type: "agent.hired", hire: hireOf(ANN, { team: "crew", seat: "PeerA" }) },
    { type: "agent.hired", hire: hireOf(BOB, { team: "crew", seat: "PeerB" }) },
    { type: "permission.asked", agent: BOB, question: "q", tool: "Bash", input: "ls" },
    ...[letter("m-1", "crew"), letter("m-2", "crew"), letter("m-3", "other"), letter("m-4", "crew")],
    { type: "message.died", mid: "m-4", reason: "x" },
    ...[rfd("rfd-1", "crew"), rfd("rfd-2", "crew"), rfd("rfd-3", "other")],
    { type: "rfd.decided", rfd: "rfd-2", decision: "reject", decider: "user" },
  ]);
  expect(knownOf(history.state, "crew", ["p-1"])).toEqual({
    asker: ["PeerB"],
    message: ["m-2", "m-1"],
    any: ["PeerA", "PeerB", "p-1"],
    task: [],
    rfd: ["rfd-1"],
  });
  const nothing = { asker: [], message: [], any: [], task: [], rfd: [] };
  expect(knownOf(null, "crew", [])).toEqual(nothing);
  expect(knownOf(history.state, "nobody's", [])).toEqual(nothing);
});
