import type { Address, Millis } from "../ids.ts";
import type { AskedAction, TriggerAction } from "./actions.ts";
import type { TriggerType } from "./condition.ts";

/** A user's rule: when, what, and whether a person is asked first. */
export interface TriggerSpec {
  name: string;
  type: TriggerType;
  condition: string;
  action: TriggerAction;
  autonomy: "auto" | "confirm";
  /** Seconds after a firing in which it does not fire again. */
  cooldown: number;
  isOn: boolean;
  /** Threshold: again after each cooldown while it stays true. */
  repeat?: boolean;
  /** Cron: what was missed while no daemon ran is made up for, once. */
  catchUp?: boolean;
  /** inject_prompt while there is no lead: as a task, or not at all. */
  ifDown?: "queue" | "skip";
}

export interface ModeSpec {
  name: string;
  description: string;
  triggers: TriggerSpec[];
}

export type TriggerFact =
  | { type: "trigger.added"; trigger: TriggerSpec }
  | { type: "trigger.edited"; trigger: TriggerSpec }
  | { type: "trigger.removed"; name: string }
  | { type: "trigger.toggled"; name: string; isOn: boolean }
  /** A threshold became true, or false again. */
  | { type: "trigger.crossed"; name: string; isTrue: boolean }
  /** `chain`: the triggers that led to this, first to last. `due`: by the clock. */
  | { type: "trigger.fired"; name: string; why: string; action: TriggerAction; chain: string[]; due?: Millis }
  /** It was due and did nothing; said when its reason changes. */
  | { type: "trigger.skipped"; name: string; reason: string; due?: Millis }
  /** A person is asked about exactly this action. */
  | {
      type: "approval.asked";
      approval: string;
      name: string;
      why: string;
      action: AskedAction;
      chain: string[];
      until: Millis;
      due?: Millis;
    }
  | {
      type: "approval.decided";
      approval: string;
      decision: "approve" | "reject" | "expired";
      decider: Address;
      comment?: string;
    }
  | { type: "mode.created"; mode: ModeSpec }
  | { type: "mode.deleted"; name: string }
  /** Its triggers are the ones there are now; those before are kept. */
  | { type: "mode.activated"; name: string; triggers: TriggerSpec[] }
  | { type: "mode.deactivated"; name: string }
  | { type: "pulse.switched"; isOn: boolean };

/** Only the daemon sees these. */
export const TRIGGER_OBSERVED = [
  "trigger.crossed",
  "trigger.fired",
  "trigger.skipped",
  "approval.asked",
] as const satisfies readonly TriggerFact["type"][];
