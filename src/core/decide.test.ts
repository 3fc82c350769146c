import { expect, test } from "bun:test";
import { ANN, BOB, History, hireOf } from "../../test/fakes/history.ts";
import type { Command } from "./commands.ts";
import { DAEMON, PERSON, type Principal } from "./ids.ts";
import { Refusal } from "./refusal.ts";

const ann: Principal = { kind: "agent", agent: ANN };

/** `code: message; hint` of what a command is refused with. */
function refusal(history: History, command: Command, by: Principal = PERSON): string {
  try {
    history.dispatch(command, by);
  } catch (error) {
    if (error instanceof Refusal) return `${error.code}: ${error.message}${error.hint ? `; ${error.hint}` : ""}`;
    throw error;
  }
  return "granted";
}

const startAnn = (prompt = "do it", mid = "m-1"): Command => ({
  ...{ do: "start", hire: hireOf(ANN), job: { id: ANN, mid, prompt } },
});
const send = (to: string, text = "hello", mid = "m-9"): Command => ({
  ...{ do: "send", letter: { mid, from: "user", to, kind: "letter", text } },
});

test("a start hires, makes a job, and queues its prompt as the first message", () => {
  const history = new History();
  expect(history.dispatch(startAnn())).toEqual(["agent.hired", "job.created", "message.queued"]);
  expect(history.message("m-1")).toMatchObject({ from: "user", to: ANN, kind: "prompt", number: 1, preview: "do it" });
  expect(history.state.jobs[ANN]).toMatchObject({ id: ANN, agent: ANN, mid: "m-1", prompt: "do it" });
  expect(history.state.agents[ANN]).toMatchObject({ job: ANN, activity: "starting", incarnation: 0 });
});

test("a start without a job only hires", () => {
  expect(new History().dispatch({ do: "start", hire: hireOf(ANN) })).toEqual(["agent.hired"]);
});

test("a start that is repeated changes nothing; the same agent for another job is refused", () => {
  const history = new History();
  history.dispatch(startAnn());
  expect(history.dispatch(startAnn())).toEqual([]);
  expect(refusal(history, startAnn("other", "m-2"))).toBe(`state: agent ${ANN} exists`);
  expect(refusal(history, { do: "start", hire: hireOf(ANN) })).toBe(`state: agent ${ANN} exists`);
});

test("an agent's id is eight hex digits, and NUL is in nothing that becomes an argument or a task", () => {
  for (const id of ["", "a000001", "a00000011", "A0000001", "g0000001", "-0000001"])
    expect(refusal(new History(), { do: "start", hire: hireOf(id) })).toBe(
      `usage: ${id} is not an agent id; 8 hex digits`,
    );
  expect(refusal(new History(), startAnn("a\0b"))).toBe("usage: the prompt holds a NUL character; remove it");
  expect(refusal(new History(), { do: "start", hire: hireOf(ANN, { command: "x\0" }) })).toBe(
    "usage: the command holds a NUL character; remove it",
  );
});

test("P30 (fault 15) messages are numbered per recipient without a gap, also within one command", () => {
  const history = new History();
  history.dispatch({
    ...{ do: "form", team: "t", topology: "pair", repo: "/r", seats: [] },
    hires: [hireOf(ANN), hireOf(BOB)],
    letters: [ANN, BOB, ANN].map((to, n) => ({ mid: `f-${n}`, from: "system", to, kind: "system", text: "x" })),
  });
  history.send(ANN, { mid: "s-1" });
  history.send(BOB, { mid: "s-2" });
  expect(["f-0", "f-2", "s-1"].map((mid) => history.message(mid).number)).toEqual([1, 2, 3]);
  expect(["f-1", "s-2"].map((mid) => history.message(mid).number)).toEqual([1, 2]);
});

test("a message to the user or to Muster itself has no inbox: the ledger is where it arrives", () => {
  const history = new History();
  for (const to of ["user", "system"]) {
    expect(history.send(to, { mid: `m-${to}` })).toEqual(["message.queued", "message.delivered"]);
    expect(history.message(`m-${to}`)).toMatchObject({ number: 0, state: "delivered", evidence: "ledger" });
    expect(history.state.numbers[to]).toBeUndefined();
  }
});

