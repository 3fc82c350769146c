import { afterEach, beforeEach, expect, test } from "bun:test";
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { historyParts } from "../../test/fakes/history-parts.ts";
import { House } from "../../test/fakes/house.ts";
import { at, call, result, say, stopped, words } from "../../test/fakes/transcript-lines.ts";
import type { PriceTable } from "../core/jobs/prices.ts";
import { entry, subagentFile } from "../drivers/claude-entry.ts";
import { EnrichmentReactor } from "../engine/history/enrichment.ts";
import type { Reactors } from "../engine/reactor.ts";
import { jobRule } from "../engine/rules.ts";
import { LineReader } from "../files/line-reader.ts";

const ANN = "a0000001";
const PRICES: PriceTable = {
  date: "2026-01-01",
  models: { opus: { input: 1, output: 10, cacheRead: 0, cacheWrite: 0 } },
};

let folder = "";
let house: House;
let parts: ReturnType<typeof historyParts>;
let read: string[] = [];
let prices = PRICES;
let open = 0;
let most = 0;
let reactors: Reactors;

function enrich(missed: string[] = []): void {
  const reactor = new EnrichmentReactor(
    {
      ...{
        clock: house.clock,
        book: parts.tables,
        flush: () => parts.history.flush(),
        prices: () => prices,
        enriched: () => {},
      },
      state: () => house.state,
      readingOf: () => ({
        subagentFile,
        entry: (line) => {
          read.push(line);
          return entry(line);
        },
        lines: (path) => {
          const lines = new LineReader(path);
          const readOn: LineReader["readOn"] = async (take, began) => {
            open += 1;
            most = Math.max(most, open);
            const bytes = await lines.readOn(take, began);
            open -= 1;
            return bytes;
          };
          return { path, readOn };
        },
      }),
      copyOf: (_, job) => join(folder, `copy-${job.id}`),
    },
    missed,
  );
  reactors = house.run(reactor as never);
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "muster-enrichment-"));
  house = new House([jobRule]);
  parts = historyParts(house.engine, house.log, house.clock);
  read = [];
  prices = PRICES;
  open = 0;
  most = 0;
});
afterEach(async () => {
  await house.end();
  parts.end();
  rmSync(folder, { recursive: true });
});

