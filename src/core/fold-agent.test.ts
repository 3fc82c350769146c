import { expect, test } from "bun:test";
import { ANN, BOB, History } from "../../test/fakes/history.ts";
import type { Observation } from "./commands.ts";
import type { Activity, Fact } from "./facts.ts";

const exited = (agent: string, incarnation = 1): Observation => ({
  ...{ type: "terminal.exited", agent, incarnation, code: 1, signal: null },
});
const changed = (activity: Activity, detail?: string): Observation => ({
  ...{ type: "agent.changed", agent: ANN, activity, detail },
});

function opened(): History {
  const history = new History();
  history.dispatch({
    ...{ do: "start", hire: { agent: ANN, driver: "standin", cwd: "/r", permission: "workspace-write" } },
    job: { id: ANN, mid: "m-1", prompt: "do it" },
  });
  history.open(ANN);
  return history;
}
const agent = (history: History) => {
  const found = history.state.agents[ANN];
  if (!found) throw new Error("no agent");
  return found;
};

test("P62 another driver knows nothing of the old one's program, model and conversation", () => {
  const history = opened();
  const restart = (changes: object) => history.fold([{ type: "agent.restarted", agent: ANN, changes }]);
  history.observe({ type: "session.started", agent: ANN, session: "s1", transcript: "/t" });
  restart({ command: "mine --x", model: "m1" });
  expect(agent(history).hire).toMatchObject({ driver: "standin", command: "mine --x", model: "m1" });
  restart({ driver: "standin", permission: "read-only" });
  expect(agent(history)).toMatchObject({ session: "s1", hire: { command: "mine --x", model: "m1" } });
  restart({ command: "" });
  expect(agent(history).hire.command).toBeUndefined();
  restart({ command: "mine" });
  restart({ driver: "claude" });
  const { hire, session, transcript, transcripts } = agent(history);
  expect(hire).toEqual({ agent: ANN, driver: "claude", cwd: "/r", permission: "read-only" });
  expect([session, transcript, transcripts]).toEqual([undefined, undefined, []]);
  restart({ driver: "standin", command: "new" });
  expect(agent(history).hire.command).toBe("new");
});

test("an agent's incarnations are counted one by one; an opening leaves the old pane, exit and question", () => {
  const history = opened();
  history.observe({ type: "permission.asked", agent: ANN, question: "q", tool: "Bash", input: "" });
  expect(history.observe({ type: "terminal.opening", agent: ANN, incarnation: 1 })).toEqual([]);
  expect(history.observe({ type: "terminal.opening", agent: ANN, incarnation: 3 })).toEqual([]);
  history.observe(exited(ANN));
  expect(agent(history)).toMatchObject({ activity: "exited", exit: { code: 1, signal: null }, opening: false });
  expect(agent(history).question).toBeUndefined();
  expect(history.observe({ type: "terminal.opening", agent: ANN, incarnation: 2 })).toEqual(["terminal.opening"]);
  expect(agent(history)).toMatchObject({ activity: "starting", incarnation: 2, opening: true });
  expect([agent(history).pane, agent(history).pid, agent(history).exit]).toEqual([undefined, undefined, undefined]);
});

test("a terminal that opened has pane, process and log, and is told once", () => {
  const history = new History();
  history.hire(ANN);
  history.observe({ type: "terminal.opening", agent: ANN, incarnation: 1 });
  const fact = { type: "terminal.opened", agent: ANN, incarnation: 1, pane: "%3", pid: 42, log: "a.log" } as const;
  expect(history.observe({ ...fact, incarnation: 2 })).toEqual([]);
  expect(history.observe(fact)).toEqual(["terminal.opened"]);
  expect(agent(history)).toMatchObject({ opening: false, pane: "%3", pid: 42, log: "a.log" });
  expect(history.observe(fact)).toEqual([]);
});

test("an end is told once, and one of an earlier incarnation not at all", () => {
  const lost = (incarnation: number): Observation => ({ type: "terminal.lost", agent: ANN, incarnation, reason: "x" });
  for (const end of [(incarnation: number) => exited(ANN, incarnation), lost]) {
    const history = opened();
    expect([history.observe(end(2)), history.observe(end(0))]).toEqual([[], []]);
    expect(history.observe(end(1))).toHaveLength(1);
    expect(history.observe(end(1))).toEqual([]);
    expect(history.observe({ type: "terminal.lost", agent: ANN, incarnation: 1, reason: "y" })).toEqual([]);
  }
});

