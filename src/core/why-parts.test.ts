import { afterEach, expect, test } from "bun:test";
import { WITH_FOREMAN } from "../../test/fakes/errand-lab.ts";
import { ANN, BOB } from "../../test/fakes/history.ts";
import { PairHouse } from "../../test/fakes/pair-house.ts";
import type { SettingsChanges } from "./settings/settings.ts";
import { why, whyAspect } from "./why.ts";

let it: PairHouse;
afterEach(() => it.end());

const house = (changes: SettingsChanges = {}, isSolo = false): PairHouse => {
  it = new PairHouse({ isSolo, changes });
  return it;
};
const asked = (id: string, after = 0) => why(it.state, id, [], { now: it.clock.now() + after });
const parts = (id: string): string[] => (asked(id)?.parts ?? []).map(({ name, text }) => `${name}: ${text}`);
const foreman = (after = 0): string => whyAspect(it.state, "pair", "foreman", { now: it.clock.now() + after }).because;

const PATCH = { patch: "P-0001", team: "pair", author: ANN, title: "t", sha: "abc", lines: 1, paths: ["src/a.ts"] };
const submit = (): unknown => it.dispatch({ do: "submit", patch: { ...PATCH, body: "diff" } });
const open = (): unknown =>
  it.observe({
    ...{ type: "rfd.opened", rfd: "rfd-1", team: "pair", kind: "large", author: ANN, title: "t", tasks: [] },
    ...{ patch: "P-0001", sha: "abc" },
  });

test("a team says how far talk has gone without evidence, and that it has no Foreman", () => {
  house();
  expect(parts("pair")).toEqual(["damping: 0 of 6 handoffs without new evidence", "foreman: none was chosen at start"]);
  expect(asked("pair")).toMatchObject({
    state: "running",
    because: "2 seats since it was formed",
    change: "muster stop pair",
  });
});

test("talk at its limit says what lets it go on, and which letters are held", () => {
  house({ policies: { loop_damping: { max_handoffs_without_evidence: 1 } } });
  it.write(ANN, BOB, "Progress: this is long enough to be a letter of some weight, TASK");
  it.write(BOB, ANN, "Progress: and this one answers it at the same length, TASK", { mid: "held-1" });
  expect(parts("pair").slice(0, 2)).toEqual([
    "damping: 1 of 1 handoffs without new evidence; further talk is held until there is some, or /resume",
    "held: held-1 (damping)",
  ]);
  it.write(BOB, ANN, "Progress: a third one that is long enough as well, TASK", { mid: "held-2" });
  expect(parts("pair")[1]).toBe("held: held-1 (damping), held-2 (damping)");
});

test("damping may be off, and one alone has none", async () => {
  house({ policies: { loop_damping: { max_handoffs_without_evidence: 0 } } });
  expect(parts("pair")[0]).toBe("damping: off");
  await it.end();
  house({}, true);
  expect(parts("pair")).toEqual(["foreman: none was chosen at start"]);
});

test("a paused team says by whom and since when; a stopped one only that", () => {
  house();
  it.dispatch({ do: "pause", team: "pair" });
  expect(asked("pair")).toMatchObject({ state: "paused", because: "a person paused it", change: "/resume" });
  expect(parts("pair")[0]).toMatch(/^paused: by user at \d\d:\d\d:\d\d UTC; \/resume$/);
  it.dispatch({ do: "stop", team: "pair", reason: "it is done" });
  expect(asked("pair")).toMatchObject({ state: "stopped", change: "muster run", parts: [] });
});

test("problems of settings and open decisions stand in a team's answer", () => {
  house();
  open();
  it.observe({ type: "settings.refused", team: "pair", hash: "x", errors: ["policies.yaml:3:1 a: expected a count"] });
  expect(parts("pair").slice(1, 3)).toEqual([
    "decision: rfd-1 waits for PeerA, PeerB, user",
    "settings: policies.yaml:3:1 a: expected a count",
  ]);
});

test("a patch names the lock on its paths, until it ends", () => {
  house();
  submit();
  it.observe({ type: "lock.taken", team: "pair", agent: BOB, files: ["src", "lib/x.ts"], mid: "l-1", ttlMs: 600_000 });
  it.observe({ type: "patch.waiting", patch: "P-0001", reason: "PeerB works on src" });
  expect(parts("P-0001")).toEqual(["lock: PeerB works on src lib/x.ts for another 10m"]);
  expect(asked("P-0001")?.rule).toBe("a patch on files that the peer claims waits");
  expect(asked("P-0001", 600_000)?.parts).toEqual([]);
});

test("a patch that waits for a paused team says so", () => {
  house();
  submit();
  it.dispatch({ do: "pause", team: "pair" });
  it.observe({ type: "patch.waiting", patch: "P-0001", reason: "the team is paused" });
  expect(asked("P-0001")).toMatchObject({ rule: "while a team is paused no patch is proven", change: "/resume" });
  expect(parts("P-0001")[0]).toMatch(/^paused: by user at /);
});

test("a refused patch names its kind, and the request that would let it pass", () => {
  house();
  submit();
  it.observe({ type: "patch.refused", patch: "P-0001", kind: "patch-reject", reason: "too long", body: "" });
  open();
  it.observe({
    ...{ type: "rfd.opened", rfd: "rfd-2", team: "pair", kind: "large", author: ANN, title: "t", tasks: [] },
    ...{ patch: "P-0002", sha: "another" },
  });
  it.dispatch({ do: "pause", team: "pair" });
  expect(parts("P-0001")).toEqual(["decision: rfd-1 waits for PeerA, PeerB, user", "refused by: patch-reject"]);
});

test("a committed patch needs no more words", () => {
  house();
  submit();
  open();
  it.observe({ type: "patch.committed", patch: "P-0001", commit: "1", branch: "main", steps: [] });
  expect(parts("P-0001")).toEqual([]);
});

test("the Foreman says why it does not run: switched off, not due, running", async () => {
  house({ foreman: { enabled: false, agent: "claude" } });
  expect(foreman()).toBe("foreman.enabled is false");
  await it.end();
  house(WITH_FOREMAN);
  expect(foreman()).toBe("the next run is due in 2m");
  expect(foreman(120_000)).toBe("a run is due");
  const order = { errand: "f1", team: "pair", role: "foreman", asker: "system", preview: "", body: "" } as const;
  it.observe({ type: "errand.asked", ...order });
  expect(whyAspect(it.state, "pair", "foreman", { now: it.clock.now() })).toMatchObject({
    ...{ what: "Foreman of pair", state: "running", because: "it runs now" },
  });
  it.observe({ type: "errand.ended", errand: "f1", team: "pair", code: 0, reason: "", preview: "", body: "" });
  expect(foreman()).toBe("the next run is due in 15m");
  it.dispatch({ do: "tune", team: "pair", switch: "foreman", isOn: false });
  expect(foreman()).toBe("its timer is off: /foreman on");
});

test("a run of the Foreman that was left out, or waits, says why", () => {
  house(WITH_FOREMAN);
  const due = it.clock.now();
  const skipped = { type: "foreman.skipped", team: "pair", due } as const;
  it.observe({ ...skipped, reason: "the team is paused", isWaiting: true });
  expect(foreman(200_000)).toMatch(/^the run due at \d\d:\d\d:\d\d UTC waits: the team is paused; a run is due$/);
  it.observe({ ...skipped, reason: "there is no FOREMAN_TASK.md", isWaiting: false });
  expect(foreman()).toMatch(/ was left out: there is no FOREMAN_TASK.md; the next run is due in 15m$/);
  expect(parts("pair").at(-1)).toContain("foreman: the run due at");
});
