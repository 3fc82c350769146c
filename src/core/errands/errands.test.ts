import { expect, test } from "bun:test";
import { ANN, BOB, crewFacts, History } from "../../../test/fakes/history.ts";
import type { FactOf } from "../facts.ts";
import { ledgerLines } from "../ledger-kinds.ts";
import { sentence } from "../sentence.ts";
import type { SettingsChanges } from "../settings/settings.ts";
import type { Team } from "../state.ts";
import { statusParts, statusText, teamStatus } from "../team-status.ts";
import { askAux, promptIn } from "./asking.ts";
import { ERRANDS_KEPT, rcOf } from "./errands-state.ts";
import { foremanDue, foremanIn } from "./roles.ts";
import { ends, openItems, stampOf } from "./texts.ts";

type Asked = FactOf<"errand.asked">;
const asked = (errand: string, role: Asked["role"] = "aux", more: Partial<Asked> = {}): Asked => ({
  ...{ type: "errand.asked", errand, team: "crew", role, asker: ANN, preview: "look", body: "look around" },
  ...more,
});
const started = (errand: string) => ({ type: "errand.started", errand, team: "crew", folder: "/w" }) as const;
const ended = (errand: string, code: number | null = 0, reason = "") =>
  ({ type: "errand.ended", errand, team: "crew", code, reason, preview: "done", body: "done" }) as const;
const skipped = (due: number, reason = "no brief", isWaiting = false) =>
  ({ type: "foreman.skipped", team: "crew", due, reason, isWaiting }) as const;

function crew(changes: SettingsChanges = {}): History {
  const history = new History();
  history.fold(crewFacts(changes));
  return history;
}
const teamIn = (history: History): Team => history.state.teams.crew as Team;

test("an errand is asked, started and ended once", () => {
  const history = crew();
  expect(history.observe(started("e1"))).toEqual([]);
  expect(history.observe(ended("e1"))).toEqual([]);
  expect(history.observe(asked("e1", "aux", { team: "nobody" }))).toEqual([]);
  expect(history.observe(asked("e1"))).toEqual(["errand.asked"]);
  expect(history.observe(asked("e1"))).toEqual([]);
  expect(history.observe(started("e1"))).toEqual(["errand.started"]);
  expect(history.observe(started("e1"))).toEqual([]);
  expect(history.observe(ended("e1", 3))).toEqual(["errand.ended"]);
  expect(history.observe(ended("e1"))).toEqual([]);
  expect(history.observe(started("e1"))).toEqual([]);
  const [asking, starting, ending] = history.events.slice(-3);
  expect(history.state.errands.all.e1).toEqual({
    ...({
      id: "e1",
      team: "crew",
      role: "aux",
      asker: ANN,
      preview: "look",
      at: asking?.at,
      seq: asking?.seq,
    } as object),
    ...{ folder: "/w", startedAt: starting?.at, endedAt: ending?.at, code: 3, reason: "" },
  } as never);
});

test("P65 one open run of a team's Foreman; Aux may have several", () => {
  const history = crew();
  expect(history.observe(asked("f1", "foreman"))).toEqual(["errand.asked"]);
  expect(history.observe(asked("f2", "foreman"))).toEqual([]);
  expect(history.observe(asked("a1"))).toEqual(["errand.asked"]);
  expect(history.observe(asked("a2"))).toEqual(["errand.asked"]);
  expect(foremanIn(history.state, "crew").errand).toBe("f1");
  history.observe(started("f1"));
  history.observe(started("a1"));
  history.observe(ended("a1", 9));
  history.observe(ended("f1", null, "timeout"));
  expect(foremanIn(history.state, "crew")).toMatchObject({ rc: "timeout", folder: "/w" });
  expect(history.observe(asked("f2", "foreman"))).toEqual(["errand.asked"]);
});

test("how a run ended is one word", () => {
  expect([
    rcOf(0, ""),
    rcOf(7, ""),
    rcOf(null, "timeout"),
    rcOf(null, "interrupted"),
    rcOf(null, "no such"),
    rcOf(2, "no such"),
  ]).toEqual(["0", "7", "timeout", "interrupted", "failed", "2"]);
});

test("open errands and the newest ended ones are remembered", () => {
  const history = crew();
  history.observe(asked("open"));
  for (let n = 0; n <= ERRANDS_KEPT; n += 1) {
    history.observe(asked(`e${n}`));
    history.observe(ended(`e${n}`));
  }
  const ids = Object.keys(history.state.errands.all);
  expect(ids).toHaveLength(ERRANDS_KEPT + 1);
  expect([ids[0], ids[1]]).toEqual(["open", "e1"]);
});

