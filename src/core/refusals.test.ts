import { beforeEach, expect, test } from "bun:test";
import { ANN, BOB, History, hireOf } from "../../test/fakes/history.ts";
import type { Command } from "./commands.ts";
import { DAEMON, LEAD, PERSON, type Principal } from "./ids.ts";

let it: History;
beforeEach(() => {
  it = new History();
});

/** Code, message and next step of a refusal. */
function refused(command: Command, by: Principal = PERSON): unknown[] {
  try {
    it.dispatch(command, by);
  } catch (error) {
    const { code, message, hint } = error as { code?: string; message: string; hint?: string };
    return [code, message, ...(hint ? [hint] : [])];
  }
  return ["granted"];
}

const start = (agent: string, more: object = {}): Command => ({
  ...{ do: "start", hire: hireOf(agent, more), job: { id: agent, mid: `m-${agent}`, prompt: "go" } },
});
const missing = (agent: string) => ["missing", `no agent ${agent}`, "muster jobs lists them"];
const seats = [{ seat: "PeerA", agent: ANN, driver: "standin" }];
const form = (team: string): Command => ({
  ...{ do: "form", team, topology: "solo", repo: "/r", seats, hires: [hireOf(ANN, { team })], letters: [] },
});

test("whoever is not there is refused for every command, with where they are listed", () => {
  const commands: Command[] = [
    { do: "kill", agent: BOB, reason: "x" },
    { do: "control", agent: BOB, id: "c", action: "clear" },
    { do: "answer", agent: BOB, question: "q", choice: "allow" },
    { do: "press", agent: BOB, pressed: "1", label: "Yes" } as Command,
    { do: "send", letter: { mid: "m", from: "user", to: BOB, kind: "letter", text: "x" } },
    { do: "discard", agent: BOB },
    { do: "unlimit", agent: BOB },
    { do: "reuse", agent: BOB, job: { id: `${BOB}#2`, mid: "m-2", prompt: "x" }, control: "c" },
  ];
  for (const command of commands) expect([command.do, ...refused(command)]).toEqual([command.do, ...missing(BOB)]);
});

test("an agent's id has its form, is new, and is not the lead's", () => {
  expect(refused(start("ABC"))).toEqual(["usage", "ABC is not an agent id", "8 hex digits"]);
  it.dispatch(start(ANN));
  expect(refused({ do: "start", hire: hireOf(ANN) })).toEqual(["state", `agent ${ANN} exists`]);
  expect(refused({ do: "start", hire: hireOf(LEAD) })).toEqual(["state", "agent orch exists"]);
});

test("what holds a NUL is no command, prompt or task", () => {
  const nul = (what: string) => ["usage", `the ${what} holds a NUL character`, "remove it"];
  expect(refused(start(ANN, { command: "a\u0000" }))).toEqual(nul("command"));
  expect(refused({ do: "start", hire: hireOf(ANN), job: { id: ANN, mid: "m", prompt: "\u0000" } })).toEqual(
    nul("prompt"),
  );
  it.dispatch(start(ANN));
  const job = { id: `${ANN}#2`, mid: "m-2", prompt: "x\u0000" };
  expect(refused({ do: "reuse", agent: ANN, job, control: "c" })).toEqual(nul("prompt"));
  const letter = { mid: "m", to: BOB, kind: "letter", text: "a\u0000" } as const;
  const team = { ...form("t"), seats: [], hires: [] } as Command & { do: "form" };
  expect(refused({ ...team, letters: [{ ...letter, from: "user" }] })).toEqual(nul("task"));
  expect(refused({ ...team, letters: [{ ...letter, from: "system" }] })).toEqual(["granted"]);
});

test("a message has a text, and at most its size", () => {
  it.dispatch(start(ANN));
  const send = (text: string) =>
    refused({ do: "send", letter: { mid: "m", from: "user", to: ANN, kind: "letter", text } });
  expect(send(" \n")).toEqual(["usage", "the message is empty", "give it a text"]);
  const most = 4 * 1024 * 1024;
  expect(send("x".repeat(most + 1))).toEqual(["usage", `the message has ${most + 1} bytes; at most ${most}`]);
});

test("who has ended for good is not written to, and it is said how it ended", () => {
  const to = (agent: string) =>
    refused({ do: "send", letter: { mid: `x-${agent}`, from: "user", to: agent, kind: "letter", text: "x" } });
  const ended = (how: string) => ["state", `agent ${ANN} has ended (${how})`, "start a new one"];
  const live = (code: number | null, signal: number | null) => {
    it = new History();
    it.dispatch(start(ANN));
    it.open(ANN);
    it.observe({ type: "terminal.exited", agent: ANN, incarnation: 1, code, signal });
    return to(ANN);
  };
  expect([live(3, null), live(0, null), live(null, 9), live(null, null)]).toEqual([
    ...[ended("exit code 3"), ended("exit code 0"), ended("signal 9"), ended("exit code unknown")],
  ]);
  it = new History();
  it.dispatch(start(ANN));
  it.open(ANN);
  it.observe({ type: "terminal.lost", agent: ANN, incarnation: 1, reason: "tmux died" });
  expect(to(ANN)).toEqual(ended("tmux died"));
  it.dispatch({ do: "kill", agent: ANN, reason: "enough" });
  expect(to(ANN)).toEqual(ended("enough"));
});