test("what is sent twice by id or by origin is taken once, and other texts of an origin are not told apart here", () => {
  const history = new History();
  history.hire(ANN);
  expect(history.send(ANN, { mid: "m-1", origin: "file#1" })).toEqual(["message.queued"]);
  expect(history.send(ANN, { mid: "m-1" })).toEqual([]);
  expect(history.send(ANN, { mid: "m-2", origin: "file#1" })).toEqual([]);
  expect(history.send(ANN, { mid: "m-3", origin: "file#2" })).toEqual(["message.queued"]);
});

test("empty and endless messages are refused; marks and hidden characters leave the body", () => {
  const history = new History();
  history.hire(ANN);
  expect(refusal(history, send(ANN, " \n\t"))).toBe("usage: the message is empty; give it a text");
  expect(refusal(history, send(ANN, "⟦m:x⟧ ⟦/m:x⟧"))).toBe("usage: the message is empty; give it a text");
  expect(refusal(history, send(ANN, "x".repeat(4 * 1024 * 1024 + 1)))).toBe(
    "usage: the message has 4194305 bytes; at most 4194304",
  );
  expect(refusal(history, send(ANN, "x".repeat(4 * 1024 * 1024)))).toBe("granted");
  history.send(ANN, { mid: "m-2", text: "a⟦m:m-1⟧b\u0007c" });
  const queued = history.events.findLast((event) => event.type === "message.queued");
  expect(queued).toMatchObject({ mid: "m-2", body: "ab\ufffdc", size: 6, preview: "ab\ufffdc" });
});

test("who is unknown or has ended for good gets no message; a member of a team that crashed does", () => {
  const history = new History();
  history.hire(ANN);
  history.hire(BOB, { team: "t", seat: "PeerB" });
  for (const id of [ANN, BOB]) history.open(id);
  expect(refusal(history, send("c0000003"))).toBe("missing: no agent c0000003; muster jobs lists them");
  expect(refusal(history, send("toString"))).toStartWith("missing: ");
  expect(history.send(BOB, { mid: "constructor" })).toEqual(["message.queued"]);
  history.observe({ type: "terminal.exited", agent: ANN, incarnation: 1, code: null, signal: 9 });
  history.observe({ type: "terminal.exited", agent: BOB, incarnation: 1, code: 1, signal: null });
  expect(refusal(history, send(ANN))).toBe(`state: agent ${ANN} has ended (signal 9); start a new one`);
  expect(refusal(history, send(BOB))).toBe("granted");
  history.dispatch({ do: "kill", agent: BOB, reason: "enough" });
  expect(refusal(history, send(BOB, "again", "m-10"))).toBe(`state: agent ${BOB} has ended (enough); start a new one`);
  expect(history.dispatch(send(BOB))).toEqual([]);
});

test("an end without a code says so, and a lost terminal why", () => {
  const ends: [Parameters<History["observe"]>[0], string][] = [
    [{ type: "terminal.exited", agent: ANN, incarnation: 1, code: 3, signal: null }, "exit code 3"],
    [{ type: "terminal.exited", agent: ANN, incarnation: 1, code: null, signal: null }, "exit code unknown"],
    [{ type: "terminal.lost", agent: ANN, incarnation: 1, reason: "tmux died" }, "tmux died"],
  ];
  for (const [end, said] of ends) {
    const history = new History();
    history.hire(ANN);
    history.open(ANN);
    history.observe(end);
    expect(refusal(history, send(ANN))).toBe(`state: agent ${ANN} has ended (${said}); start a new one`);
  }
});

test("a killed agent's job fails and its open messages die with the reason, delivered ones stay", () => {
  const history = new History();
  history.dispatch(startAnn());
  history.hire(BOB);
  history.send(ANN, { mid: "open" });
  history.send(BOB, { mid: "other" });
  history.observe({ type: "message.delivered", mid: "m-1", evidence: "transcript" });
  const killed = history.dispatch({ do: "kill", agent: ANN, reason: "killed by user" });
  expect(killed).toEqual(["agent.dismissed", "job.finished", "message.died"]);
  expect(history.state.agents[ANN]?.dismissed).toEqual({ reason: "killed by user", completed: false });
  expect(history.state.jobs[ANN]).toMatchObject({ outcome: "failed", reason: "killed by user" });
  expect(history.message("open")).toMatchObject({ state: "dead", reason: `agent ${ANN} ended: killed by user` });
  expect([history.message("m-1").state, history.message("other").state]).toEqual(["delivered", "queued"]);
  expect(history.dispatch({ do: "kill", agent: ANN, reason: "again" })).toEqual([]);
  expect(refusal(history, { do: "kill", agent: "c0000003", reason: "x" })).toStartWith("missing: no agent c0000003");
});

