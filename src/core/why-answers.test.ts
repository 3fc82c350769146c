import { beforeEach, expect, test } from "bun:test";
import { ANN, crewFacts, History } from "../../test/fakes/history.ts";
import type { Fact } from "./facts.ts";
import { why, whyAspect } from "./why.ts";
import { BEATS } from "./why-beats.ts";

let history: History;
const moment = () => ({ now: history.at });

beforeEach(() => {
  history = new History();
  history.fold([
    ...crewFacts(),
    {
      ...{ type: "patch.received", patch: "P-1", team: "crew", author: ANN, title: "t", sha: "s", lines: 1 },
      ...{ paths: ["a"], body: "b" },
    },
  ]);
});

const told = (id: string) => {
  const { state, rule, because, change } = why(history.state, id, []) ?? {};
  return { state, rule, because, change };
};
const refused = (id: string, word: string) => {
  try {
    whyAspect(history.state, id, word, moment());
  } catch (error) {
    return error;
  }
  return null;
};

test("a patch is told with where it stands and what would change that", () => {
  const rule = "one patch of a repository is proven at a time";
  const change = "the end of its steps";
  expect(told("P-1")).toEqual({ state: "queued", rule, because: "it waits for the patches before it", change });
  history.fold([{ type: "patch.waiting", patch: "P-1", reason: "PeerB works on a" }]);
  expect(told("P-1")).toEqual({
    ...{ state: "queued", rule: "a patch on files that the peer claims waits", because: "PeerB works on a" },
    change: "the lock ends, or its owner is done",
  });
  history.fold([{ type: "patch.committed", patch: "P-1", commit: "c1", branch: "main", steps: [] }]);
  expect(told("P-1")).toEqual({
    ...{ state: "committed", rule: "only what was tested in a scratch worktree is committed" },
    ...{ because: "all steps passed; it is commit c1", change: "nothing: it is done" },
  });
});

test("a refused patch is let pass by the open request about it, by no other", () => {
  const rule = "the first failing step refuses the patch; the user's tree stays untouched";
  const request = (rfd: string, sha: string): Fact => ({
    ...{ type: "rfd.opened", rfd, team: "crew", kind: "large", author: ANN, title: "t", tasks: [], sha },
  });
  history.fold([
    { type: "patch.refused", patch: "P-1", kind: "reject", reason: "too long", body: "" },
    request("rfd-0", "another"),
  ]);
  const alone = { state: "refused", rule, because: "too long", change: "a new patch that passes this step" };
  expect(told("P-1")).toEqual(alone);
  history.fold([request("rfd-1", "s")]);
  expect(told("P-1")).toEqual({ ...alone, change: "rfd-1 is approved by both peers and the user" });
  history.fold([{ type: "rfd.decided", rfd: "rfd-1", decision: "reject", decider: "user" }]);
  expect(told("P-1")).toEqual(alone);
});

test("a team runs, is paused, or has ended", () => {
  const rule = "a team runs until a person stops it";
  expect(told("crew")).toEqual({
    ...{ state: "running", rule, because: "2 seats since it was formed", change: "muster stop crew" },
  });
  history.fold([{ type: "team.paused", team: "crew" }]);
  expect(told("crew")).toEqual({
    ...{ state: "paused", rule: "while a team is paused its letters gather in the inboxes" },
    ...{ because: "a person paused it", change: "/resume" },
  });
  history.fold([{ type: "team.stopped", team: "crew", reason: "it is done" }]);
  expect(told("crew")).toEqual({ state: "stopped", rule, because: "it is done", change: "muster run" });
});

test("a team's Foreman is told with its rule; a word that nothing has, with those there are", () => {
  expect(whyAspect(history.state, "crew", "foreman", moment())).toEqual({
    ...{ id: "crew", kind: "team", what: "Foreman of crew", state: "not running" },
    because: "none was chosen at start",
    rule: "the Foreman runs every so many seconds, never twice at a time (foreman.yaml)",
    ...{ evidence: [], parts: [], change: "the time passes, or /foreman now" },
  });
  const hint = `a member has ${BEATS.join(", ")}; a team has foreman`;
  for (const [id, word] of [...[["crew", "lunch"] as const, [ANN, "foreman"] as const], ["nobody", "foreman"] as const])
    expect(refused(id, word)).toMatchObject({ code: "usage", message: `${id} has no ${word}`, hint });
});

test("a beat that a member does not have says who has it", () => {
  expect(refused(ANN, "idle")).toMatchObject({
    ...{ code: "state", message: "PeerA has no idle", hint: "idle is for one that works alone" },
  });
  history.hire("c0000003");
  expect(refused("c0000003", "keepalive")).toMatchObject({
    ...{ message: "c0000003 has no keepalive", hint: "beats come to members of a team that runs" },
  });
});

test("six facts at most are shown as evidence, the newest", () => {
  const events = history.events.slice(0, 1);
  const seven = Array.from({ length: 7 }, (_, n) => ({ ...events[0], seq: n + 1 }) as (typeof events)[number]);
  expect(why(history.state, "crew", seven)?.evidence.map((line) => line.split(" ")[0])).toEqual([
    ...["#2", "#3", "#4", "#5", "#6", "#7"],
  ]);
  expect(why(history.state, "nothing", [])).toBeNull();
});
