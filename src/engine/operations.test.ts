import { afterEach, beforeEach, expect, test } from "bun:test";
import { ANN, BOB, hireOf } from "../../test/fakes/history.ts";
import { House } from "../../test/fakes/house.ts";
import { PERSON, type Principal } from "../core/ids.ts";
import { Refusal } from "../core/refusal.ts";
import { agentNamed } from "./agent-named.ts";
import { Operations, type OperationsWorld } from "./operations.ts";

let it: House;
let hex: string[];
let kept: unknown[];
let opened: unknown[];
let count = 0;
const ann: Principal = { kind: "agent", agent: ANN };

function operations(more: Partial<OperationsWorld> = {}): Operations {
  return new Operations({
    engine: it.engine,
    clock: it.clock,
    random: { hex: (digits) => hex.shift() ?? (count++).toString(16).padStart(digits, "0") },
    driver: (name) => ({ driver: name }),
    budgetUnits: (name) => (name === "dumb" ? [] : name === "counts" ? ["tokens"] : ["usd", "tokens"]),
    login: () => undefined,
    requireProgram: () => {},
    folder: async (path) => `/real${path}`,
    review: async () => ({ hash: "", files: [] }),
    brief: async () => "a brief",
    openMailbox: async (...mailbox) => void opened.push(mailbox),
    settings: async () => ({ hash: "0", changes: {}, problems: [] }),
    writeRules: async () => {},
    residual: async () => ({}),
    openWorktree: async (repo, agent) => ({ repo, path: `${repo}/w`, branch: agent, base: "0" }),
    keepEnvironment: (agent, given, more) => void kept.push(more ? [agent, given, more] : [agent, given]),
    ...more,
  });
}

const refusal = (asked: Promise<unknown>): Promise<string> =>
  asked.then(
    () => "granted",
    (error: Refusal) => `${error.code}: ${error.message}; ${error.hint}`,
  );

beforeEach(() => {
  it = new House();
  [hex, kept, opened] = [[], [], []];
});
afterEach(() => it.end());

test("a start hires by the person's words, in the real folder, with the caller's environment kept aside", async () => {
  hex = [ANN, "abcdef"];
  const order = { prompt: "do it", agent: "x", cwd: "/r", model: "opus-5.1", effort: "high", environment: { A: "1" } };
  const started = await operations().start({ ...order, permission: "read-only", command: "my x", parent: BOB }, PERSON);
  const mid = `muster-${Math.floor(it.clock.now() / 1000)}-abcdef`;
  expect(started).toEqual({ agent: ANN, job: ANN, mid });
  expect(it.state.agents[ANN]?.hire).toMatchObject({
    ...{ agent: ANN, driver: "x", cwd: "/real/r", permission: "read-only", model: "opus-5.1", effort: "high" },
    ...{ command: "my x", parent: BOB },
  });
  expect(it.state.messages[mid]).toMatchObject({ kind: "prompt", preview: "do it" });
  expect(kept).toEqual([[ANN, { A: "1" }]]);
  expect(JSON.stringify(it.log.read(0))).not.toContain('"A"');
});

test("what is not said is claude with workspace-write, and no environment is kept", async () => {
  const { agent } = await operations().start({ prompt: "x", cwd: "/r" }, PERSON);
  expect(it.state.agents[agent]?.hire).toMatchObject({ driver: "claude", permission: "workspace-write" });
  expect(kept).toEqual([]);
});

test("A8 a budget that a CLI tells nothing for is refused at the start, unless that is wanted", async () => {
  const budget = { unit: "usd", limit: 5 } as const;
  const start = (agent: string, more: object = {}) =>
    operations().start({ prompt: "x", cwd: "/r", agent, budget, ...more }, PERSON);
  expect(await refusal(start("dumb"))).toStartWith(
    "failed: dumb does not tell its cost: --budget cannot be kept; --all",
  );
  expect(await refusal(start("counts"))).toContain("; it tells tokens only; --allow-unenforced");
  expect(Object.keys(it.state.jobs)).toEqual([]);
  const { job } = await start("dumb", { allowUnenforced: true });
  expect(it.state.jobs[job]?.budget).toEqual(budget);
  expect(it.state.jobs[(await start("x")).job]?.budget).toEqual(budget);
});

