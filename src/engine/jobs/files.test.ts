import { afterEach, beforeEach, expect, test } from "bun:test";
import { ANN, BOB } from "../../../test/fakes/history.ts";
import { House } from "../../../test/fakes/house.ts";
import { jobRule } from "../rules.ts";
import { JobFilesReactor, type JobFilesWorld } from "./files.ts";

const SECOND = `${ANN}#2`;

let it: House;
let files: Record<string, string>;
/** What was done, in order. */
let done: string[];
let prompts: Record<string, string | null>;
let sides: string[];
let fails: string | null;

const world = (): JobFilesWorld => ({
  clock: it.clock,
  state: () => it.state,
  prompt: ({ id }) => prompts[id] ?? null,
  async write(name, text) {
    if (fails) throw new Error(fails);
    files[name] = text;
    done.push(name);
  },
  subagents: () => sides,
  async copy(name, path) {
    done.push(`${name} < ${path}`);
  },
  async remove(agent) {
    done.push(`remove ${agent}`);
  },
});

let reactor: JobFilesReactor;

beforeEach(() => {
  it = new House([jobRule]);
  [files, done, prompts, sides, fails] = [{}, [], { [ANN]: "the whole prompt" }, [], null];
  reactor = new JobFilesReactor(world());
  it.start(ANN);
  it.open(ANN);
});
afterEach(() => it.end());

const due = (): string[] => [...reactor.pending(it.state).keys()];
const performed = () => {
  const agent = it.state.agents[ANN];
  if (!agent) throw new Error("no agent");
  return reactor.perform(agent);
};
const wrote = (): string[] => done.splice(0);

async function next(): Promise<string[]> {
  await it.clock.pass(500);
  reactor.told([ANN]);
  await performed();
  return wrote();
}

test("A31 at first everybody's files are due, then those of whom something was told; an agent without a job has none", async () => {
  it.dispatch({ do: "start", hire: { agent: BOB, driver: "standin", cwd: "/r", permission: "workspace-write" } });
  expect(reactor.name).toBe("job files");
  expect(due()).toEqual([ANN]);
  await performed();
  expect(due()).toEqual([]);
  reactor.told([BOB, "c0000003"]);
  expect(due()).toEqual([]);
  reactor.told([SECOND]);
  expect(due()).toEqual([ANN]);
});

test("A31 only so many agents' files are written at once: those that are not over, then those told of, then the ended", async () => {
  const id = (n: number): string => `c000000${n}`;
  for (let n = 0; n < 9; n += 1) it.start(id(n));
  for (let n = 0; n < 9; n += 1) {
    it.dispatch({ do: "kill", agent: id(n), reason: "enough" });
  }
  reactor.told([id(8)]);
  expect(due()).toEqual([...[id(8), ANN], ...[0, 1, 2, 3, 4, 5].map(id)]);
  const first = performed();
  expect(due()).toEqual([id(8), ...[0, 1, 2, 3, 4, 5].map(id)]);
  await first;
  expect(due()).toHaveLength(8);
});

test("A31 what is told before the first look is part of it", () => {
  reactor.told([BOB]);
  expect(due()).toEqual([ANN]);
});

test("A31 a job's record and prompt are written; the prompt once", async () => {
  expect(await performed()).toEqual({});
  expect(wrote()).toEqual([`${ANN}.json`, `${ANN}.prompt`]);
  expect([files[`${ANN}.prompt`], files[`${ANN}.json`]?.endsWith("}\n")]).toEqual(["the whole prompt", true]);
  expect(JSON.parse(files[`${ANN}.json`] ?? "")).toMatchObject({ id: ANN, prompt: "do it" });
  expect(files[`${ANN}.json`]).toStartWith(`{\n "id"`);
  expect(await next()).toEqual([`${ANN}.json`]);
});

test("A31 a prompt that nobody has any more is not written, and not asked for again", async () => {
  prompts = {};
  await performed();
  prompts = { [ANN]: "found after all" };
  await next();
  expect(Object.keys(files)).toEqual([`${ANN}.json`]);
});

test("A31 files of one agent are written at most twice a second; what came meanwhile is due again", async () => {
  await performed();
  reactor.told([ANN]);
  await it.clock.pass(200);
  wrote();
  expect(await performed()).toEqual({ again: 300 });
  expect([wrote(), due()]).toEqual([[], [ANN]]);
  await it.clock.pass(300);
  expect(await performed()).toEqual({});
  expect([wrote(), due()]).toEqual([[`${ANN}.json`], []]);
});

