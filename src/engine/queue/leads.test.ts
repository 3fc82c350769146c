import { afterEach, beforeEach, expect, test } from "bun:test";
import { QueueLab } from "../../../test/fakes/queue-lab.ts";
import { Seeded } from "../../../test/simulation/random.ts";
import { type AgentId, LEAD } from "../../core/ids.ts";
import { leaderOf } from "../../core/lead/state.ts";
import { leadTask } from "../../core/queue/state.ts";

const SECOND = "orch-2";
const OF_LEAD = { isDirect: false };

let it: QueueLab;
beforeEach(() => {
  it = new QueueLab();
});
afterEach(() => it.end());

/** Which tasks were given to this lead, oldest first. */
const given = (lead: AgentId): number[] =>
  it.facts("queue.started").flatMap(({ agent, task }) => (agent === lead ? [task] : []));

/** The program of a lead dies; it is started again, and told where it stands. */
async function dies(lead: AgentId): Promise<void> {
  const incarnation = it.state.agents[lead]?.incarnation ?? 0;
  it.observe({ type: "terminal.exited", agent: lead, incarnation, code: null, signal: 9 });
  await it.settle();
}

async function returns(lead: AgentId): Promise<void> {
  it.open(lead, (it.state.agents[lead]?.incarnation ?? 0) + 1);
  it.observe({ type: "lead.resumed", lead, mid: "m-again" });
  await it.settle();
}

async function concludes(lead: AgentId): Promise<void> {
  const { task = 0 } = leadTask(it.state.queue, lead) ?? {};
  it.dispatch({ do: "conclude", task, outcome: "completed", result: `by ${lead}` }, { kind: "agent", agent: lead });
  await it.settle();
}

test("A60 two leads share one queue: each gets one task at a time, the next in the moment it is free", async () => {
  await it.lead();
  await it.lead(SECOND);
  for (const prompt of ["one", "two", "three"]) await it.add(prompt, OF_LEAD);
  expect([given(LEAD), given(SECOND), it.shown]).toEqual([[1], [2], "1 2 at work, 3 waiting"]);
  expect(it.told(SECOND)[0]).toStartWith("SYSTEM: New task from queue (#2):\ntwo\n");
  await concludes(SECOND);
  expect([given(SECOND), it.task(2).result]).toEqual([[2, 3], "by orch-2"]);
});

test("A60 what one lead says is done ends its own task, and its silence or its death no other's", async () => {
  await it.lead();
  await it.lead(SECOND);
  for (const prompt of ["one", "two"]) await it.add(prompt, OF_LEAD);
  await it.turn("Task done", SECOND);
  expect([it.task(1).state, it.task(2).state]).toEqual(["processing", "completed"]);
  await it.turn("thinking");
  await it.clock.pass(70_000);
  expect(it.facts("queue.asked")).toMatchObject([{ task: 1 }]);
  expect(it.told()[1]).toStartWith("SYSTEM: Is #1 finished?");
  await it.add("three", OF_LEAD);
  await dies(SECOND);
  expect([it.task(1).state, it.task(3).interruptions]).toEqual(["processing", 1]);
});

test("A60 the task of a lead that died goes to the one that is there, unless it is for the other's tags", async () => {
  await it.lead();
  await it.lead(SECOND, ["docs"]);
  await it.add("write docs", { ...OF_LEAD, tags: ["docs"] });
  await it.add("anything", OF_LEAD);
  await concludes(LEAD);
  await dies(SECOND);
  expect([given(LEAD), it.shown]).toEqual([[2], " at work, 1 waiting"]);
  await returns(SECOND);
  expect([given(SECOND), it.shown]).toEqual([[1, 1], "1 at work,  waiting"]);
});

test("A60 50 tasks, two leads, the one that leads dies at random: the other leads at once, each task is done once, by its tags", async () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    await it.end();
    it = new QueueLab();
    await night(new Seeded(seed));
  }
});

const TAGS: Record<AgentId, string> = { [LEAD]: "backend", [SECOND]: "docs" };

/** The lead that leads dies over its task; the other one leads from then on. */
async function leaderDies(): Promise<void> {
  const leader = leaderOf(it.state);
  await dies(leader);
  expect(leaderOf(it.state)).not.toBe(leader);
  await returns(leader);
  expect(leaderOf(it.state)).not.toBe(leader);
}

/** Any lead that has a task ends it. */
async function oneConcludes(random: Seeded): Promise<void> {
  const working = [LEAD, SECOND].filter((lead) => leadTask(it.state.queue, lead));
  await concludes(working[random.upTo(working.length)] ?? LEAD);
}

async function night(random: Seeded): Promise<void> {
  await it.lead(LEAD, ["backend"]);
  await it.lead(SECOND, ["docs"]);
  for (let n = 0; n < 50; n += 1) await it.add(`task ${n}`, { ...OF_LEAD, tags: [["backend"], ["docs"], []][n % 3] });
  let deaths = 0;
  while (it.state.queue.open.length > 0) {
    const task = leadTask(it.state.queue, leaderOf(it.state));
    const isDeath = random.chance(0.3) && task?.interruptions === 0;
    deaths += Number(isDeath);
    await (isDeath ? leaderDies() : oneConcludes(random));
  }
  expect(deaths).toBeGreaterThan(5);
  const over = it.facts("queue.finished").map(({ task }) => task);
  expect([over.length, new Set(over).size]).toEqual([50, 50]);
  expect(Object.values(it.state.queue.tasks).filter(({ state }) => state !== "completed")).toEqual([]);
  for (const { task, agent } of it.facts("queue.started"))
    expect([task, it.task(task).order.tags?.[0] ?? TAGS[agent]]).toEqual([task, TAGS[agent]]);
  expect(it.facts("queue.started")).toHaveLength(50 + it.facts("queue.returned").length);
}
