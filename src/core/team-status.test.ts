import { expect, test } from "bun:test";
import { ANN, BOB, History, hireOf } from "../../test/fakes/history.ts";
import type { Activity, Fact } from "./facts.ts";
import { span, statusParts, statusText, type TeamStatus, teamStatus } from "./team-status.ts";

const TEAM = "crew";

function crew(more: Fact[] = [], isSolo = false): History {
  const history = new History();
  const seats = [
    { seat: "PeerA", agent: ANN, driver: "standin" },
    { seat: "PeerB", agent: BOB, driver: "claude" },
  ].slice(0, isSolo ? 1 : 2);
  history.fold([
    { type: "team.formed", team: TEAM, topology: isSolo ? "solo" : "pair", repo: "/r", seats },
    ...seats.map(
      ({ seat, agent, driver }): Fact => ({ type: "agent.hired", hire: hireOf(agent, { team: TEAM, seat, driver }) }),
    ),
    ...more,
  ]);
  return history;
}

const status = ({ state }: History): TeamStatus => teamStatus(state, TEAM) as TeamStatus;
const clock = (at: number) => `T${at % 1000}`;
const lines = (history: History, later = 12_000): string[] =>
  statusText(statusParts(status(history), history.at + later, clock));
const letter = (mid: string, to: string, more: Partial<Fact> = {}): Fact =>
  ({
    ...{
      type: "message.queued",
      mid,
      from: "user",
      to,
      kind: "letter",
      number: 1,
      size: 1,
      preview: "x",
      team: TEAM,
      body: "x",
    },
    ...more,
  }) as Fact;

/** Each part with the tones of its pieces: `Agents/dim| A /plain|…`. */
const toned = (history: History, later = 12_000): string[] =>
  statusParts(status(history), history.at + later, clock).map((part) =>
    part.map(({ text, tone }) => `${text}/${tone}`).join(""),
  );

test("P57 names are quiet, what is good or urgent has its colour", () => {
  const calm = crew([
    { type: "agent.changed", agent: ANN, activity: "busy" },
    { type: "agent.changed", agent: BOB, activity: "waiting" },
  ]);
  expect(toned(calm, 0)).toEqual([
    "Agents/dim /dimA /plainbusy 0s/good MOCK/dim | /dimB /plainneeds you 0s/warn",
    "Mailbox/dim A 0/0/plain B 0/0/plain",
    "Evidence/dim 0 verified/plain 0 committed/plain",
    "Context/dim unknown/plain",
    "POR/dim none yet/plain",
    "Next:/dim self-check in 6/plain |/dim auto-compact on/plain",
    "Aux/dim off/plain",
    "Foreman/dim off/plain",
  ]);
  const words: [Activity, string][] = [
    ["starting", "starts/dim"],
    ["idle", "idle 0s/plain"],
    ["limited", "limited 0s/warn"],
    ["exited", "ended/dim"],
    ["lost", "lost/bad"],
    ["unknown", "unknown/dim"],
  ];
  for (const [activity, said] of words) {
    const one = crew([{ type: "agent.changed", agent: ANN, activity }], true);
    expect(toned(one, -1)[0]).toBe(`Agents/dim /dimA /plain${said} MOCK/dim`);
  }
});

test("P57 P52 counts of evidence and of changes without a patch have a colour only where there is something", () => {
  const patch = (id: string): Fact =>
    ({
      ...{ type: "patch.received", patch: id, team: TEAM, author: ANN, title: "t", sha: "s", lines: 1 },
      ...{ paths: [], body: "" },
    }) as Fact;
  const judged = (ref: string, verdict: "verified" | "refuted" | "claimed"): Fact[] => [
    { type: "evidence.cited", mid: "m1", team: TEAM, author: ANN, ref },
    { type: "evidence.judged", mid: "m1", ref, verdict, detail: "" },
  ];
  const history = crew([
    ...judged("commit:1", "verified"),
    ...judged("commit:2", "refuted"),
    ...judged("cmd:x::OK", "claimed"),
    ...["P-0001", "P-0002", "P-0003"].map(patch),
    { type: "patch.committed", patch: "P-0001", commit: "c", branch: "main", steps: [] },
    { type: "patch.refused", patch: "P-0002", kind: "apply-fail", reason: "no", body: "" },
    { type: "tree.seen", team: TEAM, head: "h", unqueued: [{ path: "x" }], commits: [] },
  ]);
  expect(toned(history)[2]).toBe(
    "Evidence/dim 1 verified/good 1 claimed/plain 1 refuted/bad 1 committed/good 1 in the queue/warn 1 unqueued/warn",
  );
  expect(status(history).patches).toEqual({ queued: 1, committed: 1, refused: 1 });
  expect(status(history).evidence).toEqual({ verified: 1, claimed: 1, refuted: 1 });
});

test("P94 a team of one is known as such, and its status names one seat", () => {
  expect([status(crew([], true)).isSolo, status(crew()).isSolo]).toEqual([true, false]);
  expect(lines(crew([], true)).slice(0, 2)).toEqual(["Agents A starts MOCK", "Mailbox A 0/0"]);
});

