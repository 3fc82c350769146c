import { afterEach, beforeEach, expect, test } from "bun:test";
import { ANN, BOB, hireOf } from "../../../test/fakes/history.ts";
import { House } from "../../../test/fakes/house.ts";
import { DAEMON, LEAD, PERSON } from "../../core/ids.ts";
import type { TriggerSpec } from "../../core/triggers/facts.ts";
import { why } from "../../core/why.ts";
import { jobRule } from "../rules.ts";
import { PulseReactor } from "./reactor.ts";
import { triggerRules } from "./rules.ts";

let it: House;
beforeEach(() => {
  it = new House([jobRule, ...triggerRules]);
  pulse();
});
afterEach(() => it.end());

/** A daemon's pulse; another one is another daemon. */
const pulse = () =>
  it.run(
    new PulseReactor({
      clock: it.clock,
      state: () => it.state,
      dispatch: (command) => void it.dispatch(command, DAEMON),
      zone: "UTC",
    }) as never,
  );

const task = { do: "queue_task", prompt: "go", priority: 0, cwd: "/r", direct: false } as const;
const SPEC: TriggerSpec = {
  ...{ name: "t", type: "event", condition: "job_failed", autonomy: "auto", cooldown: 0, isOn: true },
  action: { do: "notify", message: "look" },
};
async function add(more: Partial<TriggerSpec>): Promise<void> {
  it.dispatch({ do: "trigger", trigger: { ...SPEC, ...more } });
  await it.settle();
}
/** Time passes beat by beat. */
async function beats(count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) await it.clock.pass(10_000);
}
const notices = (): string[] => it.state.notices.map(({ text }) => text);
const fails = (agent: string): void => {
  it.start(agent);
  it.observe({ type: "job.finished", job: agent, outcome: "failed", reason: "rc=3" });
};
const fired = () => it.facts("trigger.fired");
const because = (name = "t"): string => why(it.state, name, [], { now: it.clock.now(), zone: "UTC" })?.because ?? "";
function lead(): void {
  const { agent: _, ...hire } = hireOf(LEAD);
  it.dispatch({ do: "summon", hire });
  it.open(LEAD);
}

test("A68 A70 an event fires its trigger in the same moment, with what happened in its texts", async () => {
  await add({ action: { do: "notify", message: "{{job.id}} failed: {{job.error}} {{job.nothing}}" } });
  fails(ANN);
  expect(notices()).toEqual([`${ANN} failed: rc=3 (no job.nothing)`]);
  expect(fired()[0]).toMatchObject({ name: "t", why: "job_failed", chain: ["t"] });
});

test("A68 each of the nine events fires", async () => {
  const events = [
    ...["job_created", "job_updated", "job_completed", "job_failed", "hook_event", "orchestrator_status_change"],
    ...["orchestrator_context_warn", "queue_update", "pulse_tick"],
  ];
  for (const event of events) await add({ name: event.replaceAll("_", "-"), condition: event, cooldown: 3600 });
  fails(ANN);
  it.start(BOB);
  it.observe(
    { type: "agent.changed", agent: BOB, activity: "idle" },
    { type: "job.finished", job: BOB, outcome: "completed", reason: "" },
    { type: "hook.heard", agent: BOB, event: "Stop", row: 1 },
    { type: "lead.warned", percent: 70 },
  );
  lead();
  it.dispatch({ do: "enqueue", order: { prompt: "x", priority: 0, after: [], cwd: "/r", isDirect: true, retries: 0 } });
  await it.clock.pass(10_000);
  expect(new Set(fired().map(({ name }) => name))).toEqual(new Set(events.map((event) => event.replaceAll("_", "-"))));
});

test("A68 a filter lets only what it means through", async () => {
  await add({ name: "is", condition: `job_failed where job.error == "rc=3"` });
  await add({ name: "not", condition: "job_failed where job.error != rc=3" });
  await add({ name: "none", condition: "job_failed where job.colour == red" });
  fails(ANN);
  expect(fired().map(({ name }) => name)).toEqual(["is"]);
});

test("A72 a cooldown counts from the last firing, and a new daemon keeps it", async () => {
  await add({ cooldown: 60 });
  fails(ANN);
  await it.clock.pass(59_000);
  fails(BOB);
  expect([fired().length, because()]).toEqual([1, "its cooldown lasts another 1 s"]);
  await it.clock.pass(1000);
  fails("c0000003");
  expect(fired()).toHaveLength(2);
});

