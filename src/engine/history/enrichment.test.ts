import { afterEach, beforeEach, expect, test } from "bun:test";
import { ANN, BOB } from "../../../test/fakes/history.ts";
import { House } from "../../../test/fakes/house.ts";
import type { TranscriptEntry } from "../../core/jobs/account.ts";
import { BUILT_IN_PRICES } from "../../core/jobs/prices.ts";
import { jobRule } from "../rules.ts";
import type { Reading } from "./conversations.ts";
import { EnrichmentReactor, type EnrichmentWorld } from "./enrichment.ts";

const SECOND = `${ANN}#2`;

interface Row {
  job: string;
  paths: string[];
  messages: number;
  calls: string[];
}

let it: House;
/** Lines of each transcript; each read gives those that came since. */
let files: Record<string, TranscriptEntry[]>;
let rows: Row[];
let counted: Record<string, string[]>;
let enriched: string[];
let canRead: boolean;
let canFlush: boolean;
/** Holds every read back, as a slow disk does. */
let gate: Promise<void> | null;
let fails: boolean;
let reactor: EnrichmentReactor;

const reading: Reading = {
  entry: (line) => JSON.parse(line) as TranscriptEntry,
  subagentFile: () => undefined,
  lines(path) {
    let at = 0;
    return {
      path,
      async readOn(take) {
        await gate;
        if (fails) throw new Error("the disk is away");
        const found = files[path];
        if (!found) return null;
        const fresh = found.slice(at);
        at = found.length;
        for (const entry of fresh) take(JSON.stringify(entry));
        return fresh.length;
      },
    };
  },
};

const world = (): EnrichmentWorld => ({
  clock: it.clock,
  state: () => it.state,
  readingOf: () => (canRead ? reading : null),
  copyOf: (_, job) => `copy of ${job.id}`,
  prices: () => BUILT_IN_PRICES,
  book: {
    transcripts: (job) => counted[job] ?? [],
    enrich: (job, paths, { messages }, calls) =>
      void rows.push({ job, paths, messages, calls: calls.map(({ call }) => call) }),
  },
  enriched: (agent) => void enriched.push(agent),
  flush: () => canFlush,
});

beforeEach(() => {
  it = new House([jobRule]);
  [files, rows, counted, enriched, canRead, canFlush, gate, fails] = [{}, [], {}, [], true, true, null, false];
  reactor = new EnrichmentReactor(world(), []);
  it.start(ANN);
  it.open(ANN);
});
afterEach(() => it.end());

const said = (text: string): TranscriptEntry => ({ role: "assistant", text });
const called = (call: string): TranscriptEntry => ({ tools: [{ name: "Bash", input: "ls", isEdit: false, call }] });
const due = (): string[] => [...reactor.pending(it.state).keys()];
const transcript = (path: string) =>
  it.observe({ type: "session.started", agent: ANN, session: path, transcript: path });
const wrote = (): Row[] => rows.splice(0);

function converse(path = "/t/1", ...entries: TranscriptEntry[]): void {
  files[path] = entries.length > 0 ? entries : [said("hello")];
  transcript(path);
}

function reuse(): void {
  it.observe({ type: "job.finished", job: ANN, outcome: "completed", reason: "" });
  const job = { id: SECOND, mid: "m-2", prompt: "two" };
  it.dispatch({ do: "reuse", agent: ANN, job, control: "c1", isForced: false, logFrom: 10 });
}

const cleared = () =>
  it.observe({ type: "control.finished", agent: ANN, control: "c1", action: "clear", ok: true, reason: "" });

function end(): void {
  it.dispatch({ do: "kill", agent: ANN, reason: "enough" });
  it.observe({ type: "terminal.exited", agent: ANN, incarnation: 1, code: 0, signal: null });
}

/** It is told of, and looked at, when it may be. */
async function look(): Promise<Row[]> {
  await it.clock.pass(500);
  reactor.told([ANN]);
  await reactor.perform(ANN);
  return wrote();
}