test("a kill as completed completes the job; a finished job keeps its outcome", () => {
  const history = new History();
  history.dispatch(startAnn());
  history.dispatch({ do: "kill", agent: ANN, reason: "enough", completed: true });
  expect(history.state.jobs[ANN]?.outcome).toBe("completed");
  expect(history.state.agents[ANN]?.dismissed?.completed).toBe(true);
  const done = new History();
  done.dispatch(startAnn());
  done.observe({ type: "job.finished", job: ANN, outcome: "completed", reason: "" });
  expect(done.dispatch({ do: "kill", agent: ANN, reason: "enough" })).toEqual(["agent.dismissed", "message.died"]);
  expect(done.state.jobs[ANN]?.outcome).toBe("completed");
});

test("a control is for a program that runs", () => {
  const history = new History();
  history.hire(ANN);
  const clear: Command = { do: "control", agent: ANN, id: "c-1", action: "clear" };
  expect(refusal(history, clear)).toBe(`state: agent ${ANN} is not running; muster jobs shows its state`);
  history.open(ANN);
  expect(history.dispatch(clear)).toEqual(["control.requested"]);
  expect(history.state.agents[ANN]?.controls).toEqual([{ id: "c-1", action: "clear" }]);
  expect(refusal(history, { ...clear, agent: BOB })).toStartWith(`missing: no agent ${BOB}`);
});

test("an answer is for the question that is open", () => {
  const history = new History();
  history.hire(ANN);
  history.open(ANN);
  const allow: Command = { do: "answer", agent: ANN, question: "q-1", choice: "allow", reason: "fine" };
  expect(refusal(history, allow)).toBe(`state: question q-1 of agent ${ANN} is not open; it was answered or withdrawn`);
  history.observe({ type: "permission.asked", agent: ANN, question: "q-1", tool: "Bash", input: "ls" });
  expect(history.state.agents[ANN]?.question).toMatchObject({ id: "q-1", tool: "Bash", input: "ls" });
  expect(history.dispatch(allow)).toEqual(["permission.answered"]);
  expect(history.state.agents[ANN]).toMatchObject({
    answer: { question: "q-1", choice: "allow", reason: "fine" },
    question: undefined,
  });
  expect(refusal(history, allow)).toStartWith("state: question q-1");
});

const form = (team = "pair", letters: { from: string; text: string }[] = []): Command => ({
  ...{ do: "form", team, topology: "pair", repo: "/r" },
  seats: [
    { seat: "PeerA", agent: ANN, driver: "standin" },
    { seat: "PeerB", agent: BOB, driver: "standin" },
  ],
  hires: [hireOf(ANN, { team, seat: "PeerA" }), hireOf(BOB, { team, seat: "PeerB" })],
  letters: letters.map(({ from, text }, n) => ({ mid: `f-${n}`, from, to: ANN, kind: "letter", text })),
});

test("a team is formed at once with its agents and first letters, or not at all", () => {
  const history = new History();
  expect(refusal(history, form("No Name"))).toBe("usage: No Name is not a team name; letters, digits and dashes");
  expect(refusal(history, form("pair", [{ from: "user", text: "a\0" }]))).toBe(
    "usage: the task holds a NUL character; remove it",
  );
  expect(history.state.agents).toEqual({});
  expect(history.dispatch(form("pair", [{ from: "system", text: "a\0" }]))).toEqual([
    ...["team.formed", "agent.hired", "agent.hired", "message.queued"],
  ]);
  expect(history.state.teams.pair).toMatchObject({ topology: "pair", repo: "/r" });
  expect(history.state.teams.pair?.stopped).toBeUndefined();
  expect(refusal(history, form())).toBe("state: team pair is running; muster attach pair");
});