test("a control is for a program that runs, an answer for the open question, an end of a limit for who is limited", () => {
  it.dispatch(start(ANN));
  expect(refused({ do: "control", agent: ANN, id: "c", action: "clear" })).toEqual([
    ...["state", `agent ${ANN} is not running`, "muster jobs shows its state"],
  ]);
  expect(refused({ do: "answer", agent: ANN, question: "q", choice: "allow" })).toEqual([
    ...["state", `question q of agent ${ANN} is not open`, "it was answered or withdrawn"],
  ]);
  const unlimit: Command = { do: "unlimit", agent: ANN };
  const none = ["state", `agent ${ANN} waits for no usage limit`, `muster why ${ANN}`];
  expect(refused(unlimit)).toEqual(none);
  it.observe({ type: "limit.reached", agent: ANN, until: 9e12, isKnown: true });
  expect([it.dispatch(unlimit), refused(unlimit)]).toEqual([["limit.ended"], none] as never);
  it.observe({ type: "limit.reached", agent: ANN, until: 9e12, isKnown: true });
  it.dispatch({ do: "kill", agent: ANN, reason: "x" });
  expect(refused(unlimit)).toEqual(none);
});

test("a team has a name of the right form that no running team has; one that is not there is not stopped", () => {
  const stop = (team: string): Command => ({ do: "stop", team, reason: "x" });
  expect(refused(form("Pair!"))).toEqual(["usage", "Pair! is not a team name", "letters, digits and dashes"]);
  expect(refused(stop("pair"))).toEqual(["missing", "no team pair", "teams: none"]);
  it.dispatch(form("pair"));
  expect(refused(form("pair"))).toEqual(["state", "team pair is running", "muster attach pair"]);
  it.fold([{ type: "team.formed", team: "other", topology: "solo", repo: "/o", seats: [] }]);
  expect(refused(stop("none"))).toEqual(["missing", "no team none", "teams: pair, other"]);
  expect([it.dispatch(stop("pair"))[0], it.dispatch(stop("pair"))]).toEqual(["team.stopped", []]);
});

test("a patch is for a team that is there", () => {
  const patch = { patch: "P-1", team: "none", author: ANN, title: "t", sha: "s", lines: 1, paths: [], body: "d" };
  expect(refused({ do: "submit", patch })).toEqual(["missing", "no team none"]);
});

test("A17 A19 members of teams are neither reused nor discarded by themselves, with how their team ends", () => {
  it.dispatch(form("pair"));
  const member = ["state", `agent ${ANN} is a member of team pair`, "muster stop pair ends it"];
  const job = { id: `${ANN}#2`, mid: "m-2", prompt: "x" };
  expect(refused({ do: "discard", agent: ANN })).toEqual(member);
  expect(refused({ do: "reuse", agent: ANN, job, control: "c" })).toEqual(member);
});

test("A19 what keeps an agent from another job is said with what helps", () => {
  const job = { id: `${ANN}#2`, mid: "m-2", prompt: "x" };
  const reuse = () => refused({ do: "reuse", agent: ANN, job, control: "c" });
  const force = "wait for it, or --force interrupts";
  const gone = ["state", `agent ${ANN} has no program any more`, 'muster start "what to do" starts a new one'];
  it.dispatch(start(ANN));
  expect(reuse()).toEqual(gone);
  it.open(ANN);
  expect(reuse()).toEqual(["state", `job ${ANN} has not ended`, force]);
  it.observe({ type: "agent.changed", agent: ANN, activity: "busy" });
  expect(reuse()).toEqual(["state", `agent ${ANN} is busy`, force]);
  it.observe({ type: "agent.changed", agent: ANN, activity: "waiting" });
  expect(reuse()).toEqual([
    "state",
    `a dialog of agent ${ANN} is open`,
    `muster attach ${ANN}, or muster answer ${ANN}`,
  ]);
  it.observe({ type: "agent.changed", agent: ANN, activity: "idle" });
  it.observe({ type: "job.finished", job: ANN, outcome: "completed", reason: "" });
  it.send(ANN, { mid: "m-other" });
  expect(reuse()).toEqual(["state", `a message to agent ${ANN} is on its way`, force]);
  it.observe({ type: "message.died", mid: "m-other", reason: "x" });
  expect(reuse()).toEqual(["granted"]);
  const third = { id: `${ANN}#3`, mid: "m-3", prompt: "x" };
  expect(refused({ do: "reuse", agent: ANN, job: third, control: "d" })).toEqual([
    ...["state", `agent ${ANN} is being cleared for another job`, force],
  ]);
});

test("A55 a lead that was never started is not started again; notes have words, and at most 8000 characters", () => {
  expect(refused({ do: "summon" }, DAEMON)).toEqual(["state", "no lead was ever started", "muster orchestrator start"]);
  const note = (text: string) => refused({ do: "note", text });
  expect(note(" ")).toEqual(["usage", "the note is empty", 'muster orchestrator note "what to remember"']);
  expect(note("x".repeat(8001))).toEqual(["usage", "the note has 8001 characters; at most 8000", "sum it up"]);
  expect([note("x".repeat(8000)), note(" kept \u001b ")]).toEqual([["granted"], ["granted"]]);
  expect(it.state.leads[LEAD]?.notes).toBe("kept \ufffd");
});

test("P86 what a person wants of a chat is about a repository's folder", () => {
  const wish = { type: "bridge.wanted", repo: "r", platform: "slack", isOn: true } as const;
  expect(refused({ do: "wish", wish })).toEqual(["usage", "r is no repository", "an absolute path"]);
});
