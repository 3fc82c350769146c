import type { Event } from "../facts.ts";
import type { State } from "../state.ts";
import type { TriggerFact, TriggerSpec } from "./facts.ts";
import { APPROVALS_KEPT, type Trigger, type Triggers } from "./state.ts";

type Step<T extends TriggerFact["type"]> = (triggers: Triggers, event: Event<T>) => void;

const fresh = (spec: TriggerSpec, addedAt: number): Trigger => ({ ...spec, addedAt, fired: 0, isTrue: false });
const table = (triggers: Trigger[]): Triggers["all"] => Object.fromEntries(triggers.map((one) => [one.name, one]));

const STEPS: { [T in TriggerFact["type"]]: Step<T> } = {
  "trigger.added": ({ all }, { trigger, at }) => {
    all[trigger.name] = fresh(trigger, at);
  },
  "trigger.edited": ({ all }, { trigger }) => {
    const known = all[trigger.name];
    if (known) all[trigger.name] = { ...known, ...trigger, isTrue: false };
  },
  "trigger.removed": ({ all }, { name }) => {
    delete all[name];
  },
  "trigger.toggled": ({ all }, { name, isOn, at }) => {
    const known = all[name];
    if (known) Object.assign(known, { isOn, isTrue: false, due: known.due === undefined ? undefined : at });
  },
  "trigger.crossed": ({ all }, { name, isTrue }) => {
    const known = all[name];
    if (known) known.isTrue = isTrue;
  },
  "trigger.fired": ({ all }, { name, at, due }) => {
    const known = all[name];
    if (!known) return;
    known.firedAt = at;
    known.fired += 1;
    known.due = due ?? known.due;
    known.skipped = undefined;
  },
  "trigger.skipped": ({ all }, { name, reason, at, due }) => {
    const known = all[name];
    if (!known) return;
    known.skipped = { reason, at };
    known.due = due ?? known.due;
  },
  "approval.asked": ({ all, approvals }, { approval: id, name, why, action, chain, at, until, due }) => {
    const asker = all[name];
    if (asker) Object.assign(asker, { firedAt: at, due: due ?? asker.due, skipped: undefined });
    approvals[id] = { id, name, why, action, chain, at, until };
    const over = Object.values(approvals).filter(({ decided }) => decided);
    for (const { id: old } of over.slice(0, Math.max(0, over.length - APPROVALS_KEPT))) delete approvals[old];
  },
  "approval.decided": ({ approvals }, { approval: id, decision, decider, comment, at }) => {
    const known = approvals[id];
    if (known) known.decided = { decision, by: decider, at, comment };
  },
  "mode.created": ({ modes }, { mode }) => {
    modes[mode.name] = mode;
  },
  "mode.deleted": ({ modes }, { name }) => {
    delete modes[name];
  },
  "mode.activated": (triggers, { name, triggers: specs, at }) => {
    triggers.previous ??= Object.values(triggers.all);
    triggers.active = name;
    triggers.all = table(specs.map((spec) => fresh(spec, at)));
  },
  "mode.deactivated": (triggers) => {
    triggers.all = table(triggers.previous ?? []);
    triggers.active = undefined;
    triggers.previous = undefined;
  },
  "pulse.switched": (triggers, { isOn }) => {
    triggers.pulse = isOn;
  },
};

export function foldTriggers(state: State, event: Event): void {
  const known = event as Event<TriggerFact["type"]>;
  (STEPS[known.type] as Step<TriggerFact["type"]> | undefined)?.(state.triggers, known);
}
