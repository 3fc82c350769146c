import type { Environment } from "../core/environment.ts";
import { PER_MINUTE } from "../engine/delivery/hold.ts";
import type { Contract, Guard } from "../engine/delivery/reconcile.ts";
import { GUARDS } from "../engine/delivery/reconcile.ts";

/** Longer than the prompt hook's own limit of 5 s. */
const GRACE_MS = 8000;
const ATTEMPTS = 5;
const PATIENCE_MS = 60_000;
const LIFETIME_MS = 24 * 3_600_000;

const mutationsIn = (env: Environment): string[] => (env.MUSTER_MUTATE ?? "").split(",");

/** A proof may take the prompt hook away: then nothing leaves receipts, and repeats are not refused. */
export const isHookless = (env: Environment): boolean => mutationsIn(env).includes("hook");

/**
 * The delivery contract of this daemon. Only `muster prove` sets these variables, for a home of its own: a shorter grace, and
 * the guards to leave out, so that a proof can be refuted.
 */
export function contractFrom(env: Environment): Contract {
  const without = mutationsIn(env).filter((name): name is Guard => (GUARDS as readonly string[]).includes(name));
  const graceMs = without.includes("grace") ? 0 : Number(env.MUSTER_GRACE_MS ?? GRACE_MS);
  return { graceMs, attempts: ATTEMPTS, patienceMs: PATIENCE_MS, without: new Set(without) };
}

/** How long a message may wait to be delivered; a test makes it short, nobody else (reliability F19). */
export const lifetimeFrom = (env: Environment): number => Number(env.MUSTER_LIFETIME_MS ?? LIFETIME_MS);

/** Letters from one agent to another that are typed within a minute; a test that floods raises it, nobody else (security S39). */
export function paceFrom(env: Environment): number {
  const given = Number(env.MUSTER_LETTERS_PER_MINUTE ?? "");
  return given > 0 ? given : PER_MINUTE;
}
