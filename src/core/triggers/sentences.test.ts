import { expect, test } from "bun:test";
import type { Event } from "../facts.ts";
import { sentence } from "../sentence.ts";
import { emptyState } from "../state.ts";
import { actionWords } from "./actions.ts";
import type { TriggerFact, TriggerSpec } from "./facts.ts";

/** `tone who: text` of a fact. */
function said(fact: TriggerFact): string {
  const { tone, who, text } = sentence({ ...fact, seq: 1, at: 1, by: "system" } as Event, emptyState());
  return `${tone} ${who}: ${text}`;
}

const action = { do: "notify", message: "look" } as const;
const trigger: TriggerSpec = {
  ...{ name: "nightly", type: "cron", condition: "0 3 * * *", action },
  ...{ autonomy: "auto", cooldown: 0, isOn: true },
};

test("what becomes of a trigger is said under its name", () => {
  expect(said({ type: "trigger.added", trigger })).toBe("plain nightly: new: cron 0 3 * * *");
  expect(said({ type: "trigger.edited", trigger })).toBe("plain nightly: now: cron 0 3 * * *");
  expect(said({ type: "trigger.removed", name: "nightly" })).toBe("plain nightly: is removed");
  expect(said({ type: "trigger.toggled", name: "nightly", isOn: true })).toBe("plain nightly: is on");
  expect(said({ type: "trigger.toggled", name: "nightly", isOn: false })).toBe("plain nightly: is off");
  expect(said({ type: "trigger.crossed", name: "many", isTrue: true })).toBe("quiet many: its condition is true");
  expect(said({ type: "trigger.fired", name: "nightly", why: "03:00", action, chain: [] })).toBe(
    `plain nightly: fired (03:00): ${actionWords(action)}`,
  );
  expect(said({ type: "trigger.skipped", name: "nightly", reason: "no lead" })).toBe(
    "quiet nightly: did nothing: no lead",
  );
});

test("what a person is asked, and what they decide, is said under its number", () => {
  const asked = { approval: "ap-1", name: "nightly", why: "03:00", action, chain: [], until: 9 };
  expect(said({ type: "approval.asked", ...asked })).toBe(`warn ap-1: nightly (03:00) wants to ${actionWords(action)}`);
  const decided = (decision: "approve" | "reject" | "expired", comment?: string) =>
    said({ type: "approval.decided", approval: "ap-1", decider: "user", decision, ...(comment ? { comment } : {}) });
  expect(decided("approve")).toBe("good ap-1: approved by you");
  expect(decided("reject")).toBe("bad ap-1: rejected by you");
  expect(decided("reject", "not now")).toBe("bad ap-1: rejected by you: not now");
  expect(decided("expired")).toBe("warn ap-1: expired");
});

test("modes and the pulse are said, too", () => {
  const mode = { name: "night", description: "", triggers: [trigger, trigger] };
  expect(said({ type: "mode.created", mode })).toBe("plain night: new mode with 2 triggers");
  expect(said({ type: "mode.deleted", name: "night" })).toBe("plain night: the mode is deleted");
  expect(said({ type: "mode.activated", name: "night", triggers: [trigger] })).toBe(
    "plain night: is active: 1 triggers",
  );
  expect(said({ type: "mode.deactivated", name: "night" })).toBe(
    "plain night: is not active any more; the triggers before are back",
  );
  expect(said({ type: "pulse.switched", isOn: true })).toBe("plain pulse: beats");
  expect(said({ type: "pulse.switched", isOn: false })).toBe("plain pulse: stands still");
});