test("A41 at first those that live are due, and those of whom something was missed; those without a job are forgotten", () => {
  it.start(BOB);
  it.dispatch({ do: "kill", agent: BOB, reason: "enough" });
  reactor = new EnrichmentReactor(world(), [BOB, "c0000003"]);
  expect(reactor.name).toBe("enrichment");
  expect(due()).toEqual([ANN, BOB]);
});

test("A41 one that is neither alive nor missed is not read again, until it is told of", () => {
  end();
  expect(due()).toEqual([]);
  reactor.told([SECOND]);
  expect(due()).toEqual([ANN]);
});

test("A41 A85 what a conversation says is written into its job's row, and whoever shows it is told", async () => {
  due();
  converse("/t/1", called("c1"), said("hello"));
  expect(await look()).toEqual([{ job: ANN, paths: ["/t/1"], messages: 1, calls: ["c1"] }]);
  expect([enriched, due()]).toEqual([[ANN], []]);
  files["/t/1"]?.push(called("c2"));
  expect(await look()).toEqual([{ job: ANN, paths: ["/t/1"], messages: 1, calls: ["c2"] }]);
  expect(await look()).toEqual([]);
});

test("A41 a job without a session, or of a CLI that writes nothing down, has no numbers", async () => {
  expect(await look()).toEqual([]);
  canRead = false;
  converse();
  expect(await look()).toEqual([]);
  canRead = true;
  expect(await look()).toHaveLength(1);
});

test("A41 an agent is read at most twice a second, and comes again when it may", async () => {
  due();
  converse();
  await look();
  files["/t/1"]?.push(said("more"));
  reactor.told([ANN]);
  await it.clock.pass(200);
  expect([await reactor.perform(ANN), wrote()]).toEqual([{ again: 300 }, []]);
  expect(due()).toEqual([]);
  await it.clock.pass(199);
  expect(due()).toEqual([]);
  await it.clock.pass(1);
  expect(due()).toEqual([ANN]);
  await it.clock.pass(100);
  expect(due()).toEqual([ANN]);
  expect([await reactor.perform(ANN), wrote().length]).toEqual([{ again: 2000 }, 1]);
});

test("A41 after news there is one look more, two seconds later; then it rests until it is told of", async () => {
  converse();
  await it.clock.pass(500);
  due();
  expect(await reactor.perform(ANN)).toEqual({ again: 2000 });
  expect(due()).toEqual([]);
  await it.clock.pass(1899);
  expect(due()).toEqual([]);
  await it.clock.pass(1);
  expect(due()).toEqual([ANN]);
  await it.clock.pass(100);
  expect(await reactor.perform(ANN)).toEqual({ again: 2000 });
  await it.clock.pass(2000);
  expect(await reactor.perform(ANN)).toEqual({});
  expect(due()).toEqual([]);
});

test("A41 a busy agent is looked at again and again", async () => {
  it.observe({ type: "agent.changed", agent: ANN, activity: "busy" });
  for (let n = 0; n < 4; n += 1) {
    await it.clock.pass(2000);
    expect(await reactor.perform(ANN)).toEqual({ again: 2000 });
  }
});

test("A41 what was told counts one look more, though nothing was found", async () => {
  await it.clock.pass(500);
  reactor.told([ANN]);
  expect(await reactor.perform(ANN)).toEqual({ again: 2000 });
  await it.clock.pass(2000);
  expect(await reactor.perform(ANN)).toEqual({});
});

test("A41 nobody can be read who is gone", async () => {
  expect(await reactor.perform(BOB)).toEqual({});
  reactor.told([BOB]);
  expect(due()).toEqual([ANN]);
});

test("A41 what cannot be read is due again after a moment, and the reason goes on to whoever asked", async () => {
  converse();
  due();
  fails = true;
  expect(await reactor.perform(ANN).catch((error: Error) => error.message)).toBe("the disk is away");
  fails = false;
  const atOnce = due();
  await it.clock.pass(1000);
  expect([atOnce, due()]).toEqual([[], [ANN]]);
  expect(await look()).toHaveLength(1);
});