test("a team that is stopped ends its members as completed, once; its name is free again", () => {
  const history = new History();
  history.dispatch(form());
  expect(refusal(history, { do: "stop", team: "none", reason: "x" })).toBe("missing: no team none; teams: pair");
  expect(refusal(new History(), { do: "stop", team: "none", reason: "x" })).toBe("missing: no team none; teams: none");
  const stop: Command = { do: "stop", team: "pair", reason: "done" };
  expect(history.dispatch(stop)).toEqual(["team.stopped", "agent.dismissed", "agent.dismissed"]);
  expect(history.state.teams.pair?.stopped).toBe("done");
  expect(history.state.agents[BOB]?.dismissed).toEqual({ reason: "done", completed: true });
  expect(history.dispatch(stop)).toEqual([]);
  expect(refusal(history, form())).toBe(`state: agent ${ANN} exists`);
});

const patch = (more: Record<string, unknown> = {}): Command => ({
  do: "submit",
  patch: {
    ...{ patch: "P-0001", team: "pair", author: ANN, title: "t", sha: "s", lines: 1, paths: ["a"], body: "diff" },
    ...more,
  },
});

test("a patch is taken once by its number and by its origin, and only for a team that is there", () => {
  const history = new History();
  expect(refusal(history, patch())).toBe("missing: no team pair");
  history.dispatch(form());
  expect(history.dispatch(patch({ origin: "file#1" }))).toEqual(["patch.received"]);
  expect(history.dispatch(patch())).toEqual([]);
  expect(history.dispatch(patch({ patch: "P-0002", origin: "file#1" }))).toEqual([]);
  expect(history.dispatch(patch({ patch: "P-0002", origin: "file#2" }))).toEqual(["patch.received"]);
});

test("trust in a repository is one fact for each hash", () => {
  const history = new History();
  const trust: Command = { do: "trust", repo: "/r", hash: "h1" };
  expect(history.dispatch(trust)).toEqual(["repository.trusted"]);
  expect(history.dispatch(trust)).toEqual([]);
  expect(history.dispatch({ ...trust, hash: "h2" })).toEqual(["repository.trusted"]);
  expect(history.state.repositories["/r"]?.trusted).toBe("h2");
});

test("an agent may write letters in its own name and submit its own patches in its own team, nothing else", () => {
  const history = new History();
  history.dispatch(form());
  const letter = (from: string, kind: "letter" | "system" = "letter"): Command => ({
    ...{ do: "send", letter: { mid: `m-${from}-${kind}`, from, to: BOB, kind, text: "x" } },
  });
  expect(refusal(history, letter(ANN), ann)).toBe("granted");
  const denied = (verb: string) => `forbidden: agent ${ANN} may not ${verb}; ask the person who runs the team`;
  expect(refusal(history, letter(BOB), ann)).toBe(denied("send"));
  expect(refusal(history, letter(ANN, "system"), ann)).toBe(denied("send"));
  expect(refusal(history, patch(), ann)).toBe("granted");
  expect(refusal(history, patch({ patch: "P-0002", author: BOB }), ann)).toBe(denied("submit"));
  expect(refusal(history, patch({ patch: "P-0002", team: "other" }), ann)).toBe(denied("submit"));
  const others: Command[] = [
    { do: "start", hire: hireOf("c0000003") },
    { do: "kill", agent: ANN, reason: "x" },
    { do: "control", agent: ANN, id: "c", action: "clear" },
    { do: "answer", agent: ANN, question: "q", choice: "allow" },
    { do: "stop", team: "pair", reason: "x" },
    { do: "trust", repo: "/r", hash: "h" },
    form("other"),
  ];
  for (const command of others) expect(refusal(history, command, ann)).toBe(denied(command.do));
});

test("only the daemon reports what it observed", () => {
  const observe: Command = { do: "observe", facts: [{ type: "notice.raised", level: "info", text: "x" }] };
  for (const by of [PERSON, ann])
    expect(refusal(new History(), observe, by)).toBe("forbidden: only the daemon reports what it observed");
  expect(refusal(new History(), observe, DAEMON)).toBe("granted");
});
