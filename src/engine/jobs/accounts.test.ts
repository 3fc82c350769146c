import { beforeEach, expect, test } from "bun:test";
import { ANN, History, hireOf } from "../../../test/fakes/history.ts";
import type { TranscriptEntry } from "../../core/jobs/account.ts";
import type { Driver } from "../../core/ports.ts";
import { JobAccounts } from "./accounts.ts";

const SECOND = `${ANN}#2`;
const tokens = { input: 1, output: 2, cacheRead: 3, cacheWrite: 4 };

let it: History;
/** Transcripts by the job whose they are. */
let texts: Record<string, string>;
let canRead: boolean;
/** What each job's conversations cost by the price table. */
let reckoned: Record<string, number>;
let accounts: JobAccounts;

beforeEach(() => {
  it = new History();
  [texts, canRead, reckoned] = [{}, true, {}];
  accounts = new JobAccounts({
    state: () => it.state,
    driverOf: () =>
      (canRead ? { entry: (line: string) => (line === "noise" ? null : JSON.parse(line)) } : {}) as Driver,
    async transcript(_, job) {
      const text = texts[job?.id ?? ""];
      return text === undefined ? null : { path: `/t/${job?.id}`, text };
    },
    reckoned: (job) => reckoned[job] ?? null,
    prices: () => ({ date: "2026-01-01", models: { known: { input: 1e6, output: 0, cacheRead: 0, cacheWrite: 0 } } }),
  });
  it.dispatch({ do: "start", hire: hireOf(ANN), job: { id: ANN, mid: "m-1", prompt: "go" } });
  it.open(ANN);
});

const text = (...entries: TranscriptEntry[]) => `${entries.map((entry) => JSON.stringify(entry)).join("\n")}\nnoise\n`;
const use = (contextTokens: number) =>
  it.observe({ type: "usage.measured", agent: ANN, contextTokens, contextSize: 100, cost: 0.5 });
const refusal = (asked: Promise<unknown>): Promise<unknown[]> =>
  asked.then(
    () => [],
    ({ code, message, hint }) => [code, message, hint],
  );

function reuse(): void {
  it.observe({ type: "session.started", agent: ANN, session: "s-1" });
  use(10);
  it.observe({ type: "job.finished", job: ANN, outcome: "completed", reason: "" });
  const job = { id: SECOND, mid: "m-2", prompt: "two" };
  it.dispatch({ do: "reuse", agent: ANN, job, control: "c1", isForced: false, logFrom: 10 });
  it.observe({ type: "session.started", agent: ANN, session: "s-2" });
}

test("A14 A41 a conversation is told entry by entry, without what its sub-agents wrote, with what it came to", async () => {
  texts[ANN] = text(
    { role: "user", text: "go" },
    { role: "user", isSide: true },
    { role: "assistant", text: "done", tokens },
  );
  const { account, entries, ...view } = await accounts.session(ANN.slice(0, 4));
  expect(view).toEqual({ agent: ANN, job: ANN, session: null, path: `/t/${ANN}`, cost: null, costFrom: null });
  expect(entries).toEqual([
    { role: "user", text: "go" },
    { role: "assistant", text: "done", tokens },
  ]);
  expect(account).toMatchObject({ messages: { user: 1, assistant: 1 }, summary: "done", tokens });
});

test("A14 a conversation that is not kept, or that nobody can read, is refused with what there is", async () => {
  const none = ["missing", `no transcript of ${ANN} is kept`, `muster output ${ANN} has its terminal record`];
  expect(await refusal(accounts.session(ANN))).toEqual(none);
  texts[ANN] = text({ role: "user" });
  canRead = false;
  expect(await refusal(accounts.session(ANN))).toEqual(none);
});

test("A19 A14 each run of an agent has its own session, and the latest that of the agent", async () => {
  reuse();
  texts = { [ANN]: text({ role: "user" }), [SECOND]: text() };
  const session = async (given: string) => {
    const { job, session: id } = await accounts.session(given);
    return [job, id];
  };
  expect([await session(`${ANN}#1`), await session(ANN)]).toEqual([
    [ANN, "s-1"],
    [SECOND, "s-2"],
  ]);
  expect(await refusal(accounts.session(`${ANN}#3`))).toEqual([
    ...["missing", `no job ${ANN}#3`, "muster jobs lists them"],
  ]);
});

test("A18 what a job used is as far as it is known", async () => {
  const nothing = { contextTokens: null, contextSize: null, cost: null, costFrom: null, tokens: null };
  const unknown = { agent: ANN, job: ANN, ...nothing };
  expect(await accounts.usage(ANN)).toEqual(unknown);
  use(40);
  texts[ANN] = text({ tokens });
  expect(await accounts.usage(ANN)).toEqual({
    ...{ agent: ANN, job: ANN, contextTokens: 40, contextSize: 100, cost: 0.5, costFrom: "cli", tokens },
  });
  canRead = false;
  expect((await accounts.usage(ANN)).tokens).toBeNull();
});

test("A18 A88 a cost is what was reckoned by the prices, else what the CLI says; one of nothing is unknown, never 0", async () => {
  const cost = async (given = ANN) => {
    const used = await accounts.usage(given);
    const { cost, costFrom } = await accounts.session(given);
    expect([used.cost, used.costFrom]).toEqual([cost, costFrom]);
    return [cost, costFrom];
  };
  texts = { [ANN]: text({ tokens }), [SECOND]: text({ tokens }) };
  it.observe({ type: "usage.measured", agent: ANN, contextTokens: 10, cost: 0 });
  expect(await cost()).toEqual([null, null]);
  reuse();
  expect([await cost(`${ANN}#1`), await cost()]).toEqual([
    [0.5, "cli"],
    [null, null],
  ]);
  reckoned = { [ANN]: 0.25 };
  expect([await cost(`${ANN}#1`), await cost()]).toEqual([
    [0.25, "prices"],
    [null, null],
  ]);
});

test("A18 A88 a member of a team has its own conversation reckoned, unless sub-agents or an unknown model were at work", async () => {
  it.hire("b0000002");
  const cost = async (...entries: TranscriptEntry[]) => {
    texts = { "": text(...entries) };
    const { cost, costFrom } = await accounts.usage("b0000002");
    return [cost, costFrom];
  };
  const answer = { role: "assistant" as const, model: "known", tokens };
  expect(await cost(answer)).toEqual([1, "prices"]);
  expect(await cost({ ...answer, model: "other" })).toEqual([null, null]);
  const order = { name: "Task", input: "{}", isEdit: false, isAgent: true } as const;
  expect(await cost({ ...answer, tools: [order] })).toEqual([null, null]);
  texts = {};
  expect((await accounts.usage("b0000002")).cost).toBeNull();
});

test("A18 A19 what an earlier run used stays its own", async () => {
  reuse();
  use(70);
  const used = async (given: string) => (await accounts.usage(given)).contextTokens;
  expect([await used(`${ANN}#1`), await used(ANN)]).toEqual([10, 70]);
});

test("A18 an agent without a job has its use, too", async () => {
  it.hire("b0000002");
  expect(await accounts.usage("b0000002")).toMatchObject({ agent: "b0000002", job: null, tokens: null });
});
