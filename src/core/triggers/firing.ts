import { type Command, observe } from "../commands.ts";
import type { Millis } from "../ids.ts";
import type { State } from "../state.ts";
import { withTexts } from "./actions.ts";
import { expanded } from "./condition.ts";
import type { Trigger } from "./state.ts";

/** An approval that nobody gives is void after so long. */
const APPROVAL_MS = 24 * 3_600_000;
/** Triggers that set off each other end here. */
const CHAIN_LIMIT = 3;

/** Why a trigger is due, and what its texts may name. */
export interface Cause {
  why: string;
  data?: unknown;
  /** The triggers that led here. */
  chain?: string[];
  due?: Millis;
}

/** What keeps a trigger from firing now, though its condition holds; null = nothing. */
export function hindrance(state: State, trigger: Trigger, now: Millis, chain: string[] = []): string | null {
  if (!trigger.isOn) return "it is switched off";
  const left = trigger.firedAt === undefined ? 0 : trigger.firedAt + trigger.cooldown * 1000 - now;
  if (left > 0) return `its cooldown lasts another ${Math.ceil(left / 1000)} s`;
  if (chain.includes(trigger.name)) return "it set this off itself";
  if (chain.length >= CHAIN_LIMIT) return `${chain.join(", ")} set this off one after the other: the chain ends here`;
  const open = Object.values(state.triggers.approvals).find(({ name, decided }) => name === trigger.name && !decided);
  return open ? `${open.id} waits for you` : null;
}

/** Fires, or asks a person first. Nothing where something hinders it; a chain that is too long is said. */
export function fire(state: State, trigger: Trigger, cause: Cause, now: Millis, id: string): Command[] {
  const { name, autonomy } = trigger;
  const { why, data, chain = [], due } = cause;
  const reason = hindrance(state, trigger, now, chain);
  if (reason !== null) {
    const isChain = chain.length >= CHAIN_LIMIT && trigger.skipped?.reason !== reason;
    return isChain || due !== undefined ? [observe({ type: "trigger.skipped", name, reason, due })] : [];
  }
  const action = withTexts(trigger.action, (text) => expanded(text, data));
  const links = [...chain, name];
  if (autonomy === "auto") return [observe({ type: "trigger.fired", name, why, action, chain: links, due })];
  const until = now + APPROVAL_MS;
  return [observe({ type: "approval.asked", approval: id, name, why, action, chain: links, until, due })];
}