test("A71 F33 A-fault 10: confirm asks for exactly this, once per trigger; a person's yes does it once", async () => {
  await add({ autonomy: "confirm", action: { ...task, prompt: "fix {{job.id}}" } });
  for (const agent of [ANN, BOB, "c0000003"]) fails(agent);
  const [approval, ...others] = Object.values(it.state.triggers.approvals);
  expect([others, it.state.queue.open, approval?.action]).toEqual([[], [], { ...task, prompt: `fix ${ANN}` }]);
  expect(notices()).toEqual([`${approval?.id} waits for you: muster approvals`]);
  it.dispatch({ do: "approve", approval: approval?.id ?? "", decision: "approve" });
  expect(it.state.queue.tasks[1]?.preview).toBe(`fix ${ANN}`);
  expect(() => it.dispatch({ do: "approve", approval: approval?.id ?? "", decision: "reject" })).toThrow(
    "approved by user at",
  );
  expect(it.state.queue.last).toBe(1);
  expect(() => it.dispatch({ do: "approve", approval: "A-9", decision: "approve" })).toThrow("no approval A-9");
});

test("A71 F33 what nobody decides within a day expires, and what its trigger asked for goes with it", async () => {
  await add({ autonomy: "confirm" });
  fails(ANN);
  await it.clock.pass(24 * 3_600_000);
  const [first] = Object.values(it.state.triggers.approvals);
  expect(first?.decided?.decision).toBe("expired");
  expect(() => it.dispatch({ do: "approve", approval: first?.id ?? "", decision: "approve" })).toThrow("it expired at");
  fails(BOB);
  it.dispatch({ do: "untrigger", name: "t" });
  const second = Object.values(it.state.triggers.approvals)[1];
  expect([second?.decided?.decision, second?.decided?.comment]).toEqual(["expired", "its trigger is gone"]);
});

test("A71 only a person decides; the lead adds triggers that ask first, and no others", () => {
  lead();
  const asLead = { kind: "agent", agent: LEAD } as const;
  const adding = (more: Partial<TriggerSpec>) => () =>
    it.dispatch({ do: "trigger", trigger: { ...SPEC, ...more } }, asLead);
  expect(adding({ autonomy: "auto" })).toThrow("may not trigger");
  adding({ autonomy: "confirm" })();
  fails(ANN);
  const [approval] = Object.keys(it.state.triggers.approvals);
  expect(() => it.dispatch({ do: "approve", approval: approval ?? "", decision: "approve" }, asLead)).toThrow(
    "may not approve",
  );
  expect(() => it.dispatch({ do: "mode", act: "activate", name: "sprint" }, asLead)).toThrow("may not mode");
  it.dispatch({ do: "mode", act: "activate", name: "maintenance" }, asLead);
  expect(it.state.triggers.active).toBe("maintenance");
});

test("A66 A-fault 11: what comes by the clock comes once at each time, whatever the cooldown", async () => {
  await add({ type: "cron", condition: "* * * * *", cooldown: 5 });
  await beats(30);
  expect(fired()).toHaveLength(5);
  expect(new Set(fired().map(({ due }) => due)).size).toBe(5);
});

test("A66 F14 what was missed while no daemon ran is left out and said, or made up for once", async () => {
  await add({ name: "none", type: "cron", condition: "0 * * * *" });
  await add({ name: "once", type: "cron", condition: "0 * * * *", catchUp: true });
  it.dispatch({ do: "pulse", isOn: false });
  await it.clock.pass(5 * 3_600_000);
  expect(fired()).toEqual([]);
  it.dispatch({ do: "pulse", isOn: true });
  await it.settle();
  expect(fired().map(({ name }) => name)).toEqual(["once"]);
  expect(because("none")).toMatch(/^missed at .*T\d\d:00:00\.000Z: nobody looked then$/);
  await beats(360);
  expect(fired().map(({ name }) => name)).toEqual(["once", "none", "once"]);
});

test("A67 a threshold fires when it is crossed, and again only after it was false; what nobody knows crosses nothing", async () => {
  await add({ type: "threshold", condition: "queue_depth >= 2" });
  await add({ name: "u", type: "threshold", condition: "context_used_pct > 0" });
  const queue = (count: number) => {
    for (let n = 0; n < count; n += 1)
      it.dispatch({
        do: "enqueue",
        order: { prompt: "x", priority: 0, after: [], cwd: "/r", isDirect: false, retries: 0 },
      });
  };
  queue(1);
  await it.clock.pass(20_000);
  expect([fired(), because()]).toEqual([[], "queue_depth is 1"]);
  queue(1);
  await it.settle();
  expect(fired().map(({ why: reason }) => reason)).toEqual(["queue_depth is 2"]);
  await it.clock.pass(60_000);
  expect(fired()).toHaveLength(1);
  it.dispatch({ do: "withdraw", task: 1 });
  await it.settle();
  queue(1);
  await it.settle();
  expect([fired().length, because("u")]).toEqual([2, "nobody knows context_used_pct"]);
});

test("A67 with repeat it fires again after each cooldown; a crossing within one waits for its end", async () => {
  await add({ type: "threshold", condition: "active_agents < 1", repeat: true, cooldown: 60 });
  await beats(13);
  expect(fired()).toHaveLength(3);
});

