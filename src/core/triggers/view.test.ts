import { beforeEach, expect, test } from "bun:test";
import { History, hireOf } from "../../../test/fakes/history.ts";
import { LEAD } from "../ids.ts";
import type { TriggerSpec } from "./facts.ts";
import { modeRows, triggerRow, triggerRows, whyTrigger } from "./view.ts";

const ACTION = { do: "notify", message: "look" } as const;
const SPEC: TriggerSpec = {
  ...{ name: "deep", type: "threshold", condition: "queue_depth >= 2", autonomy: "auto", cooldown: 60, isOn: true },
  action: ACTION,
};

let it: History;
beforeEach(() => {
  it = new History();
});

const moment = () => ({ now: it.at, zone: "UTC" });
const add = (more: Partial<TriggerSpec> = {}) => it.dispatch({ do: "trigger", trigger: { ...SPEC, ...more } });
const row = (name = "deep") => {
  const trigger = it.state.triggers.all[name];
  if (!trigger) throw new Error(`no trigger ${name}`);
  return triggerRow(it.state, trigger, moment());
};
const why = (name = "deep") => {
  const trigger = it.state.triggers.all[name];
  if (!trigger) throw new Error(`no trigger ${name}`);
  return whyTrigger(it.state, trigger, moment());
};
const fire = (name = "deep") => it.observe({ type: "trigger.fired", name, why: "so", action: ACTION, chain: [name] });

function enqueue(count: number): void {
  const order = { prompt: "go", priority: 0, after: [], cwd: "/r", isDirect: true, retries: 0 };
  for (let n = 0; n < count; n += 1) it.dispatch({ do: "enqueue", order });
}

test("A26 the row of a trigger says what it is and why it does not fire now", () => {
  add();
  expect(row()).toEqual({
    ...{ name: "deep", type: "threshold", condition: "queue_depth >= 2", action: "notify you: look", autonomy: "auto" },
    ...{ cooldown: 60, isOn: true, fired: 0, firedAt: undefined, next: undefined, waits: "queue_depth is 0" },
  });
  enqueue(2);
  expect(row().waits).toBe("the next pulse finds it");
});

test("A67 a threshold that fired waits for its cooldown, then until it was false", () => {
  add();
  enqueue(2);
  fire();
  expect([row().fired, row().firedAt, row().waits]).toEqual([
    1,
    it.events.at(-1)?.at,
    "its cooldown lasts another 60 s",
  ]);
  it.at += 61_000;
  it.observe({ type: "trigger.crossed", name: "deep", isTrue: true });
  expect(row().waits).toBe("it fired when this became true, and again only after it was false");
});

test("A67 what nobody knows is said so", () => {
  add({ condition: "context_used_pct >= 70" });
  expect(row().waits).toBe("nobody knows context_used_pct");
});

test("A68 an event waits for what it names, a trigger by the clock for its time", () => {
  add({ name: "ev", type: "event", condition: "job_failed" });
  add({ name: "night", type: "cron", condition: "0 2 * * *" });
  expect(row("ev").waits).toBe("nothing of the kind has happened since");
  expect(row("night").waits).toBe("its time has not come");
  const due = new Date(row("night").next ?? 0);
  expect([due.getUTCHours(), due.getUTCMinutes(), row("ev").next]).toEqual([2, 0, undefined]);
  expect(triggerRows(it.state, moment()).map(({ name }) => name)).toEqual(["ev", "night"]);
});

test("A26 one that is switched off has no time and says how it is switched on", () => {
  add({ name: "night", type: "cron", condition: "0 2 * * *", isOn: false });
  expect(row("night")).toMatchObject({ next: undefined, waits: "it is switched off" });
  expect(why("night")).toEqual({
    ...{ state: "off", rule: "cron 0 2 * * *, at most every 60 s, auto", because: "it is switched off" },
    change: "muster trigger toggle night",
  });
});

test("A26 why a trigger does not fire says when it is due, or how it is tried", () => {
  add({ name: "night", type: "cron", condition: "0 2 * * *" });
  add();
  expect(why("night")).toMatchObject({
    ...{ state: "on", because: "its time has not come" },
    change: `it is due at ${new Date(row("night").next ?? 0).toISOString()}`,
  });
  expect(why()).toEqual({
    ...{ state: "on", rule: "threshold queue_depth >= 2, at most every 60 s, auto", because: "queue_depth is 0" },
    change: "muster trigger test deep",
  });
});

test("A69 a firing that was left out is told with its reason, until it fires again", () => {
  add({ name: "ev", type: "event", condition: "job_failed", cooldown: 0 });
  it.at += 1000;
  it.observe({ type: "trigger.skipped", name: "ev", reason: "the chain ends here" });
  expect(row("ev").waits).toBe("the chain ends here");
  it.at += 1000;
  fire("ev");
  it.at += 1000;
  expect(row("ev").waits).toBe("nothing of the kind has happened since");
});

test("A67 seconds without work are counted while the lead is idle", () => {
  add({ condition: "idle_seconds >= 10" });
  const { agent: _, ...hire } = hireOf(LEAD);
  it.dispatch({ do: "summon", hire });
  it.open(LEAD);
  it.at += 4999 - (it.at - (it.state.agents[LEAD]?.since ?? 0));
  expect(row().waits).toBe("idle_seconds is 4");
  it.observe({ type: "agent.changed", agent: LEAD, activity: "busy" });
  expect(row().waits).toBe("nobody knows idle_seconds");
  it.observe({ type: "agent.changed", agent: LEAD, activity: "idle" });
  it.dispatch({ do: "retire", reason: "enough" });
  expect(row().waits).toBe("nobody knows idle_seconds");
});

test("A75 modes are the presets, then one's own, and say which is active", () => {
  add();
  it.dispatch({ do: "mode", act: "create", name: "own", description: "mine" });
  it.dispatch({ do: "mode", act: "activate", name: "own" });
  const rows = modeRows(it.state);
  expect(rows.map(({ name, isPreset, isActive }) => [name, isPreset, isActive])).toEqual([
    ["dev", true, false],
    ["maintenance", true, false],
    ["sprint", true, false],
    ["own", false, true],
  ]);
  expect(rows[0]?.triggers).toEqual(["dev-queue-check", "dev-health-report"]);
  expect(rows[3]).toMatchObject({ description: "mine", triggers: ["deep"] });
});