test("F8 a hire says whose login it uses, by the environment in which its CLI will be started", async () => {
  const seen: unknown[] = [];
  const told = operations({
    login: (driver, environment) => {
      seen.push([driver, environment]);
      return `${driver} of ${environment?.HOME}`;
    },
  });
  const { agent } = await told.start({ prompt: "x", cwd: "/r", agent: "y", environment: { HOME: "/me" } }, PERSON);
  expect(it.state.agents[agent]?.hire.account).toBe("y of /me");
  await told.start({ prompt: "x", cwd: "/r", agent: "y" }, PERSON);
  const peer = { driver: "y", env: { KEY: "k" } };
  await told.form({ repo: "/r", peerA: peer, peerB: { driver: "z" }, environment: { HOME: "/me" } }, PERSON);
  expect(seen.slice(1)).toEqual([
    ["y", undefined],
    ["y", { HOME: "/me", KEY: "k" }],
    ["z", { HOME: "/me" }],
  ]);
});

test("an empty prompt, an odd model, a missing program: refused before anything is written", async () => {
  const start = (more: object) => operations().start({ prompt: "x", cwd: "/r", ...more }, PERSON);
  expect(await refusal(start({ prompt: " \n" }))).toBe('usage: the prompt is empty; muster start "what to do"');
  for (const model of ["", "a b", "$(x)", "x".repeat(101)])
    expect(await refusal(start({ model }))).toBe(
      `usage: ${JSON.stringify(model)} is not a model name; letters, digits and . _ : / -`,
    );
  expect(await refusal(start({ model: "vendor/Model-5_1:x.y" }))).toBe("granted");
  const missing = operations({
    requireProgram: ({ driver }, environment) => {
      throw new Refusal("failed", `${driver} in ${environment?.PATH}`);
    },
  });
  const asked = missing.start({ prompt: "x", cwd: "/r", agent: "y", environment: { PATH: "/bin" } }, PERSON);
  expect(await refusal(asked)).toBe("failed: y in /bin; ");
  expect(await refusal(missing.form({ repo: "/r", peerA: { driver: "z" } }, PERSON))).toBe("failed: z in undefined; ");
  expect(Object.keys(it.state.agents)).toHaveLength(1);
});

test("a pair is formed in its seats, with mailbox, brief and task", async () => {
  hex = [ANN, BOB];
  const order = { repo: "/My Repo!", task: "mend it", peerA: { driver: "x", model: "m" }, peerB: { driver: "y" } };
  const formed = await operations().form({ ...order, environment: { A: "1" } }, PERSON);
  expect(formed).toEqual({ team: "my-repo", agents: [ANN, BOB] });
  expect(it.state.teams["my-repo"]).toMatchObject({
    ...{ topology: "pair", repo: "/real/My Repo!" },
    seats: [
      { seat: "PeerA", agent: ANN, driver: "x" },
      { seat: "PeerB", agent: BOB, driver: "y" },
    ],
  });
  expect(it.state.agents[ANN]?.hire).toMatchObject({ team: "my-repo", seat: "PeerA", model: "m" });
  expect(opened).toEqual([["/real/My Repo!", "my-repo", ["PeerA", "PeerB"]]]);
  expect(kept).toEqual([
    [ANN, { A: "1" }],
    [BOB, { A: "1" }],
  ]);
  const letters = Object.values(it.state.messages);
  expect(letters.map(({ to, preview }) => [to, preview.slice(0, 7)])).toEqual([
    [ANN, "# SYSTE"],
    [BOB, "# SYSTE"],
    [ANN, "mend it"],
    [BOB, "mend it"],
  ]);
  expect(it.log.body(letters[0]?.seq ?? 0)).toContain("a brief");
});

test("without PeerB a team is solo; its name may be given, or is team when the folder has none", async () => {
  await operations().form({ repo: "/r", name: "mine", peerA: { driver: "x" } }, PERSON);
  expect(it.state.teams.mine).toMatchObject({ topology: "solo", seats: [{ seat: "PeerA" }] });
  it.dispatch({ do: "stop", team: "mine", reason: "x" });
  const { team } = await operations({ folder: async () => "/___" }).form({ repo: "/", peerA: { driver: "x" } }, PERSON);
  expect(team).toBe("team");
});

test("P5 one running team to a repository and to a name, which no agent has either; each refusal says what to do", async () => {
  const form = (repo: string, name: string) => operations().form({ repo, name, peerA: { driver: "x" } }, PERSON);
  await form("/r", "one");
  const running = "state: team one is running in /real/r; muster attach one, or muster stop one";
  expect(await refusal(form("/r", "two"))).toBe(running);
  expect(await refusal(form("/other", "one"))).toBe(
    running.replace("; ", "; muster run --session NAME takes another name; "),
  );
  it.start(ANN);
  expect(await refusal(form("/other", ANN))).toBe(
    `state: ${ANN} is the name of an agent; muster run --session NAME takes another name`,
  );
  it.dispatch({ do: "stop", team: "one", reason: "x" });
  expect(await refusal(form("/r", "two"))).toBe("granted");
});

