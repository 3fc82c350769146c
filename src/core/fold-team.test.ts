import { beforeEach, expect, test } from "bun:test";
import { ANN, crewFacts, History } from "../../test/fakes/history.ts";
import type { Fact } from "./facts.ts";
import type { Team } from "./state.ts";

let history: History;

beforeEach(() => {
  history = new History();
  history.fold([...crewFacts(), { type: "team.formed", team: "other", topology: "pair", repo: "/o", seats: [] }]);
});

const team = (name = "crew") => history.state.teams[name] as Team;
const cited = (mid: string, ref: string, name = "crew") =>
  history.fold([{ type: "evidence.cited", mid, team: name, author: ANN, ref }]);
const judged = (mid: string, ref: string, verdict: "verified" | "claimed" | "refuted" = "verified") =>
  history.fold([{ type: "evidence.judged", mid, ref, verdict, detail: "d" }]);
/** Does this move the talk of a quiet team? */
function moves(act: () => void, name = "crew"): boolean {
  Object.assign(team(name), { quiet: 3, counters: [ANN], confidence: { [ANN]: 1 } });
  act();
  const { quiet, counters, confidence } = team(name);
  return quiet === 0 && counters.length === 0 && Object.keys(confidence).length === 0;
}
const patch = (more: object = {}) =>
  history.fold([
    {
      ...{ type: "patch.received", patch: "P-1", team: "crew", author: ANN, title: "t", sha: "s", lines: 1 },
      ...{ paths: ["a"], body: "b" },
      ...more,
    } as Fact,
  ]);

test("P33 evidence moves a talk when it is verified for the first time", () => {
  cited("m-1", "commit:aaaaaaa");
  expect(moves(() => judged("m-1", "commit:aaaaaaa", "claimed"))).toBe(false);
  expect(moves(() => judged("m-1", "commit:aaaaaaa", "refuted"))).toBe(false);
  expect(moves(() => judged("m-1", "commit:aaaaaaa"))).toBe(true);
  expect(history.state.evidence).toMatchObject(
    Object.fromEntries(Object.keys(history.state.evidence).map((key) => [key, { verdict: "verified", detail: "d" }])),
  );
});

test("P33 citing the same again moves nothing; another reference, or the first one of another team, does", () => {
  cited("m-1", "commit:aaaaaaa");
  judged("m-1", "commit:aaaaaaa");
  cited("m-2", "commit:aaaaaaa");
  expect(moves(() => judged("m-2", "commit:aaaaaaa"))).toBe(false);
  cited("m-2", "commit:bbbbbbb");
  expect(moves(() => judged("m-2", "commit:bbbbbbb"))).toBe(true);
  cited("m-3", "commit:aaaaaaa", "other");
  expect(moves(() => judged("m-3", "commit:aaaaaaa"), "other")).toBe(true);
});

test("P33 what was cited before, but never verified, does not stand in the way", () => {
  cited("m-1", "commit:aaaaaaa");
  judged("m-1", "commit:aaaaaaa", "claimed");
  cited("m-2", "commit:aaaaaaa");
  expect(moves(() => judged("m-2", "commit:aaaaaaa"))).toBe(true);
});

test("a verdict about what nobody cited changes nothing", () => {
  judged("m-9", "commit:aaaaaaa");
  expect(history.state.evidence).toEqual({});
});

test("P33 a patch and a resumed team move the talk", () => {
  expect(moves(() => patch())).toBe(true);
  expect(moves(() => history.fold([{ type: "team.resumed", team: "crew" }]))).toBe(true);
  expect(moves(() => history.fold([{ type: "team.paused", team: "crew" }]))).toBe(false);
});

test("P49 a patch that is taken up again waits as if it were new, under its decision", () => {
  patch();
  const step = { step: "lint", ok: true } as never;
  history.fold([
    { type: "patch.waiting", patch: "P-1", reason: "a lock" },
    { type: "patch.stepped", patch: "P-1", step, body: "" },
  ]);
  expect(history.state.patches["P-1"]).toMatchObject({ state: "queued", steps: [step], reason: undefined });
  history.fold([{ type: "patch.refused", patch: "P-1", kind: "reject", reason: "r", body: "" }]);
  expect(history.state.patches["P-1"]).toMatchObject({ state: "refused", kind: "reject", reason: "r" });
  history.fold([{ type: "patch.reopened", patch: "P-1", rfd: "rfd-1" }]);
  expect(history.state.patches["P-1"]).toMatchObject({ state: "queued", steps: [], rfd: "rfd-1" });
  expect(history.state.patches["P-1"]?.kind).toBeUndefined();
  expect(history.state.patches["P-1"]?.reason).toBeUndefined();
  history.fold([{ type: "patch.committed", patch: "P-1", commit: "c", branch: "main", steps: [step] }]);
  expect(history.state.patches["P-1"]).toMatchObject({ state: "committed", commit: "c", steps: [step] });
});

test("facts about a team or a patch that nobody knows change nothing", () => {
  const before = structuredClone({ teams: history.state.teams, patches: history.state.patches });
  history.fold([
    { type: "team.paused", team: "nobody" },
    { type: "team.resumed", team: "nobody" },
    { type: "team.tuned", team: "nobody", switch: "echo", isOn: true },
    { type: "team.stopped", team: "nobody", reason: "x" },
    { type: "settings.loaded", team: "nobody", hash: "h", changes: {}, warnings: [] },
    { type: "settings.refused", team: "nobody", hash: "h", errors: [] },
    { type: "patch.waiting", patch: "P-9", reason: "x" },
  ] as Fact[]);
  expect({ teams: history.state.teams, patches: history.state.patches }).toEqual(before);
});

test("P31 a switch that a person turned wins over the files, and leaves the other settings as they are", () => {
  const settings = structuredClone(team().settings);
  const { enabled } = settings.policies.handoff_filter;
  history.fold([{ type: "team.tuned", team: "crew", switch: "filter", isOn: !enabled }]);
  const changed = structuredClone(settings);
  changed.policies.handoff_filter.enabled = !enabled;
  expect(team().settings).toEqual(changed);
  history.fold([{ type: "settings.loaded", team: "crew", hash: "h", changes: {}, warnings: [] }]);
  expect(team().settings).toEqual(changed);
  const { console_echo: echo } = settings.cli_profiles;
  history.fold([{ type: "team.tuned", team: "crew", switch: "echo", isOn: !echo }]);
  expect(team().settings.cli_profiles.console_echo).toBe(!echo);
  expect(team().settings.policies.handoff_filter.enabled).toBe(!enabled);
});

test("full access that a person allowed is known of the one repository; the daemon's version is that of its last start", () => {
  history.fold([
    { type: "repository.permitted", repo: "/r" },
    { type: "daemon.started", pid: 1, version: "1" },
    { type: "daemon.started", pid: 1, version: "2" },
  ]);
  expect(history.state.repositories["/r"]?.isPermitted).toBe(true);
  expect(history.state.repositories["/o"]?.isPermitted).toBeUndefined();
  expect(history.state.version).toBe("2");
});
