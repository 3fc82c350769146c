import { afterEach, beforeEach, expect, test } from "bun:test";
import { ANN, BOB, hireOf } from "../../../test/fakes/history.ts";
import { House } from "../../../test/fakes/house.ts";
import { refusal } from "../../../test/fakes/refusal.ts";
import { PERSON } from "../../core/ids.ts";
import { jobRule } from "../rules.ts";
import { JobDesk } from "./desk.ts";

const DAY = 86_400_000;
const SECOND = `${ANN}#2`;

let it: House;
let desk: JobDesk;
let prompts: Record<string, string>;

beforeEach(() => {
  it = new House([jobRule]);
  prompts = { [ANN]: "the whole prompt" };
  desk = new JobDesk({
    engine: it.engine,
    operations: {
      prepare: async ({ cwd, model }) => hireOf(ANN, { cwd, model, effort: "high", permission: "read-only" }),
      mid: () => "m-new",
    },
    clock: it.clock,
    random: { hex: (digits) => "f".repeat(digits) },
    commandLine: ({ model }, environment) => ["cli", model ?? "", JSON.stringify(environment)],
    mechanism: ({ permission }) => `its own flag for ${permission}`,
    prompt: ({ id }) => prompts[id] ?? null,
    logSize: () => 100,
  });
  it.start(ANN);
});
afterEach(() => it.end());

function end(agent: string): void {
  it.observe({ type: "job.finished", job: agent, outcome: "completed", reason: "" });
  it.observe({ type: "terminal.exited", agent, incarnation: 1, code: 0, signal: null });
}

test("A7 a preview says all that a start would do, and starts nothing", async () => {
  const before = it.state.seq;
  const environment = { variables: { A: "b" } } as never;
  expect(await desk.preview({ prompt: "go", cwd: "/w", model: "opus", environment })).toEqual({
    ...{ prompt: "go", cwd: "/w", driver: "standin", model: "opus", effort: "high", permission: "read-only" },
    argv: ["cli", "opus", '{"variables":{"A":"b"}}'],
    mechanism: "its own flag for read-only",
  });
  expect(it.state.seq).toBe(before);
});

test("A19 a reuse gives the next job its id, its place in the record and its time; repeated, it is the same one", () => {
  it.open(ANN);
  it.observe({ type: "job.finished", job: ANN, outcome: "completed", reason: "" });
  const wanted = { agent: ANN, job: SECOND, mid: "m-2" };
  expect(desk.reuse(ANN, { prompt: "two", mid: "m-2", timeoutMinutes: 5 }, PERSON)).toEqual(wanted);
  expect(it.state.jobs[SECOND]).toMatchObject({ prompt: "two", mid: "m-2", timeoutMinutes: 5, logFrom: 100 });
  expect(it.state.agents[ANN]?.controls).toMatchObject([{ id: "ffffffff", action: "clear" }]);
  const { seq } = it.state;
  expect([desk.reuse(ANN, { prompt: "two", mid: "m-2" }, PERSON), it.state.seq]).toEqual([wanted, seq]);
});

test("A19 a reuse without an id of its own gets a new one; an agent at work is interrupted only when it is forced", () => {
  it.open(ANN);
  it.observe({ type: "agent.changed", agent: ANN, activity: "busy" });
  expect(refusal(() => desk.reuse(ANN, { prompt: "two" }, PERSON))[0]).toBe("state");
  expect(desk.reuse(ANN, { prompt: "two", force: true }, PERSON)).toEqual({ agent: ANN, job: SECOND, mid: "m-new" });
});

test("A19 a reuse without a prompt is refused with how it is said", () => {
  expect(refusal(() => desk.reuse(ANN, { prompt: " \n" }, PERSON))).toEqual([
    ...["usage", "the prompt is empty", `muster reuse ${ANN} "what to do"`],
  ]);
});

test("A17 an agent is discarded by the beginning of its id, in the name of who asked", () => {
  expect(desk.discard(ANN.slice(0, 5), PERSON)).toEqual({ agent: ANN });
  expect(it.facts("agent.discarded")).toMatchObject([{ agent: ANN, by: "user" }]);
});

