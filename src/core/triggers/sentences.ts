import { nameOf, plain, quiet, type Sayings } from "../saying.ts";
import { actionWords } from "./actions.ts";
import type { TriggerFact } from "./facts.ts";

export const TRIGGER_SAYINGS: Sayings<TriggerFact["type"]> = {
  "trigger.added": ({ trigger: { name, type, condition } }) => ({ ...plain(`new: ${type} ${condition}`), who: name }),
  "trigger.edited": ({ trigger: { name, type, condition } }) => ({ ...plain(`now: ${type} ${condition}`), who: name }),
  "trigger.removed": ({ name }) => ({ ...plain("is removed"), who: name }),
  "trigger.toggled": ({ name, isOn }) => ({ ...plain(`is ${isOn ? "on" : "off"}`), who: name }),
  "trigger.crossed": ({ name, isTrue }) => ({ ...quiet(`its condition is ${isTrue}`), who: name }),
  "trigger.fired": ({ name, why, action }) => ({ ...plain(`fired (${why}): ${actionWords(action)}`), who: name }),
  "trigger.skipped": ({ name, reason }) => ({ ...quiet(`did nothing: ${reason}`), who: name }),
  "approval.asked": ({ approval, name, why, action }) => ({
    ...{ tone: "warn", who: approval },
    text: `${name} (${why}) wants to ${actionWords(action)}`,
  }),
  "approval.decided": ({ approval, decision, decider, comment }, state) => {
    const tone = decision === "approve" ? "good" : decision === "reject" ? "bad" : "warn";
    const what =
      decision === "expired"
        ? "expired"
        : `${decision === "approve" ? "approved" : "rejected"} by ${nameOf(state, decider)}`;
    return { tone, who: approval, text: comment ? `${what}: ${comment}` : what };
  },
  "mode.created": ({ mode }) => ({ ...plain(`new mode with ${mode.triggers.length} triggers`), who: mode.name }),
  "mode.deleted": ({ name }) => ({ ...plain("the mode is deleted"), who: name }),
  "mode.activated": ({ name, triggers }) => ({ ...plain(`is active: ${triggers.length} triggers`), who: name }),
  "mode.deactivated": ({ name }) => ({ ...plain("is not active any more; the triggers before are back"), who: name }),
  "pulse.switched": ({ isOn }) => ({ ...plain(isOn ? "beats" : "stands still"), who: "pulse" }),
};