test("P63 a skip is told once for each time it is due", () => {
  const history = crew({ foreman: { enabled: true, agent: "claude" } });
  expect(history.observe(skipped(1))).toHaveLength(1);
  expect(history.observe(skipped(1))).toHaveLength(0);
  expect(history.observe(skipped(1, "the team is paused", true))).toHaveLength(1);
  expect(history.observe(skipped(2, "the team is paused", true))).toHaveLength(1);
  history.observe(asked("f1", "foreman"));
  expect(foremanIn(history.state, "crew").skipped).toBeUndefined();
});

test("P63 the next run is due an interval after the last one was asked for or left out", () => {
  const history = crew({ foreman: { enabled: true, agent: "claude", interval_seconds: 900 } });
  const { formedAt } = teamIn(history);
  const due = () => foremanDue(teamIn(history), foremanIn(history.state, "crew"));
  expect(due()).toBe(formedAt + 120_000);
  history.at = formedAt + 200_000;
  history.observe(skipped(due(), "the team is paused", true));
  expect(due()).toBe(formedAt + 120_000);
  history.observe(skipped(due()));
  expect(due()).toBe(formedAt + 200_001 + 900_000);
  history.at = formedAt + 300_000;
  history.observe(asked("f1", "foreman"));
  expect(due()).toBe(formedAt + 1_200_000);
  const soon = { ...teamIn(history), formedAt: formedAt + 300_001 };
  expect(foremanDue(soon, foremanIn(history.state, "crew"))).toBe(formedAt + 420_001);
  history.at = formedAt + 5_000_000;
  const again = { ...teamIn(history), formedAt: history.at };
  expect(foremanDue(again, foremanIn(history.state, "crew"))).toBe(history.at + 120_000);
});

test("P57 the status says who helps and how much, and how the Foreman's run goes", () => {
  const history = crew({
    cli_profiles: { roles: { aux: { actor: "gemini" } } },
    foreman: { enabled: true, agent: "reuse_aux", cc_user: false },
  });
  const shown = () => {
    const status = teamStatus(history.state, "crew");
    return statusText(status ? statusParts(status, history.at, (at) => `T${at - teamIn(history).formedAt}`) : []).slice(
      -2,
    );
  };
  expect(shown()).toEqual(["Aux gemini", "Foreman: reuse_aux on | next @ T120000 | cc: OFF"]);
  history.observe(asked("a1"), asked("a2"));
  history.observe(asked("f1", "foreman", { team: "crew" }));
  expect(shown()).toEqual(["Aux gemini, 2 at work", "Foreman: RUNNING | cc: OFF"]);
  history.observe(started("f1"));
  history.observe(ended("a1"));
  history.observe(ended("f1", 4));
  const last = history.state.errands.foremen.crew;
  const at = (last?.lastStartAt ?? 0) - teamIn(history).formedAt;
  const next = (last?.lastAskedAt ?? 0) - teamIn(history).formedAt + 900_000;
  expect(shown()).toEqual([
    "Aux gemini, 1 at work",
    `Foreman: reuse_aux on | last @ T${at} rc=4 | next @ T${next} | cc: OFF`,
  ]);
  history.dispatch({ do: "tune", team: "crew", switch: "foreman", isOn: false });
  expect(shown()[1]).toBe(`Foreman: reuse_aux off | last @ T${at} rc=4 | cc: OFF`);
  history.dispatch({ do: "tune", team: "crew", switch: "foreman", isOn: true });
  history.dispatch({ do: "stop", team: "crew", reason: "x" });
  expect(shown()[1]).toBe(`Foreman: reuse_aux on | last @ T${at} rc=4 | cc: OFF`);
});

