import type { Fact, FactType } from "../../src/core/facts.ts";
import type { TriggerAction } from "../../src/core/triggers/actions.ts";
import type { TriggerSpec } from "../../src/core/triggers/facts.ts";
import { ANN } from "./history.ts";

const body = "the whole text";
const order = { priority: 0, after: [], cwd: "/r", isDirect: true, retries: 0 };
const TRIGGERED: TriggerAction[] = [
  { do: "queue_task", prompt: "go", priority: 0, cwd: "/r", direct: false },
  { do: "inject_prompt", prompt: "go on" },
  { do: "notify", message: "look" },
  { do: "clear_context" },
  { do: "start_orchestrator" },
];
const rule: TriggerSpec = {
  ...{ name: "night", type: "cron", condition: "0 2 * * *", autonomy: "confirm", cooldown: 60, isOn: true },
  action: { do: "notify", message: "look" },
};

type Army = Extract<
  FactType,
  `${"config" | "limit" | "lead" | "queue" | "trigger" | "approval" | "mode" | "pulse" | "worktree" | "device" | "push"}.${string}`
>;

/** Facts of the army, in the forms in which they are told differently. */
export const ARMY_FACTS: { [T in Army]: Omit<Extract<Fact, { type: T }>, "type">[] } = {
  "limit.reached": [
    { agent: ANN, until: 1_764_345_600_000, isKnown: true },
    { agent: ANN, until: 1_764_345_600_000, isKnown: false },
  ],
  "config.loaded": [{ changes: {} }, { changes: { silenceMinutes: 5, mayAutomate: true, limits: { maxRunning: 3 } } }],
  "limit.passed": [{ agent: ANN }],
  "limit.ended": [{ agent: ANN }],
  "device.added": [{ device: "d-0a1b2c3d", label: "Chrome on Android", known: ["queue"] }],
  "device.removed": [{ device: "d-0a1b2c3d", reason: "by you" }],
  "push.planned": [
    { push: "p-01234567", needs: ["queue"] },
    { push: "p-01234567", needs: ["queue", "question q-1"] },
  ],
  "push.sent": [{ push: "p-01234567", device: "d-0a1b2c3d" }],
  "push.dropped": [
    { push: "p-01234567", device: "d-0a1b2c3d", reason: "it is over" },
    { push: "p-01234567", device: "d-0a1b2c3d", reason: "web.push.apple.com answered 403" },
  ],
  "push.settled": [{ needs: ["queue"] }],
  "worktree.closed": [{ agent: ANN }, { agent: ANN, kept: "muster/x" }],
  "worktree.merged": [{ agent: ANN, commit: "abc1234", branch: "main" }],
  "trigger.added": [{ trigger: rule }],
  "trigger.edited": [{ trigger: rule }],
  "trigger.removed": [{ name: "night" }],
  "trigger.toggled": [{ name: "night", isOn: false }],
  "trigger.crossed": [{ name: "night", isTrue: true }],
  "trigger.fired": TRIGGERED.map((action) => ({ name: "night", why: "0 2 * * *", action, chain: ["night"] })),
  "trigger.skipped": [{ name: "night", reason: "the lead is not there" }],
  "approval.asked": [
    { approval: "A-1", name: "night", why: "x", action: rule.action, chain: [], until: 9 },
    {
      ...{ approval: "A-2", name: "permission rule", why: "Bash *", chain: [], until: 9 },
      action: { do: "answer_permission", agent: ANN, question: "q-1", tool: "Bash", input: '{"command":"ls"}' },
    },
  ],
  "approval.decided": [
    { approval: "A-1", decision: "approve", decider: "user" },
    { approval: "A-1", decision: "reject", decider: "user", comment: "no" },
    { approval: "A-1", decision: "expired", decider: "system" },
  ],
  "mode.created": [{ mode: { name: "nights", description: "", triggers: [rule] } }],
  "mode.deleted": [{ name: "nights" }],
  "mode.activated": [{ name: "nights", triggers: [rule] }],
  "mode.deactivated": [{ name: "nights" }],
  "pulse.switched": [{ isOn: true }, { isOn: false }],
  "lead.summoned": [{}, { lead: "orch-2", tags: ["docs"] }],
  "lead.retired": [{ reason: "enough" }],
  "lead.warned": [{ percent: 72 }],
  "lead.clearing": [{ percent: 85, control: "c" }],
  "lead.uncleared": [{ reason: "busy" }],
  "lead.resumed": [{ mid: "m-1" }],
  "lead.noted": [{ text: "main is red" }, { lead: "orch-2", text: "docs are old" }],
  "queue.added": [{ task: 1, order, preview: "do it", body }],
  "queue.started": [
    { task: 1, attempt: 1, agent: ANN },
    { task: 1, attempt: 2, agent: ANN },
  ],
  "queue.asked": [{ task: 1 }],
  "queue.returned": [
    { task: 1, reason: "rc=1", isInterrupted: false },
    { task: 1, reason: "tmux died", isInterrupted: true },
  ],
  "queue.finished": [
    { task: 1, outcome: "completed", result: "" },
    { task: 1, outcome: "failed", result: "rc=1" },
  ],
  "queue.cancelled": [{ task: 1, reason: "removed by user" }],
  "queue.retried": [{ task: 1 }],
  "queue.edited": [{ task: 1, priority: 5 }],
  "queue.tuned": [{ limits: { parallel: 5 } }],
};
