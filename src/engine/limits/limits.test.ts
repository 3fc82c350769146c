import { afterEach, beforeEach, expect, test } from "bun:test";
import { ANN, hireOf } from "../../../test/fakes/history.ts";
import { House } from "../../../test/fakes/house.ts";
import { LEAD } from "../../core/ids.ts";
import { agentRow } from "../../core/job-row.ts";
import { limitedAccounts, limitOf } from "../../core/limits/accounts.ts";
import { hear } from "../hearing.ts";
import { jobRule } from "../rules.ts";
import { LimitReactor } from "./reactor.ts";
import { limitRule } from "./rules.ts";

let it: House;
beforeEach(() => {
  it = new House([jobRule, limitRule]);
  it.run(new LimitReactor({ clock: it.clock, state: () => it.state }) as never);
});
afterEach(() => it.end());

/** Its turn begins, and its CLI says that a limit is reached. */
function limited(agent: string, text: string): void {
  it.observe({ type: "turn.started", agent }, { type: "agent.changed", agent, activity: "busy" });
  const driver = { hear: () => ({ activity: "limited", turn: "failed", detail: "rate_limit", summary: text }) };
  const signal = { from: "hook", event: "StopFailure", payload: {} } as const;
  it.dispatch(hear(driver as never, { agent, signal, row: 0, now: it.clock.now(), zone: "UTC" }), { kind: "daemon" });
}

function working(): void {
  it.start(ANN, "m-1");
  it.open(ANN);
  it.observe({ type: "message.typing", mid: "m-1", attempt: 1, incarnation: 1, nextAt: 0 });
  it.observe({ type: "message.delivered", mid: "m-1", evidence: "transcript" });
}

const agent = () => it.state.agents[ANN];
const told = (to = ANN): string[] =>
  it.log
    .read(0)
    .flatMap((event) => (event.type === "message.queued" && event.to === to ? [it.log.body(event.seq) ?? ""] : []))
    .filter((text) => text.includes("usage limit"));

test("F8 a limit stops no job: it is limited until the time that the CLI says, and no attempt is spent", async () => {
  working();
  limited(ANN, "You've hit your limit · resets in 2h");
  expect(agent()).toMatchObject({ activity: "limited", limit: { until: it.clock.now() + 7_200_000, isKnown: true } });
  expect([it.state.jobs[ANN]?.outcome, agent() && agentRow(it.state, agent() as never).state]).toEqual([
    undefined,
    "limited",
  ]);
  // The prompt stands there, as the CLI's record says, and nothing is typed all the same.
  it.observe({ type: "agent.changed", agent: ANN, activity: "idle" });
  expect(agent()?.activity).toBe("limited");
});

test("F8 when the limit is over the agent is told once to go on", async () => {
  working();
  limited(ANN, "resets in 2h");
  await it.clock.pass(7_200_000);
  expect([agent()?.activity, told()]).toEqual(["limited", []]);
  await it.clock.pass(5000);
  expect([agent()?.activity, agent()?.limit]).toEqual(["idle", undefined]);
  expect(told()).toEqual(["SYSTEM: The usage limit that stopped you has ended. Go on where you were."]);
  await it.clock.pass(7_200_000);
  expect(told()).toHaveLength(1);
});

test("F8 a CLI that goes on by itself is not told a second time", async () => {
  working();
  limited(ANN, "resets in 2h");
  await it.clock.pass(3_600_000);
  it.observe({ type: "turn.started", agent: ANN }, { type: "agent.changed", agent: ANN, activity: "busy" });
  expect(agent()?.limit).toBeUndefined();
  await it.clock.pass(7_200_000);
  expect([told(), it.facts("limit.ended")]).toEqual([[], []]);
});

test("F8 a limit that names no end is tried again after a quarter of an hour, as long as it lasts", async () => {
  working();
  limited(ANN, "API Error: Request rejected (429)");
  expect(agent()?.limit).toEqual({ until: it.clock.now() + 900_000, isKnown: false });
  await it.clock.pass(905_000);
  expect(told()).toHaveLength(1);
  limited(ANN, "API Error: Request rejected (429)");
  await it.clock.pass(905_000);
  expect(told()).toHaveLength(2);
});

test("F8 who has nothing more to do is not woken; the lead is", async () => {
  working();
  it.observe({ type: "job.finished", job: ANN, outcome: "completed", reason: "" });
  limited(ANN, "resets in 1h");
  const { agent: _, ...hire } = hireOf(LEAD);
  it.dispatch({ do: "summon", hire });
  it.open(LEAD);
  limited(LEAD, "resets in 1h");
  await it.clock.pass(3_605_000);
  expect([told(), told(LEAD).length, agent()?.activity]).toEqual([[], 1, "idle"]);
});

test("F8 a limit counts for all agents of its account, and for no other", () => {
  working();
  limited(ANN, "resets in 1h");
  expect(limitOf(limitedAccounts(it.state), { driver: "standin" })).toBe(it.clock.now() + 3_600_000);
  expect(limitOf(limitedAccounts(it.state), { driver: "claude" })).toBeUndefined();
  it.observe({ type: "terminal.exited", agent: ANN, incarnation: 1, code: 0, signal: null });
  expect(limitOf(limitedAccounts(it.state), { driver: "standin" })).toBeUndefined();
});

test("F8 limits.resume: false: at the end of its limit a person is asked, once, and it goes on when that person says so", async () => {
  it.observe({ type: "config.loaded", changes: { resumesLimits: false } });
  working();
  limited(ANN, "resets in 2h");
  await it.clock.pass(7_205_000);
  expect([agent()?.activity, told(), it.facts("limit.passed").length]).toEqual(["limited", [], 1]);
  expect(it.state.notices.at(-1)?.text).toBe(`the usage limit of ${ANN} is over; muster resume ${ANN} lets it go on`);
  await it.clock.pass(7_200_000);
  expect([agent()?.activity, it.facts("limit.passed").length]).toEqual(["limited", 1]);
  expect(limitOf(limitedAccounts(it.state), hireOf("c0000003"))).toBeDefined();
  it.dispatch({ do: "unlimit", agent: ANN });
  await it.settle();
  expect([agent()?.activity, told().length]).toEqual(["idle", 1]);
  expect(() => it.dispatch({ do: "unlimit", agent: ANN })).toThrow(`agent ${ANN} waits for no usage limit`);
  expect(() => it.dispatch({ do: "unlimit", agent: "ffffffff" })).toThrow("no agent ffffffff");
});

test("F8 an agent whose limit is over goes on by itself as soon as limits.resume is true again", async () => {
  it.observe({ type: "config.loaded", changes: { resumesLimits: false } });
  working();
  limited(ANN, "resets in 2h");
  await it.clock.pass(7_205_000);
  it.observe({ type: "config.loaded", changes: {} });
  await it.settle();
  expect(agent()?.activity).toBe("idle");
});