test("an exit after a loss is still told: it knows more", () => {
  const history = opened();
  history.observe({ type: "terminal.lost", agent: ANN, incarnation: 1, reason: "tmux died" });
  expect(agent(history)).toMatchObject({ activity: "lost", detail: "tmux died", pane: undefined, pid: undefined });
  expect(history.observe(exited(ANN))).toEqual(["terminal.exited"]);
});

test("the last six crashes are remembered, and those of a dismissed agent are none", () => {
  const history = new History();
  history.hire(ANN, { team: "t" });
  for (let incarnation = 1; incarnation <= 7; incarnation += 1) {
    history.open(ANN, incarnation);
    if (incarnation % 2 === 0) history.observe({ ...exited(ANN, incarnation) });
    else history.observe({ type: "terminal.lost", agent: ANN, incarnation, reason: "x" });
  }
  const times = history.events.filter(({ type }) => type === "terminal.exited" || type === "terminal.lost");
  expect(agent(history).crashes).toEqual(times.slice(-6).map(({ at }) => at));
  for (const end of [exited(ANN), { type: "terminal.lost", agent: ANN, incarnation: 1, reason: "x" } as const]) {
    const killed = opened();
    killed.dispatch({ do: "kill", agent: ANN, reason: "x" });
    killed.observe(end);
    expect(agent(killed).crashes).toEqual([]);
    expect(killed.observe({ type: "terminal.opening", agent: ANN, incarnation: 2 })).toEqual([]);
  }
});

test("what an agent does is told when it changes; an ended one does nothing any more", () => {
  const history = opened();
  const since = agent(history).since;
  expect(history.observe(changed("idle"))).toEqual([]);
  expect(history.observe(changed("idle", ""))).toEqual([]);
  expect(history.observe(changed("idle", "compacting"))).toEqual(["agent.changed"]);
  expect(agent(history)).toMatchObject({ activity: "idle", detail: "compacting", since });
  expect(history.observe(changed("busy"))).toEqual(["agent.changed"]);
  expect(agent(history)).toMatchObject({ activity: "busy", detail: "" });
  expect(agent(history).since).toBeGreaterThan(since);
  history.observe(exited(ANN));
  expect(history.observe(changed("idle"))).toEqual([]);
  const lost = opened();
  lost.observe({ type: "terminal.lost", agent: ANN, incarnation: 1, reason: "x" });
  expect(lost.observe(changed("idle"))).toEqual([]);
});

test("facts about agents, messages and jobs that nobody knows are not admitted", () => {
  const unknown: Observation[] = [
    { type: "agent.changed", agent: BOB, activity: "idle" },
    { type: "terminal.opening", agent: BOB, incarnation: 1 },
    exited(BOB),
    { type: "session.started", agent: BOB, session: "s" },
    { type: "usage.measured", agent: BOB, contextTokens: 1 },
    { type: "hook.heard", agent: BOB, event: "Stop", row: 1 },
    { type: "turn.started", agent: BOB },
    { type: "turn.ended", agent: BOB, outcome: "done", summary: "" },
    { type: "permission.asked", agent: BOB, question: "q", tool: "x", input: "" },
    { type: "job.finished", job: BOB, outcome: "completed", reason: "" },
    { type: "message.delivered", mid: "none", evidence: "transcript" },
    { type: "message.read", mid: "none" },
    { type: "patch.refused", patch: "none", kind: "reject", reason: "", body: "" },
  ];
  expect(opened().observe(...unknown)).toEqual([]);
});

test("a session is told when it or its transcript is new; the newest three transcripts are looked into", () => {
  const history = opened();
  const started = (session: string, transcript?: string): string[] =>
    history.observe({ type: "session.started", agent: ANN, session, transcript });
  expect(started("s1", "/1")).toEqual(["session.started"]);
  expect(started("s1", "/1")).toEqual([]);
  expect(started("s1")).toEqual([]);
  expect(started("s1", "/2")).toEqual(["session.started"]);
  expect(started("s2")).toEqual(["session.started"]);
  expect(agent(history)).toMatchObject({ session: "s2", transcript: "/2", transcripts: ["/2", "/1"] });
  for (const path of ["/3", "/1", "/4"]) started(`s${path}`, path);
  expect(agent(history).transcripts).toEqual(["/4", "/1", "/3"]);
});