test("there is no status of a team that nobody knows", () => {
  expect(teamStatus(new History().state, "none")).toBeUndefined();
});

test("P57 the status lines of a fresh team say what is known and nothing else", () => {
  expect(lines(crew())).toEqual([
    "Agents A starts MOCK | B starts",
    "Mailbox A 0/0 B 0/0",
    "Evidence 0 verified 0 committed",
    "Context unknown",
    "POR none yet",
    "Next: self-check in 6 | auto-compact on",
    "Aux off",
    "Foreman off",
  ]);
});

test("P57 agents are named with what they do and since when", () => {
  const history = crew();
  history.open(ANN);
  history.observe({ type: "agent.changed", agent: BOB, activity: "busy" });
  history.at = 1_700_000_000_000 + 180_000;
  const [agents] = statusText(statusParts(status(history), history.state.agents[ANN]!.since + 12_000, clock));
  expect(agents).toBe("Agents A idle 12s MOCK | B busy 11s");
});

test("P57 a mailbox counts what is unread of all that came, the evidence what Muster itself saw", () => {
  const history = crew([
    letter("m1", BOB, { number: 1 } as Partial<Fact>),
    letter("m2", BOB, { number: 2 } as Partial<Fact>),
    letter("m3", BOB, { number: 3 } as Partial<Fact>),
    letter("m4", "user", { from: ANN, number: 0 } as Partial<Fact>),
    { type: "message.delivered", mid: "m1", evidence: "transcript" },
    { type: "message.read", mid: "m1" },
    { type: "message.delivered", mid: "m2", evidence: "transcript" },
    { type: "message.delivered", mid: "m3", evidence: "transcript" },
    letter("m5", ANN, { number: 0, kind: "nudge" } as Partial<Fact>),
    letter("m6", BOB, { number: 4 } as Partial<Fact>),
    { type: "message.died", mid: "m6", reason: "too old" },
    { type: "evidence.cited", mid: "m1", team: TEAM, author: ANN, ref: "commit:1" },
    { type: "evidence.judged", mid: "m1", ref: "commit:1", verdict: "verified", detail: "" },
    { type: "evidence.cited", mid: "m1", team: TEAM, author: ANN, ref: "commit:2" },
    { type: "evidence.judged", mid: "m1", ref: "commit:2", verdict: "refuted", detail: "" },
    { type: "evidence.cited", mid: "m1", team: TEAM, author: ANN, ref: "cmd:x::OK" },
    { type: "evidence.judged", mid: "m1", ref: "cmd:x::OK", verdict: "claimed", detail: "" },
    { type: "evidence.cited", mid: "m1", team: "others", author: ANN, ref: "commit:3" },
    { type: "evidence.judged", mid: "m1", ref: "commit:3", verdict: "verified", detail: "" },
    {
      ...{ type: "patch.received", patch: "P-0001", team: TEAM, author: ANN, title: "t", sha: "s", lines: 1 },
      ...{ paths: [], body: "" },
    } as Fact,
  ]);
  const [, mailbox, evidence] = lines(history);
  expect(mailbox).toBe("Mailbox A 0/0 B 2/4");
  expect(evidence).toBe("Evidence 1 verified 1 claimed 1 refuted 0 committed 1 in the queue");
  history.fold([{ type: "patch.committed", patch: "P-0001", commit: "c", branch: "main", steps: [] }]);
  expect(lines(history)[2]).toBe("Evidence 1 verified 1 claimed 1 refuted 1 committed");
});

test("P58 a context that a CLI does not tell is unknown, never 0", () => {
  const history = crew([{ type: "usage.measured", agent: ANN, contextTokens: 45_500, contextSize: 100_000 }]);
  expect(lines(history)[3]).toBe("Context A 46% B unknown");
  history.fold([{ type: "usage.measured", agent: ANN, contextTokens: 300, contextSize: 200 }]);
  expect(status(history).seats[0]?.context).toBe(100);
});

test("P18 full access is shown in red in every status", () => {
  const history = crew();
  history.fold([
    {
      type: "agent.hired",
      hire: hireOf(BOB, { team: TEAM, seat: "PeerB", driver: "claude", permission: "danger-full-access" }),
    },
  ]);
  const agents = statusParts(status(history), history.at, clock)[0];
  expect(agents?.at(-1)).toEqual({ text: " danger-full-access", tone: "bad" });
});