test("A16 clean discards agents whose last job ended that many days ago, and names those whose terminal still stands open", async () => {
  it.open(ANN);
  end(ANN);
  it.start(BOB);
  it.open(BOB);
  it.observe({ type: "job.finished", job: BOB, outcome: "completed", reason: "" });
  await it.clock.pass(2 * DAY - 1);
  expect(desk.clean(2, false, PERSON)).toEqual({ agents: [], living: [] });
  await it.clock.pass(1);
  expect(desk.clean(2, true, PERSON)).toEqual({ agents: [ANN], living: [BOB] });
  expect(it.facts("agent.discarded")).toEqual([]);
  expect(desk.clean(2, false, PERSON)).toEqual({ agents: [ANN], living: [BOB] });
  expect(it.facts("agent.discarded")).toMatchObject([{ agent: ANN, by: "user" }]);
  expect(desk.clean(2, false, PERSON)).toEqual({ agents: [], living: [BOB] });
});

test("A16 what is open, being opened, without a job, or a team's is not cleaned", async () => {
  it.dispatch({ do: "start", hire: hireOf("d0000004") });
  it.start(BOB);
  it.observe({ type: "terminal.opening", agent: BOB, incarnation: 1 });
  it.observe({ type: "job.finished", job: BOB, outcome: "failed", reason: "" });
  await it.clock.pass(2 * DAY);
  expect(desk.clean(1, true, PERSON)).toEqual({ agents: [], living: [] });
});

test("A16 an agent whose first job is old and whose latest is not stays", async () => {
  it.open(ANN);
  it.observe({ type: "job.finished", job: ANN, outcome: "completed", reason: "" });
  await it.clock.pass(5 * DAY);
  desk.reuse(ANN, { prompt: "two" }, PERSON);
  expect(desk.clean(1, true, PERSON).living).toEqual([]);
  it.observe({ type: "job.finished", job: SECOND, outcome: "completed", reason: "" });
  expect(desk.clean(1, true, PERSON).living).toEqual([]);
  await it.clock.pass(DAY);
  expect(desk.clean(1, true, PERSON).living).toEqual([ANN]);
});

test("A111 the order of a job starts the same again", () => {
  expect(desk.order(ANN)).toEqual({
    ...{ id: ANN, prompt: "the whole prompt", agent: "standin", sandbox: "workspace-write", model: undefined },
    ...{ reasoning: undefined, timeout: undefined, budget: undefined, worktree: false, plain: false },
  });
  prompts[BOB] = "other";
  const worktree = { repo: "/r", path: "/w", branch: "muster/b", base: "0" };
  const hire = hireOf(BOB, { scenario: "slow", model: "opus", effort: "low", isPlain: true, worktree });
  const budget = { unit: "usd", limit: 5 } as const;
  it.dispatch({ do: "start", hire, job: { id: BOB, mid: "m-b", prompt: "x", timeoutMinutes: 9, budget } });
  expect(desk.order(BOB)).toEqual({
    ...{ id: BOB, prompt: "other", agent: "mock:slow", sandbox: "workspace-write", model: "opus", reasoning: "low" },
    ...{ timeout: 9, budget: "5usd", worktree: true, plain: true },
  });
});

test("A111 the order of a job whose prompt is not kept any more is refused", () => {
  prompts = {};
  expect(refusal(() => desk.order(ANN))).toEqual(["state", `the prompt of ${ANN} is not kept any more`]);
});

test("a job is found by its agent, the latest one, or by its number; what has none is refused", () => {
  it.open(ANN);
  it.observe({ type: "job.finished", job: ANN, outcome: "completed", reason: "" });
  desk.reuse(ANN, { prompt: "two" }, PERSON);
  expect([ANN, `${ANN}#1`, SECOND].map((given) => desk.find(given).job.id)).toEqual([SECOND, ANN, SECOND]);
  expect(desk.find(ANN).agent.hire.agent).toBe(ANN);
  it.dispatch({ do: "start", hire: hireOf(BOB) });
  const missing = (given: string) => refusal(() => desk.find(given));
  expect(missing(`${ANN}#3`)).toEqual(["missing", `agent ${ANN} has no job ${ANN}#3`, "muster jobs lists them"]);
  expect(missing(BOB)).toEqual(["missing", `agent ${BOB} has no job ${BOB}`, "muster jobs lists them"]);
});