test("an agent is named by its id, a prefix of four, its job, or its seat; ambiguous and unknown names are refused", () => {
  for (const agent of ["abcd0001", "abcd0002", "ffff0003"]) it.dispatch({ do: "start", hire: hireOf(agent) });
  it.dispatch({ do: "start", hire: hireOf("eeee0004", { team: "t", seat: "PeerA" }) });
  const named = (name: string): string => {
    try {
      return agentNamed(it.state, name).hire.agent;
    } catch (error) {
      const { code, message, hint } = error as Refusal;
      return `${code}: ${message}; ${hint}`;
    }
  };
  expect(["ffff0003", "ffff", "ffff0003#2", "PeerA", "peera"].map(named)).toEqual([
    ...["ffff0003", "ffff0003", "ffff0003", "eeee0004", "eeee0004"],
  ]);
  expect(named("abcd")).toBe("usage: abcd is ambiguous; it could be abcd0001, abcd0002");
  for (const name of ["fff", "", "PeerB", "zzzz"])
    expect(named(name)).toBe(`missing: no agent or job ${name}; muster jobs lists them`);
  it.dispatch({ do: "start", hire: hireOf("dddd0005", { team: "u", seat: "PeerA" }) });
  expect(named("PeerA")).toBe("usage: PeerA is ambiguous; it could be eeee0004, dddd0005");
  it.dispatch({ do: "kill", agent: "eeee0004", reason: "x" });
  expect(named("PeerA")).toBe("dddd0005");
});

test("a person's message is from the user; an agent's is its own, and of its team", () => {
  it.dispatch({ do: "start", hire: hireOf(ANN, { team: "t", seat: "PeerA" }) });
  it.dispatch({ do: "start", hire: hireOf(BOB, { team: "t", seat: "PeerB" }) });
  const it2 = operations();
  const sent = (order: Parameters<Operations["send"]>[0], by: Principal) => it.state.messages[it2.send(order, by).mid];
  expect(sent({ to: ANN.slice(0, 5), text: "x", urgent: true }, PERSON)).toMatchObject({
    ...{ from: "user", to: ANN, urgent: true },
  });
  expect(sent({ to: "PeerB", text: "y" }, ann)).toMatchObject({ from: ANN, to: BOB, team: "t", urgent: false });
  expect(sent({ to: "user", text: "z", mid: "m-7" }, ann)).toMatchObject({
    mid: "m-7",
    to: "user",
    state: "delivered",
  });
});

test("an id that is taken in this second is not given to another message", () => {
  it.dispatch({ do: "start", hire: hireOf(ANN) });
  hex = ["aaaaaa", "aaaaaa", "bbbbbb"];
  const mids = [1, 2].map((n) =>
    operations()
      .send({ to: ANN, text: `${n}` }, PERSON)
      .mid.slice(-6),
  );
  expect(mids).toEqual(["aaaaaa", "bbbbbb"]);
});

test("kill and control reach the agent that is meant", () => {
  it.start(ANN);
  it.open(ANN);
  hex = ["0c000001"];
  expect(operations().control(ANN.slice(0, 4), "clear", PERSON)).toEqual({ agent: ANN, control: "0c000001" });
  expect(it.state.agents[ANN]?.controls).toEqual([{ id: "0c000001", action: "clear" }]);
  expect(operations().kill(ANN.slice(0, 4), true, PERSON)).toBe(ANN);
  expect(it.state.agents[ANN]?.dismissed).toEqual({ reason: "killed by user", completed: true });
});

test("F18 a message that is sent again under its id is granted once; another text or recipient under it is refused", async () => {
  const { agent } = await operations().start({ prompt: "x", agent: "standin", cwd: "/r" }, PERSON);
  const other = (await operations().start({ prompt: "y", agent: "standin", cwd: "/r" }, PERSON)).agent;
  const mid = "muster-1700000000-00beef";
  const order = { to: agent, text: "one\0 ⟦m:x⟧", mid };
  const send = (more: object) => operations().send({ ...order, ...more }, PERSON);
  expect(send({})).toEqual({ mid });
  const before = it.state.seq;
  expect(send({})).toEqual({ mid });
  for (const more of [{ text: "two" }, { text: "one! " }, { to: other }])
    expect(() => send(more)).toThrow(`message ${mid} was sent before with another text`);
  expect(it.state.seq).toBe(before);
});