test("P57 a pause, an end, held letters, open decisions and wrong settings stand first", () => {
  const history = crew([
    { type: "team.paused", team: TEAM },
    letter("m1", ANN),
    { type: "message.held", mid: "m1", rule: "duplicate", reason: "the same again" },
    {
      ...{ type: "rfd.opened", rfd: "rfd-msg-1", team: TEAM, kind: "msg", author: ANN, title: "t", tasks: [] },
    } as Fact,
    { type: "settings.refused", team: TEAM, hash: "h", errors: ["policies.yaml:1:1 x"] },
  ]);
  const at = history.state.teams[TEAM]?.paused?.at ?? 0;
  expect(lines(history).slice(0, 4)).toEqual([
    `PAUSED since ${clock(at)} /resume delivers again`,
    "1 to decide /rfd",
    "1 held /queue",
    "1 wrong in the settings /status",
  ]);
  expect(toned(history).slice(0, 4)).toEqual([
    `PAUSED since ${clock(at)}/warn /resume delivers again/dim`,
    "1 to decide/warn /rfd/dim",
    "1 held/warn /queue/dim",
    "1 wrong in the settings/bad /status/dim",
  ]);
  history.fold([{ type: "team.resumed", team: TEAM }]);
  expect(lines(history)[0]).toBe("1 to decide /rfd");
  history.fold([{ type: "rfd.decided", rfd: "rfd-msg-1", decision: "approve", decider: "user" }]);
  expect(lines(history)[0]).toBe("1 held /queue");
  history.fold([
    { type: "team.paused", team: TEAM },
    { type: "team.stopped", team: TEAM, reason: "stopped by user" },
  ]);
  expect(toned(history)[0]).toBe("ENDED: stopped by user/warn");
  expect(lines(history)[1]).toBe("1 held /queue");
});

test("P57 the board is named by its path with its age, and the plan in a line", () => {
  const history = crew([
    {
      type: "board.seen",
      team: TEAM,
      por: { path: "docs/por/POR.md", updatedAt: 1_700_000_000_000 - 600_000, lint: ["x"] },
    },
  ]);
  expect(toned(history)[4]).toBe("POR/dim docs/por/POR.md 10m ago/plain 1 to mend/warn");
  const task = { id: "T001", name: "n", goal: "g", status: "active" as const, path: "p" };
  const step = { id: "S1", name: "s", done: "d", status: "in_progress" as const, outputs: [] };
  history.fold([
    { type: "task.seen", team: TEAM, task: { ...task, steps: [step, { ...step, id: "S2", status: "pending" }] } },
  ]);
  expect(toned(history).at(-3)).toBe("Blueprint 0/1 -> T001 [S1] [T]/plain");
  const blocked = {
    author: ANN,
    letter: "m1",
    n: 0,
    id: "T001",
    step: "S1",
    action: "blocked" as const,
    reason: "no key",
  };
  history.fold([{ type: "task.moved", team: TEAM, ...blocked }]);
  expect(toned(history).at(-3)).toBe("Blueprint 0/1 -> T001 [S1] BLOCKED [T]/warn");
  history.fold([{ type: "board.seen", team: TEAM, por: { path: "docs/por/POR.md", updatedAt: history.at, lint: [] } }]);
  expect(toned(history, 0)[4]).toBe("POR/dim docs/por/POR.md 0s ago/plain");
});

test("P57 the helper and the user's proxy are named as the settings bind them", () => {
  const changes = {
    cli_profiles: { roles: { aux: { actor: "gemini" } }, delivery: { auto_compact: { enabled: false } } },
    foreman: { enabled: true, agent: "claude", cc_user: false },
  };
  const loaded = (more: object): Fact => ({
    type: "settings.loaded",
    team: TEAM,
    hash: "h",
    changes: more,
    warnings: [],
  });
  const history = crew([loaded(changes)]);
  expect(lines(history).slice(-3)).toEqual([
    "Next: self-check in 6 | auto-compact off",
    "Aux gemini",
    "Foreman: claude on | next @ T0 | cc: OFF",
  ]);
  history.fold([loaded({ ...changes, foreman: { agent: "reuse_aux" } })]);
  expect(toned(history).at(-1)).toBe("Foreman:/dim reuse_aux off/plain | cc: ON/plain");
  const run = { agent: "claude", isOn: true, cc: true, isRunning: true, last: { at: 1, rc: "timeout" }, next: 2 };
  const [foreman] = statusParts({ ...status(history), foreman: run }, 0, clock).slice(-1);
  expect(foreman?.map(({ text }) => text).join("")).toBe(
    "Foreman: RUNNING | last @ T1 rc=timeout | next @ T2 | cc: ON",
  );
  expect(foreman?.[1]?.tone).toBe("good");
});

test("P57 the next self-check is the soonest of both", () => {
  const handoff = (to: string, mid: string): Fact => ({ type: "handoff.counted", team: TEAM, from: ANN, to, mid });
  const history = crew([handoff(BOB, "m1"), handoff(BOB, "m2"), handoff(ANN, "m3")]);
  expect(status(history).seats.map(({ checkIn }) => checkIn)).toEqual([5, 4]);
  expect(lines(history).at(-3)).toBe("Next: self-check in 4 | auto-compact on");
});

test("a span is said in its largest unit", () => {
  const spans: [number, string][] = [
    [-5, "0s"],
    [59_999, "59s"],
    [60_000, "1m"],
    [3_599_999, "59m"],
    [3_600_000, "1h"],
    [86_399_999, "23h"],
    [86_400_000, "1d"],
  ];
  for (const [ms, text] of spans) expect([ms, span(ms)]).toEqual([ms, text]);
});