test("A31 what could not be written is due again after a moment, and the reason goes on to whoever asked", async () => {
  due();
  fails = "the disk is full";
  expect(await performed().catch((error: Error) => error.message)).toBe("the disk is full");
  expect(due()).toEqual([]);
  await it.clock.pass(1000);
  expect(due()).toEqual([ANN]);
});

test("A31 an agent that is gone meanwhile is nobody's work", async () => {
  const [agent] = Object.values(it.state.agents);
  if (!agent) throw new Error("no agent");
  expect(await reactor.perform({ ...agent, hire: { ...agent.hire, agent: BOB } })).toEqual({});
  expect(done).toEqual([]);
});

const transcript = (path: string) =>
  it.observe({ type: "session.started", agent: ANN, session: path, transcript: path });

test("A31 the transcript of a job and those of its sub-agents are copied when its turn is over", async () => {
  transcript("/t/1");
  sides = ["/t/1/agents/s1.jsonl"];
  it.observe({ type: "agent.changed", agent: ANN, activity: "busy" });
  await performed();
  expect(wrote()).toEqual([`${ANN}.json`, `${ANN}.prompt`]);
  it.observe({ type: "agent.changed", agent: ANN, activity: "idle" });
  expect(await next()).toEqual([
    ...[`${ANN}.json`, `${ANN}.transcript.jsonl < /t/1`, `${ANN}-subagents/s1.jsonl < /t/1/agents/s1.jsonl`],
  ]);
});

test("A19 A31 a reused agent has files of each run, the latest under its own id; the old conversation is not the new job's", async () => {
  transcript("/t/1");
  await performed();
  it.observe({ type: "job.finished", job: ANN, outcome: "completed", reason: "" });
  prompts[SECOND] = "and again";
  const job = { id: SECOND, mid: "m-2", prompt: "two" };
  it.dispatch({ do: "reuse", agent: ANN, job, control: "c1", isForced: false, logFrom: 10 });
  wrote();
  expect(await next()).toEqual([
    ...[`${ANN}#1.json`, `${ANN}#1.prompt`, `${ANN}#1.transcript.jsonl < /t/1`, `${ANN}.json`, `${ANN}.prompt`],
  ]);
  expect([files[`${ANN}#1.prompt`], files[`${ANN}.prompt`]]).toEqual(["the whole prompt", "and again"]);
  it.observe({ type: "control.finished", agent: ANN, control: "c1", action: "clear", ok: true, reason: "" });
  transcript("/t/2");
  expect(await next()).toEqual([
    ...[`${ANN}#1.json`, `${ANN}#1.transcript.jsonl < /t/1`, `${ANN}.json`, `${ANN}.transcript.jsonl < /t/2`],
  ]);
  it.observe({ type: "agent.changed", agent: ANN, activity: "busy" });
  expect(await next()).toEqual([`${ANN}#1.json`, `${ANN}#1.transcript.jsonl < /t/1`, `${ANN}.json`]);
});

test("A17 files of a discarded agent go once its program is gone, and that is a fact", async () => {
  await performed();
  wrote();
  it.dispatch({ do: "discard", agent: ANN });
  reactor.told([ANN]);
  expect(await performed()).toEqual({});
  expect(wrote()).toEqual([]);
  it.observe({ type: "terminal.exited", agent: ANN, incarnation: 1, code: 0, signal: null });
  const { commands } = await performed();
  expect(wrote()).toEqual([`remove ${ANN}`]);
  expect(commands).toEqual([{ do: "observe", facts: [{ type: "agent.removed", agent: ANN }] }]);
});

test("A17 files of one that is just being opened stay until that is over; an agent discarded without a job is due, too", async () => {
  it.start(BOB);
  it.observe({ type: "terminal.opening", agent: BOB, incarnation: 1 });
  it.dispatch({ do: "discard", agent: BOB });
  expect(due()).toEqual([ANN, BOB]);
  const agent = it.state.agents[BOB];
  if (!agent) throw new Error("no agent");
  expect([await reactor.perform(agent), wrote()]).toEqual([{}, []]);
});