test("usage keeps what a measure does not say", () => {
  const history = opened();
  const measured = (more: Partial<Extract<Fact, { type: "usage.measured" }>>): string[] =>
    history.observe({ type: "usage.measured", agent: ANN, contextTokens: 1, ...more });
  expect(measured({ contextSize: 100, cost: 0.5 })).toEqual(["usage.measured"]);
  expect(measured({})).toEqual([]);
  expect(measured({ cost: 0.5 })).toEqual([]);
  expect(measured({ cost: 0.6 })).toEqual(["usage.measured"]);
  expect(measured({ contextTokens: 2 })).toEqual(["usage.measured"]);
  expect(agent(history).usage).toEqual({ contextTokens: 2, contextSize: 100, cost: 0.6 });
});

test("a tool is shown while its turn runs; rows of hooks only grow", () => {
  const history = opened();
  const heard = (row: number, tool?: string) =>
    history.observe({ type: "hook.heard", agent: ANN, event: "PreToolUse", tool, row });
  heard(5, "Bash");
  heard(3);
  expect([agent(history).tool, history.state.hookRow]).toEqual(["Bash", 5]);
  history.observe(changed("busy"));
  expect(agent(history).tool).toBe("Bash");
  history.observe({ type: "turn.ended", agent: ANN, outcome: "done", summary: "did it" });
  expect(agent(history)).toMatchObject({ tool: undefined, turns: 1 });
  heard(6, "Read");
  history.observe(changed("idle"));
  expect(agent(history).tool).toBeUndefined();
});

test("a job begins with its first turn and keeps the last summary, until it has ended", () => {
  const history = opened();
  const job = () => history.state.jobs[ANN];
  expect(job()?.startedAt).toBeUndefined();
  history.observe({ type: "turn.started", agent: ANN });
  const began = job()?.startedAt;
  expect(began).toBe(history.at - 1);
  history.observe({ type: "turn.ended", agent: ANN, outcome: "done", summary: "first" });
  history.observe({ type: "turn.started", agent: ANN });
  expect(job()).toMatchObject({ startedAt: began, summary: "first" });
  expect(history.observe({ type: "job.finished", job: ANN, outcome: "failed", reason: "why", exitCode: 3 })).toEqual([
    "job.finished",
  ]);
  expect(job()).toMatchObject({ outcome: "failed", reason: "why", exitCode: 3, finishedAt: history.at - 1 });
  expect(history.observe({ type: "job.finished", job: ANN, outcome: "completed", reason: "" })).toEqual([]);
  history.observe({ type: "turn.ended", agent: ANN, outcome: "done", summary: "later" });
  expect(job()?.summary).toBe("first");
});

test("a dialog is answered, withdrawn and told, each for the question it is about", () => {
  const history = opened();
  const asked = { type: "permission.asked", agent: ANN, question: "q1", tool: "Bash", input: "ls" } as const;
  expect(history.observe(asked)).toEqual(["permission.asked"]);
  expect(history.observe(asked)).toEqual([]);
  const withdrawn = { type: "permission.answered", agent: ANN, question: "q1", choice: "withdrawn" } as const;
  expect(history.observe({ ...withdrawn, question: "q2" })).toEqual([]);
  expect(history.observe(withdrawn)).toEqual(["permission.answered"]);
  expect([agent(history).question, agent(history).answer]).toEqual([undefined, undefined]);
  history.observe({ ...asked, question: "q3" });
  history.dispatch({ do: "answer", agent: ANN, question: "q3", choice: "deny" });
  expect(agent(history).answer).toEqual({ question: "q3", choice: "deny", reason: "" });
  expect(history.observe({ type: "permission.told", agent: ANN, question: "q1", ok: true })).toEqual([]);
  expect(history.observe({ type: "permission.told", agent: ANN, question: "q3", ok: true })).toEqual([
    "permission.told",
  ]);
  expect(agent(history).answer).toBeUndefined();
});

test("controls wait in order and leave one by one", () => {
  const history = opened();
  for (const id of ["c1", "c2"]) history.dispatch({ do: "control", agent: ANN, id, action: "clear" });
  const finished = (control: string) =>
    history.observe({ type: "control.finished", agent: ANN, control, ok: true, reason: "" });
  expect(finished("c3")).toEqual([]);
  expect(finished("c1")).toEqual(["control.finished"]);
  expect(agent(history).controls).toEqual([{ id: "c2", action: "clear" }]);
});

test("facts of a later version that this one does not know are passed over", () => {
  const history = opened();
  const before = JSON.stringify({ ...history.state, seq: 0 });
  history.fold([{ type: "agent.promoted", agent: ANN } as never, { type: "bridge.opened" } as never]);
  expect(JSON.stringify({ ...history.state, seq: 0 })).toBe(before);
  expect(history.state.seq).toBe(history.events.length);
});
