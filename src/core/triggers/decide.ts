import type { CommandOf } from "../commands.ts";
import type { Fact } from "../facts.ts";
import { addressOf, type Principal, SYSTEM } from "../ids.ts";
import { Refusal } from "../refusal.ts";
import { addressName, type State } from "../state.ts";
import { parseCondition } from "./condition.ts";
import type { ModeSpec, TriggerSpec } from "./facts.ts";
import { presetNamed } from "./presets.ts";
import type { Approval, Trigger } from "./state.ts";

const NAME = /^[a-z0-9][a-z0-9-]{0,40}$/;
const LONGEST_COOLDOWN = 31 * 86_400;

function requireName(what: string, name: string): void {
  if (!NAME.test(name))
    throw new Refusal("usage", `${name} is no name of a ${what}`, "small letters, digits and dashes");
  // No address of the API may end in what every object has, so nothing could be done with it afterwards.
  if (name in Object.prototype) throw new Refusal("usage", `${name} is no name of a ${what}`, "take another word");
}

export function triggerNamed({ triggers }: State, name: string): Trigger {
  const known = Object.hasOwn(triggers.all, name) ? triggers.all[name] : undefined;
  if (known) return known;
  throw new Refusal("missing", `no trigger ${name}`, `there are: ${Object.keys(triggers.all).join(", ") || "none"}`);
}

function checked(trigger: TriggerSpec): TriggerSpec {
  requireName("trigger", trigger.name);
  parseCondition(trigger.type, trigger.condition);
  const { cooldown } = trigger;
  if (!Number.isSafeInteger(cooldown) || cooldown < 0 || cooldown > LONGEST_COOLDOWN)
    throw new Refusal("usage", `cooldown ${cooldown} is not a number of seconds`, `0 to ${LONGEST_COOLDOWN}`);
  return trigger;
}

/** Adds a trigger, or changes one that is there (`isEdit`). */
export function trigger(state: State, { trigger: spec, isEdit }: CommandOf<"trigger">): Fact[] {
  const known = Object.hasOwn(state.triggers.all, spec.name);
  if (isEdit) triggerNamed(state, spec.name);
  else if (known)
    throw new Refusal("state", `there is a trigger ${spec.name}`, `muster trigger edit ${spec.name}, or another name`);
  return [{ type: isEdit ? "trigger.edited" : "trigger.added", trigger: checked(spec) }];
}

const openFor = ({ triggers }: State, names: string[]): Approval[] =>
  Object.values(triggers.approvals).filter(({ name, decided }) => !decided && names.includes(name));

/** What a removed trigger asked for is not asked any more. */
const expired = (state: State, names: string[]): Fact[] =>
  openFor(state, names).map(({ id }) => ({
    ...{ type: "approval.decided", approval: id, decision: "expired", decider: SYSTEM, comment: "its trigger is gone" },
  }));

export function untrigger(state: State, { name }: CommandOf<"untrigger">): Fact[] {
  triggerNamed(state, name);
  return [{ type: "trigger.removed", name }, ...expired(state, [name])];
}

export function toggle(state: State, { name, isOn }: CommandOf<"toggle">): Fact[] {
  const known = triggerNamed(state, name);
  const wanted = isOn ?? !known.isOn;
  return known.isOn === wanted ? [] : [{ type: "trigger.toggled", name, isOn: wanted }];
}

/** Decides about a frozen action, once. */
export function approve(state: State, command: CommandOf<"approve">, by: Principal): Fact[] {
  const { approval: id, decision, comment } = command;
  const known = Object.hasOwn(state.triggers.approvals, id) ? state.triggers.approvals[id] : undefined;
  if (!known) throw new Refusal("missing", `no approval ${id}`, "muster approvals lists them");
  if (known.decided) {
    const { decision: was, by: whom, at } = known.decided;
    const who =
      was === "expired" ? "it expired" : `${was}d by ${addressName(state, whom)}`.replace("rejectd", "rejected");
    throw new Refusal("state", `${id}: ${who} at ${new Date(at).toISOString()}`, "nothing is left to decide");
  }
  return [{ type: "approval.decided", approval: id, decision, decider: addressOf(by), comment }];
}

export function modeNamed({ triggers }: State, name: string): ModeSpec {
  const known = presetNamed(name) ?? (Object.hasOwn(triggers.modes, name) ? triggers.modes[name] : undefined);
  if (known) return known;
  throw new Refusal("missing", `no mode ${name}`, "muster mode lists them");
}

const specOf = ({
  name,
  type,
  condition,
  action,
  autonomy,
  cooldown,
  isOn,
  repeat,
  catchUp,
  ifDown,
}: Trigger): TriggerSpec => ({
  ...{ name, type, condition, action, autonomy, cooldown, isOn, repeat, catchUp, ifDown },
});

export function mode(state: State, command: CommandOf<"mode">): Fact[] {
  const { name } = command;
  if (command.act === "create") {
    requireName("mode", name);
    if (presetNamed(name) || Object.hasOwn(state.triggers.modes, name) || name === "previous")
      throw new Refusal("state", `there is a mode ${name}`, "take another name");
    const triggers = command.isEmpty ? [] : Object.values(state.triggers.all).map(specOf);
    return [{ type: "mode.created", mode: { name, description: command.description ?? "", triggers } }];
  }
  const known = modeNamed(state, name);
  if (command.act === "activate") {
    if (state.triggers.active === name) return [];
    return [
      { type: "mode.activated", name, triggers: known.triggers },
      ...expired(state, Object.keys(state.triggers.all)),
    ];
  }
  if (presetNamed(name)) throw new Refusal("state", `${name} comes with Muster`, "only modes of your own are deleted");
  if (state.triggers.active === name) throw new Refusal("state", `${name} is active`, "muster mode deactivate first");
  return [{ type: "mode.deleted", name }];
}

export function deactivate({ triggers }: State): Fact[] {
  const { active } = triggers;
  if (active === undefined) throw new Refusal("state", "no mode is active", "muster mode activate NAME");
  return [{ type: "mode.deactivated", name: active }];
}

export function pulse({ triggers }: State, { isOn }: CommandOf<"pulse">): Fact[] {
  return triggers.pulse === isOn ? [] : [{ type: "pulse.switched", isOn }];
}