test("A69 F34 a trigger is not set off by itself, and a chain of three ends, said once", async () => {
  await add({ condition: "queue_update where event.change == added", action: task });
  it.dispatch({ do: "enqueue", order: { prompt: "x", priority: 0, after: [], cwd: "/r", isDirect: true, retries: 0 } });
  expect([fired().length, it.state.queue.last]).toEqual([1, 2]);
  it.dispatch({ do: "untrigger", name: "t" });
  for (const name of ["a", "b", "c", "d"])
    await add({ name, condition: "queue_update where event.change == added", action: task });
  it.dispatch({ do: "enqueue", order: { prompt: "y", priority: 0, after: [], cwd: "/r", isDirect: true, retries: 0 } });
  expect(Math.max(...fired().map(({ chain }) => chain.length))).toBe(3);
  expect(it.facts("trigger.skipped").length).toBeGreaterThan(0);
});

test("A70 what cannot be done is said and not forgotten", async () => {
  await add({ name: "say", action: { do: "inject_prompt", prompt: "look" } });
  await add({ name: "queue", action: { do: "inject_prompt", prompt: "look" }, ifDown: "queue" });
  await add({ name: "clear", action: { do: "clear_context" } });
  await add({ name: "wake", action: { do: "start_orchestrator" } });
  fails(ANN);
  expect([because("say"), because("clear")]).toEqual(["the lead is not there", "the lead is not running"]);
  expect(it.state.queue.tasks[1]?.preview).toBe("look");
  expect(notices().at(-1)).toContain("no lead was ever started");
  lead();
  fails(BOB);
  expect(it.state.agents[LEAD]?.controls.map(({ action }) => action)).toEqual(["clear"]);
  expect(because("wake")).toBe("the lead is there already");
});

test("A26 A27 what is wrong of a trigger is refused whole, and what stands may be changed and switched", async () => {
  const adding = (more: Partial<TriggerSpec>) => () => it.dispatch({ do: "trigger", trigger: { ...SPEC, ...more } });
  expect(adding({ condition: "job_exploded" })).toThrow("job_exploded is no event");
  expect(adding({ type: "threshold", condition: "mood > 3" })).toThrow("mood is no metric");
  expect(adding({ type: "threshold", condition: "queue_depth" })).toThrow("is no threshold");
  expect(adding({ type: "cron", condition: "61 * * * *" })).toThrow("minute: 61");
  expect(adding({ name: "No Way" })).toThrow("is no name of a trigger");
  expect(adding({ cooldown: -1 })).toThrow("cooldown -1");
  await add({});
  expect(adding({})).toThrow("there is a trigger t");
  it.dispatch({ do: "toggle", name: "t" });
  fails(ANN);
  expect([fired(), because()]).toEqual([[], "it is switched off"]);
  it.dispatch({ do: "toggle", name: "t" });
  it.dispatch({ do: "trigger", trigger: { ...SPEC, condition: "job_completed" }, isEdit: true });
  fails(BOB);
  expect(fired()).toEqual([]);
  expect(() => it.dispatch({ do: "untrigger", name: "x" })).toThrow("no trigger x");
});

test("A75 A-fault 12: a mode takes the place of one's own triggers, and gives them back as they were", async () => {
  await add({ name: "mine", cooldown: 7 });
  fails(ANN);
  const before = JSON.stringify(it.state.triggers.all);
  it.dispatch({ do: "mode", act: "activate", name: "sprint" });
  expect(Object.keys(it.state.triggers.all)).toEqual([
    "sprint-queue-check",
    "sprint-low-capacity",
    "sprint-high-queue",
  ]);
  it.dispatch({ do: "mode", act: "activate", name: "dev" });
  it.dispatch({ do: "deactivate" });
  expect(JSON.stringify(it.state.triggers.all)).toBe(before);
  expect(() => it.dispatch({ do: "deactivate" })).toThrow("no mode is active");
});

test("A75 A76 a mode can be made of what there is; presets stay", async () => {
  await add({ name: "mine" });
  it.dispatch({ do: "mode", act: "create", name: "nights" });
  it.dispatch({ do: "mode", act: "create", name: "bare", isEmpty: true });
  it.dispatch({ do: "untrigger", name: "mine" });
  it.dispatch({ do: "mode", act: "activate", name: "nights" });
  expect(Object.keys(it.state.triggers.all)).toEqual(["mine"]);
  for (const [act, name, said] of [
    ["create", "sprint", "there is a mode sprint"],
    ["delete", "sprint", "comes with Muster"],
    ["delete", "nights", "is active"],
    ["activate", "x", "no mode x"],
  ] as const)
    expect(() => it.dispatch({ do: "mode", act, name })).toThrow(said);
  it.dispatch({ do: "mode", act: "delete", name: "bare" }, PERSON);
  expect(Object.keys(it.state.triggers.modes)).toEqual(["nights"]);
});

test("A73 A30 the pulse beats while there is something to do, and as a person wants", async () => {
  await beats(6);
  await add({ condition: "pulse_tick" });
  await beats(3);
  expect(fired()).toHaveLength(4);
  it.dispatch({ do: "pulse", isOn: false });
  await beats(6);
  expect(fired()).toHaveLength(4);
});
