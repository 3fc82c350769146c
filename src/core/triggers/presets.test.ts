import { expect, test } from "bun:test";
import { parseCondition } from "./condition.ts";
import { PRESETS, presetNamed } from "./presets.ts";

/** A trigger of a preset as it is told: when, how freely, how often, what. */
const told = (mode: string) =>
  presetNamed(mode)?.triggers.map(({ name, type, condition, autonomy, cooldown, isOn, action }) => [
    ...[name, type, condition, autonomy, cooldown, isOn, action.do],
    "prompt" in action ? action.prompt : "message" in action ? action.message : "",
  ]);

test("A75 three modes come with Muster, each with what it is for", () => {
  expect(PRESETS.map(({ name, description }) => [name, description])).toEqual([
    ["dev", "The lead looks after the queue while you work."],
    ["maintenance", "Housekeeping by night, each time with your consent."],
    ["sprint", "The queue is worked off as fast as agents allow."],
  ]);
  expect(presetNamed("other")).toBeUndefined();
});

test("A75 dev looks at the queue each quarter of an hour, and wants a report each half", () => {
  const [check, report] = [
    "Look at the queue and work on whatever is waiting.",
    "Report in brief: active agents, queue depth, context use.",
  ];
  expect(told("dev")).toEqual([
    ["dev-queue-check", "cron", "*/15 * * * *", "auto", 60, true, "inject_prompt", check],
    ["dev-health-report", "cron", "*/30 * * * *", "auto", 60, true, "inject_prompt", report],
  ]);
});

test("A75 maintenance works by night and on Mondays, and asks each time", () => {
  const cleanup = "Nightly maintenance: remove old jobs, check disk use, verify health.";
  const audit = "Weekly audit: go through finished jobs, sum up costs, name patterns.";
  expect(told("maintenance")).toEqual([
    ["maint-nightly-cleanup", "cron", "0 2 * * *", "confirm", 3600, true, "inject_prompt", cleanup],
    ["maint-weekly-audit", "cron", "0 8 * * 1", "confirm", 3600, true, "inject_prompt", audit],
  ]);
});

test("A75 sprint drives the queue, and says when too much waits for too few", () => {
  const check = "Look at the queue now; work through everything pending, highest priority first.";
  const few = "Few agents are running. Check the queue; if there is work, start more agents.";
  const high = "5 or more tasks are waiting. Scale up or set priorities.";
  expect(told("sprint")).toEqual([
    ["sprint-queue-check", "cron", "*/5 * * * *", "auto", 30, true, "inject_prompt", check],
    ["sprint-low-capacity", "threshold", "active_agents < 2", "auto", 120, true, "inject_prompt", few],
    ["sprint-high-queue", "threshold", "queue_depth >= 5", "auto", 300, true, "notify", high],
  ]);
});

test("A75 every condition of a preset can be read", () => {
  for (const { triggers } of PRESETS) for (const { type, condition } of triggers) parseCondition(type, condition);
});
