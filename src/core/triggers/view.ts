import type { Millis } from "../ids.ts";
import type { State } from "../state.ts";
import { actionWords } from "./actions.ts";
import { isOver, parseThreshold } from "./condition.ts";
import { nextFire, parseCron } from "./cron.ts";
import { hindrance } from "./firing.ts";
import { metricOf } from "./metrics.ts";
import { PRESETS } from "./presets.ts";
import type { Trigger } from "./state.ts";

/** What is told of a trigger. */
export interface TriggerRow {
  name: string;
  type: Trigger["type"];
  condition: string;
  action: string;
  autonomy: Trigger["autonomy"];
  cooldown: number;
  isOn: boolean;
  fired: number;
  firedAt?: Millis;
  /** Cron: when it is due. */
  next?: Millis;
  /** Why it does not fire now. */
  waits: string;
}

/** When and in which zone somebody looks. */
export interface Moment {
  now: Millis;
  zone: string;
}

function waitsFor(state: State, trigger: Trigger, { now }: Moment): string {
  const hindered = hindrance(state, trigger, now);
  if (hindered) return hindered;
  if (trigger.skipped && trigger.skipped.at >= (trigger.firedAt ?? 0)) return trigger.skipped.reason;
  if (trigger.type === "event") return "nothing of the kind has happened since";
  if (trigger.type === "cron") return "its time has not come";
  const threshold = parseThreshold(trigger.condition);
  const value = metricOf(state, threshold.metric, now);
  if (value === undefined) return `nobody knows ${threshold.metric}`;
  if (!isOver(threshold, value)) return `${threshold.metric} is ${value}`;
  return trigger.isTrue
    ? "it fired when this became true, and again only after it was false"
    : "the next pulse finds it";
}

export function triggerRow(state: State, trigger: Trigger, moment: Moment): TriggerRow {
  const { name, type, condition, action, autonomy, cooldown, isOn, fired, firedAt } = trigger;
  const next = type === "cron" && isOn ? nextFire(parseCron(condition), moment.now, moment.zone) : null;
  return {
    ...{ name, type, condition, action: actionWords(action), autonomy, cooldown, isOn, fired, firedAt },
    next: next ?? undefined,
    waits: waitsFor(state, trigger, moment),
  };
}

export const triggerRows = (state: State, moment: Moment): TriggerRow[] =>
  Object.values(state.triggers.all).map((trigger) => triggerRow(state, trigger, moment));

export interface ModeRow {
  name: string;
  description: string;
  triggers: string[];
  isPreset: boolean;
  isActive: boolean;
}

export function modeRows({ triggers }: State): ModeRow[] {
  const own = Object.values(triggers.modes);
  return [...PRESETS, ...own].map(({ name, description, triggers: specs }, n) => ({
    ...{ name, description, triggers: specs.map((spec) => spec.name) },
    isPreset: n < PRESETS.length,
    isActive: triggers.active === name,
  }));
}

/** Why a trigger did not fire, for `muster why`. */
export function whyTrigger(state: State, trigger: Trigger, moment: Moment) {
  const { name, type, condition, isOn } = trigger;
  const row = triggerRow(state, trigger, moment);
  const rule = `${type} ${condition}, at most every ${trigger.cooldown} s, ${trigger.autonomy}`;
  const change = isOn
    ? row.next
      ? `it is due at ${new Date(row.next).toISOString()}`
      : `muster trigger test ${name}`
    : `muster trigger toggle ${name}`;
  return { state: isOn ? "on" : "off", rule, because: row.waits, change };
}