test("each fact is one sentence, and the ledger knows its kind", () => {
  const history = crew();
  history.observe(asked("a1"));
  history.observe(asked("f1", "foreman", { asker: "system" }));
  history.observe(started("a1"), started("f1"));
  const about = { team: "crew", errand: "f1" } as const;
  const checks = [
    { name: "unit", code: 1, millis: 1, isAllowed: false },
    { name: "lint", code: 1, millis: 1, isAllowed: true },
    { name: "slow", code: null, millis: 1, isAllowed: false },
  ];
  const card = { type: "evidence.validated", repo: "/r", title: "Cache", kind: "feature", log: "x.log" } as const;
  history.observe(
    ended("a1"),
    ended("f1", null, "timeout"),
    { type: "errand.refused", team: "crew", role: "aux", asker: BOB, reason: "too often" },
    skipped(1),
    { type: "foreman.spoke", ...about, to: [ANN, BOB], isCc: true, mids: [], preview: "go on" },
    { type: "foreman.misspoke", ...about, reason: "no tags" },
    { ...card, isPassed: false, checks },
    { ...card, isPassed: true, checks: checks.slice(1, 2) },
  );
  const said = history.events.slice(-12).map((event) => {
    const { tone, who, text } = sentence(event, history.state);
    return [who, tone, text, ledgerLines(event, history.state, "crew")[0]?.kind ?? null];
  });
  expect(said).toEqual([
    ["Aux", "plain", "asked by PeerA: look", null],
    ["Foreman", "plain", "asked by Muster: look", null],
    ["Aux", "quiet", "works in /w", "aux-start"],
    ["Foreman", "quiet", "works in /w", "foreman-start"],
    ["Aux", "plain", "ended rc=0: done", "aux-end"],
    ["Foreman", "bad", "ended rc=timeout: done", "foreman-error"],
    ["Aux", "warn", "refused to PeerB: too often", "aux-refused"],
    ["Foreman", "warn", "run skipped: no brief", null],
    ["Foreman", "plain", "→ PeerA and PeerB: go on", "foreman-dispatch"],
    ["Foreman", "warn", "what it wrote is no message: no tags", "foreman-error"],
    ["evidence", "bad", "Cache: failed: unit, slow (x.log)", "evidence-validate"],
    ["evidence", "good", "Cache: passed, 1 checks (x.log)", "evidence-validate"],
  ]);
  history.observe(asked("a2"));
  history.observe(ended("a2", null, "no program"));
  const spoken = (event = history.events.at(-1)) => event && sentence(event, history.state);
  expect(spoken()).toMatchObject({ text: "ended rc=failed, no program: done", tone: "bad" });
  history.observe(asked("a3"));
  history.observe(ended("a3", 3));
  expect(spoken()).toMatchObject({ text: "ended rc=3: done", tone: "bad" });
});

test("open items name what waits, and one that is alone and used up", () => {
  const history = crew();
  expect(openItems(history.state, teamIn(history))).toBe("none");
  history.send(ANN, { mid: "m1", team: "crew" });
  history.send(BOB, { mid: "m2", team: "crew", from: ANN });
  history.observe({ type: "message.held", mid: "m2", rule: "cooldown", reason: "x" });
  const patch = { patch: "P-0001", team: "crew", author: ANN, title: "t", sha: "s", lines: 1, paths: [] };
  history.dispatch({ do: "submit", patch: { ...patch, body: "" } });
  expect(openItems(history.state, teamIn(history))).toBe("2 letters on their way, 1 of them held, 1 patch waits");
  history.observe({ type: "patch.refused", patch: "P-0001", kind: "x", reason: "x", body: "" });
  for (const rfd of ["r1", "r2", "r3"])
    history.observe({ type: "rfd.opened", rfd, team: "crew", kind: "msg", author: ANN, title: "t", tasks: [] });
  history.observe({ type: "rfd.decided", rfd: "r3", decision: "reject", decider: "user" });
  expect(openItems(history.state, teamIn(history))).toBe("2 letters on their way, 1 of them held, 2 decisions wait");
  const [first] = teamIn(history).seats;
  const solo = { ...teamIn(history), seats: first ? [first] : [] };
  const rhythm = history.state.rhythms[ANN];
  if (rhythm) rhythm.keepalives = 2;
  expect(openItems(history.state, solo)).not.toContain("idle");
  if (rhythm) rhythm.keepalives = 3;
  expect(openItems(history.state, solo)).toEndWith(
    "PeerA is idle and its reminders are used up: your message wakes it",
  );
  expect(openItems(history.state, teamIn(history))).not.toContain("idle");
});

test("P67 the limit is each team's own", () => {
  const history = crew({ cli_profiles: { roles: { aux: { actor: "gemini", rate_limit_per_minute: 1 } } } });
  const order = { team: teamIn(history), asker: ANN, prompt: "look", now: history.at, errand: "e" };
  history.fold([{ ...asked("other"), team: "theirs" }, asked("f", "foreman")]);
  expect(askAux(history.state, order).refusal).toBeUndefined();
  history.observe(asked("ours"));
  expect(askAux(history.state, { ...order, now: history.at }).refusal?.message).toBe("Aux: 1 per minute, next in 60 s");
  const off = crew({ cli_profiles: { roles: { aux: { actor: "" } } } });
  expect(askAux(off.state, { ...order, team: teamIn(off) }).refusal?.message).toBe("no Aux driver");
});

test("a folder's name is its time in UTC; a long text keeps both its ends", () => {
  expect(stampOf(1_764_142_981_999)).toBe("20251126-074301");
  expect(ends(" ab ", 1)).toBe("ab");
  expect(ends("abcde", 2)).toBe("ab\n[... 1 characters ...]\nde");
});

test("P66 a file for the helper may have tag and fence; neither is asked", () => {
  expect(promptIn("  look\naround \n")).toBe("look\naround");
  expect(promptIn("<TO_AUX>\nlook\n</TO_AUX>\n```insight\nwho: PeerA\n```")).toBe("look");
  expect(promptIn("<TO_AUX>look")).toBe("look");
  expect(promptIn("what is <TO_AUX>x</TO_AUX>?")).toBe("what is <TO_AUX>x</TO_AUX>?");
});