const pathOf = (name: string) => join(folder, name);
const add = (name: string, ...lines: object[]) =>
  appendFileSync(pathOf(name), lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
function begin(name: string): void {
  house.start(ANN);
  house.open(ANN);
  house.observe({ type: "session.started", agent: ANN, session: name, transcript: pathOf(name) });
}

function end(): void {
  const { mid = "" } = house.state.jobs[house.state.agents[ANN]?.job ?? ""] ?? {};
  house.observe({ type: "message.delivered", mid, evidence: "receipt" }, { type: "turn.started", agent: ANN });
  house.observe({ type: "turn.ended", agent: ANN, outcome: "done", summary: "told" });
}

async function pass(ms = 2500): Promise<void> {
  await reactors.drain();
  for (let passed = 0; passed < ms; passed += 500) {
    await house.clock.pass(500);
    await reactors.drain();
  }
}

/** As after a restart: what was read is known no more. */
async function enrichAnew(): Promise<void> {
  await reactors.stop();
  enrich();
}

const job = (id = ANN) => {
  parts.history.flush();
  return parts.history.jobs.job(id);
};

test("A41 A86 tokens, tools, files, thinking, sub-agents, last words, time and cost of a job come from its transcript", async () => {
  begin("s1");
  enrich();
  add(
    "s1",
    { type: "user", message: { content: "Go" }, origin: { kind: "human" }, ...at(0) },
    say("m1", [{ type: "thinking", thinking: "hm" }, call("t1", "Edit", { file_path: "/r/a.ts" })], at(1)),
    result("t1", "no such text", at(3), true),
    say("m2", [
      call("t2", "Edit", { file_path: "/r/a.ts" }),
      call("t3", "Agent", { subagent_type: "x", description: "look" }),
    ]),
    result("t3", "found", { ...at(9), toolUseResult: { agentId: "s-1", totalTokens: 70, totalToolUseCount: 2 } }),
    say("m3", [words("All done.")], at(10)),
  );
  end();
  await pass();
  expect(job()).toMatchObject({
    ...{ tokensIn: 3000, tokensOut: 300, cacheRead: 0, contextTokens: 1000, model: "opus", thinking: 1, subagents: 1 },
    ...{ toolCalls: 3, failedCalls: 1, primaryTool: "Edit", files: ["/r/a.ts"], filesModified: 1, messages: 2 },
    ...{ summary: "All done.", durationMs: 10_000, cost: 0.006, costFrom: "prices", tools: { Edit: 2, Agent: 1 } },
  });
  const { rows } = parts.history.jobs.calls({ page: 1, limit: 10 });
  expect(rows.find((one) => one.call === "t1")).toMatchObject({
    ...{ name: "Edit", file: "/r/a.ts", isError: true, durationMs: 2000, output: "no such text" },
  });
  expect(rows.find((one) => one.call === "t2")?.isError).toBeNull();
  expect(parts.history.jobs.subagents(ANN)).toMatchObject([
    { kind: "x", description: "look", agent: "s-1", tokens: 70, toolCalls: 2, isError: false, output: "found" },
  ]);
  expect(parts.history.all.tools()).toMatchObject([
    { name: "Edit", calls: 2, failed: 1, jobs: 1 },
    { name: "Agent", calls: 1, failed: 0, jobs: 1 },
  ]);
});

test("A41 A-fault 28: a transcript is read on where it ended, also what came after the hook that told the turn's end", async () => {
  begin("s1");
  enrich();
  add("s1", say("m1", [words("one")]));
  end();
  await pass(1000);
  expect(job()).toMatchObject({ tokensIn: 1000, summary: "one" });
  appendFileSync(pathOf("s1"), JSON.stringify(say("m2", [words("two")])).slice(0, 40));
  await pass();
  expect(job()?.tokensIn).toBe(1000);
  appendFileSync(pathOf("s1"), `${JSON.stringify(say("m2", [words("two")])).slice(40)}\n`);
  await pass();
  expect(job()).toMatchObject({ tokensIn: 2000, summary: "two" });
  expect(read.length).toBe(2);
});

test("A41 A86 what a sub-agent in the background used and changed is in the job's sums; its end and answer are its own", async () => {
  begin("s1.jsonl");
  enrich();
  const launched = { toolUseResult: { agentId: "s-1", status: "async_launched" }, ...at(2) };
  add("s1.jsonl", say("m1", [call("t1", "Agent", { prompt: "look" })], at(1)), result("t1", "launched", launched));
  end();
  await pass();
  expect(parts.history.jobs.subagents(ANN)).toMatchObject([{ agent: "s-1", isError: null, endedAt: null }]);
  mkdirSync(pathOf("s1/subagents"), { recursive: true });
  const edit = call("t9", "Edit", { file_path: "/r/b.ts" });
  add("s1/subagents/agent-s-1.jsonl", say("n1", [words("sub"), edit], { isSidechain: true, ...at(3) }));
  add("s1.jsonl", stopped("s-1", "t1", "all is well", at(8)));
  house.observe({ type: "usage.measured", agent: ANN, contextTokens: 1 });
  await pass();
  expect(job()).toMatchObject({
    tokensIn: 2000,
    tokensOut: 200,
    files: ["/r/b.ts"],
    toolCalls: 1,
    messages: 0,
    subagents: 1,
  });
  expect(job()?.cost).toBeCloseTo(0.004);
  expect(parts.history.jobs.subagents(ANN)).toMatchObject([
    { tokens: 1100, toolCalls: 1, isError: false, output: "all is well", endedAt: 1_700_000_008_000 },
  ]);
});

test("A41 the last line of a turn is read also when it is written after the hook, and nothing else comes", async () => {
  begin("s1");
  enrich();
  add("s1", say("m1", [words("one")]));
  await pass(6000);
  end();
  await pass(500);
  add("s1", say("m2", [words("late")]));
  await pass();
  expect(job()).toMatchObject({ tokensIn: 2000, summary: "late" });
});

test("A41 A19 a reused agent's conversations are counted apart, each for its own assignment", async () => {
  begin("s1");
  enrich();
  add("s1", say("m1", [words("first")]));
  end();
  await pass();
  const next = { id: `${ANN}#2`, mid: "m-2", prompt: "again" };
  house.dispatch({ do: "reuse", agent: ANN, job: next, control: "c1", isForced: false, logFrom: 1 });
  await pass();
  expect(job(`${ANN}#2`)?.tokensIn).toBeNull();
  add("s2", say("m2", [words("second"), call("t1", "Bash", { command: "ls" })]));
  house.observe({ type: "session.started", agent: ANN, session: "s2", transcript: pathOf("s2") });
  house.observe({ type: "control.finished", agent: ANN, control: "c1", ok: true, reason: "" });
  end();
  await pass();
  expect(job(ANN)).toMatchObject({ tokensIn: 1000, summary: "first", toolCalls: 0, session: "s1" });
  expect(job(`${ANN}#2`)).toMatchObject({ tokensIn: 1000, summary: "second", toolCalls: 1, session: "s2" });
});

test("A41 after a restart everything is counted once, with the conversations before a clear; a lost one is not guessed at", async () => {
  begin("s1");
  add("s1", say("m1", [words("one"), call("t1", "Bash", {})]));
  enrich();
  await pass();
  add("s2", say("m2", [words("two")]));
  house.observe({ type: "session.started", agent: ANN, session: "s2", transcript: pathOf("s2") });
  await pass();
  expect(job()).toMatchObject({ tokensIn: 2000, toolCalls: 1, summary: "two" });
  await enrichAnew();
  await pass();
  expect(job()).toMatchObject({ tokensIn: 2000, toolCalls: 1, summary: "two" });
  rmSync(pathOf("s1"));
  // The copy is of the latest conversation alone.
  writeFileSync(pathOf(`copy-${ANN}`), `${JSON.stringify(say("m9", [words("copy")]))}\n`);
  add("s2", say("m3", [words("three")]));
  await enrichAnew();
  await pass();
  expect(job()).toMatchObject({ tokensIn: 2000, toolCalls: 1 });
});

test("A41 the kept copy stands in for a transcript that its CLI has thrown away", async () => {
  begin("s1");
  writeFileSync(pathOf(`copy-${ANN}`), `${JSON.stringify(say("m1", [words("kept")]))}\n`);
  end();
  enrich();
  await pass();
  expect(job()).toMatchObject({ tokensIn: 1000, summary: "kept" });
});

test("A42 a model that has no price costs what its CLI says, else nobody knows; 0 is no word of a CLI", async () => {
  prices = { date: "2026-01-01", models: {} };
  begin("s1");
  enrich();
  add("s1", say("m1", [words("one")]));
  house.observe({ type: "usage.measured", agent: ANN, contextTokens: 5000, contextSize: 10_000, cost: 0 });
  end();
  await pass();
  expect(job()).toMatchObject({ cost: null, costFrom: null, tokensIn: 1000, contextTokens: 5000, contextPercent: 50 });
  expect(parts.history.all.totals()).toMatchObject({ cost: null, costUnknown: 1 });
  house.observe({ type: "usage.measured", agent: ANN, contextTokens: 5000, contextSize: 10_000, cost: 0.25 });
  expect(job()).toMatchObject({ cost: 0.25, costFrom: "cli" });
});

test("A41 torn and foreign lines, and what is no file, tell nothing and break nothing", async () => {
  begin("s1");
  enrich();
  writeFileSync(pathOf("s1"), 'no json\n{"type":"assistant"\n{"type":"assistant","message":7}\n[]\n');
  end();
  await pass();
  expect(job()).toMatchObject({ tokensIn: null, toolCalls: 0, summary: "told" });
  house.observe({ type: "session.started", agent: ANN, session: "s2", transcript: folder });
  await pass();
  expect(job()).toMatchObject({ tokensIn: null, summary: "told" });
});

test("A41 after a long pause all jobs are read, a few at a time, and one at work is not kept waiting by them", async () => {
  const ids = Array.from({ length: 30 }, (_, n) => `c00000${n + 10}`);
  for (const id of ids) {
    house.start(id);
    house.open(id);
    house.observe({ type: "session.started", agent: id, session: id, transcript: pathOf(id) });
    add(id, say(id, [words(id)]));
    house.dispatch({ do: "kill", agent: id, reason: "enough" });
    house.observe({ type: "terminal.exited", agent: id, incarnation: 1, code: 0, signal: null });
  }
  begin("s1");
  add("s1", say("m1", [words("one")]));
  enrich(ids);
  await pass(500);
  expect(job()?.summary).toBe("one");
  await pass(4000);
  expect(ids.filter((id) => job(id)?.summary !== id)).toEqual([]);
  expect([most, open]).toEqual([4, 0]);
});