test("A41 four are read at the same time, the others after them", async () => {
  const ids = ["a", "b", "c", "d", "e", "f"].map((letter) => `${letter}1111111`);
  for (const id of ids) {
    it.start(id);
    it.observe({ type: "session.started", agent: id, session: id, transcript: "/t/all" });
  }
  files["/t/all"] = [said("hello")];
  expect(due()).toEqual([ANN, ...ids.slice(0, 3)]);
  const { promise, resolve: open } = Promise.withResolvers<void>();
  gate = promise;
  const reads = ids.slice(0, 3).map((id) => reactor.perform(id));
  expect(due()).toEqual([ANN]);
  open();
  await Promise.all(reads);
  expect(due()).toEqual([ANN, ...ids.slice(3)]);
});

test("A85 numbers wait until the job has its row", async () => {
  converse();
  canFlush = false;
  expect([await look(), enriched]).toEqual([[], []]);
  await it.clock.pass(2000);
  canFlush = true;
  await reactor.perform(ANN);
  expect([wrote(), enriched]).toEqual([[{ job: ANN, paths: ["/t/1"], messages: 1, calls: [] }], [ANN]]);
});

test("A43 each run of a reused agent has its own conversations; until the clear, none of the old one is the new run's", async () => {
  converse();
  await look();
  reuse();
  files["/t/1"]?.push(said("last words"));
  expect(await look()).toEqual([{ job: ANN, paths: ["/t/1"], messages: 2, calls: [] }]);
  cleared();
  converse("/t/2", said("two"));
  expect(await look()).toEqual([{ job: SECOND, paths: ["/t/2"], messages: 1, calls: [] }]);
  files["/t/1"]?.push(said("nobody's"));
  expect(await look()).toEqual([]);
});

test("A43 after a restart runs that ended are counted once, from the beginning, and not looked at again", async () => {
  converse();
  await look();
  reuse();
  cleared();
  converse("/t/2", said("two"));
  counted = { [ANN]: ["/t/1"] };
  reactor = new EnrichmentReactor(world(), []);
  expect(await look()).toEqual([
    { job: ANN, paths: ["/t/1"], messages: 1, calls: [] },
    { job: SECOND, paths: ["/t/2"], messages: 1, calls: [] },
  ]);
  files["/t/1"]?.push(said("late"));
  expect(await look()).toEqual([]);
});

test("A41 Muster's copy stands in for a transcript that is gone, but not for the latest run of several", async () => {
  transcript("/t/1");
  files[`copy of ${ANN}`] = [said("kept"), said("well")];
  expect(await look()).toEqual([{ job: ANN, paths: ["/t/1"], messages: 2, calls: [] }]);
  reuse();
  cleared();
  transcript("/t/2");
  files[`copy of ${SECOND}`] = [said("of the run before")];
  expect(await look()).toEqual([]);
  files["/t/2"] = [said("own")];
  expect(await look()).toEqual([{ job: SECOND, paths: ["/t/2"], messages: 1, calls: [] }]);
});

test("A41 numbers without a conversation that was counted before are not written over the better ones", async () => {
  counted = { [ANN]: ["/t/0"] };
  converse();
  expect([await look(), enriched]).toEqual([[], []]);
  files["/t/0"] = [said("before"), said("that")];
  expect(await look()).toEqual([{ job: ANN, paths: ["/t/0", "/t/1"], messages: 3, calls: [] }]);
});

test("A41 of an agent that ended nothing is kept; what is told of it later comes out the same", async () => {
  converse();
  await look();
  end();
  await look();
  await it.clock.pass(2000);
  expect(await reactor.perform(ANN)).toEqual({});
  files["/t/1"]?.push(said("more"));
  expect(await look()).toEqual([{ job: ANN, paths: ["/t/1"], messages: 2, calls: [] }]);
});
