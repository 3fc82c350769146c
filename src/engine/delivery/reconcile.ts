import type { Activity, FactOf } from "../../core/facts.ts";
import type { Mid, Millis } from "../../core/ids.ts";
import { marksIn } from "../../core/mark.ts";
import { isOnlyOurs, isSameText } from "./typed-text.ts";

/** What one look at an agent shows. */
export interface Sight {
  isAlive: boolean;
  activity: Activity;
  incarnation: number;
  isDialog: boolean;
  /** null = the composer is not visible. */
  composer: string | null;
  /** Nothing is on its way to the program that it has not read. */
  isDrained: boolean;
}

/** What delivery reports of a message. */
export type DeliveryFact = FactOf<"message.typing" | "message.waiting" | "message.delivered" | "message.uncertain">;

/** One effect or question. The daemon performs it on the world, the simulation on a model of it. */
export type Step =
  | { do: "look" }
  | { do: "now" }
  | { do: "transcript"; mid: Mid }
  /** Incarnation that left a receipt; null = none. */
  | { do: "receipt"; mid: Mid }
  | { do: "revoke"; mid: Mid }
  /** Answers whether it became true: false = somebody else closed the message meanwhile. */
  | { do: "record"; fact: DeliveryFact }
  /** Keeps other typists away from this terminal until `release`. */
  | { do: "lease" }
  | { do: "release" }
  | { do: "paste"; text: string }
  | { do: "enter" }
  | { do: "clear" }
  /** Let the program draw what it got. */
  | { do: "settle" };

interface Replies {
  look: Sight;
  now: Millis;
  transcript: boolean;
  receipt: number | null;
  record: boolean;
}

type Reply<S extends Step> = S["do"] extends keyof Replies ? Replies[S["do"]] : undefined;
type Run<T> = Generator<Step, T, unknown>;

function* ask<S extends Step>(step: S): Run<Reply<S>> {
  return (yield step) as Reply<S>;
}

/**
 * The guards of the contract, each of which `muster prove --mutate` and the simulation can take away to show what it is
 * good for. Empty in every other run.
 */
export const GUARDS = [
  "look",
  "verify",
  "drafts",
  "dialogs",
  "drain",
  "transcript",
  "receipt",
  "intent",
  "stale",
  "grace",
  "living",
  "wanted",
] as const;
export type Guard = (typeof GUARDS)[number];

export interface Delivery {
  mid: Mid;
  text: string;
  state: "queued" | "typing";
  attempt: number;
  /** Incarnation of the latest attempt. */
  incarnation: number;
  /** Earliest time of the next attempt. */
  nextAt: Millis;
  mayQueue: boolean;
  receipt: "hook" | "transcript" | "none";
}

export interface Contract {
  without: ReadonlySet<Guard>;
  /** Longer than the prompt hook's own time limit (5 s): a slow receipt is still a receipt. */
  graceMs: Millis;
  attempts: number;
  /** How long a taken prompt may be missing from the transcript of an idle CLI. */
  patienceMs: Millis;
}

/** `wait` = nothing to do now, with the reason a person is told; `touched` = we typed, look again soon. */
export type Outcome =
  | { end: "closed" }
  | { end: "wait"; reason: string; until?: Millis }
  | { end: "touched"; until: Millis };

/** Its end is no fact and no output: it is looked for often. */
export const UNREAD = "the program has not read its input";

const waitFor = (reason: string, until?: Millis): Outcome => ({ end: "wait", reason, until });

/** Why nothing may be typed now; null = it may. */
function obstacle(sight: Sight, mayQueue: boolean, without: ReadonlySet<Guard>): string | null {
  if (!sight.isAlive) return "the agent is not running";
  if (without.has("dialogs")) return null;
  if (sight.isDialog || sight.activity === "waiting") return "a dialog of the CLI is open";
  if (sight.activity === "idle" || (sight.activity === "busy" && mayQueue)) return null;
  return sight.activity === "busy" ? "the agent is busy" : `the agent is ${sight.activity}`;
}

/** A prompt that the CLI took and never wrote down, although it is idle again: nobody can say what became of it. */
function* overdue({ mid, nextAt }: Delivery, sight: Sight, { patienceMs }: Contract): Run<Outcome> {
  const now = yield* ask({ do: "now" });
  if (sight.activity !== "idle" || now < nextAt + patienceMs)
    return waitFor("the prompt was taken; its transcript line is awaited");
  const reason = "the CLI took the prompt, and its transcript never showed it";
  yield* ask({ do: "record", fact: { type: "message.uncertain", mid, reason } });
  return { end: "closed" };
}

/** Has it arrived already, as far as evidence tells? No transcript has what was never typed: the intent is in the log before. */
function* evidence(delivery: Delivery, sight: Sight, contract: Contract): Run<Outcome | null> {
  const { mid, attempt } = delivery;
  const { without } = contract;
  const mayBeThere = attempt > 0 || without.has("intent");
  if (mayBeThere && !without.has("look") && (yield* ask({ do: "transcript", mid }))) {
    yield* ask({ do: "record", fact: { type: "message.delivered", mid, evidence: "transcript" } });
    return { end: "closed" };
  }
  if (without.has("receipt")) return null;
  const receipt = yield* ask({ do: "receipt", mid });
  if (receipt === null) return null;
  if (without.has("transcript")) {
    yield* ask({ do: "record", fact: { type: "message.delivered", mid, evidence: "receipt" } });
    return { end: "closed" };
  }
  if (sight.isAlive && receipt === sight.incarnation && !without.has("living"))
    return yield* overdue(delivery, sight, contract);
  yield* ask({ do: "revoke", mid });
  return null;
}

/** Enter, if the composer holds exactly our text at this moment. The lease is ours. */
function* enter(delivery: Delivery, contract: Contract): Run<void> {
  const { without } = contract;
  const sight = yield* ask({ do: "look" });
  const isOurs = sight.composer !== null && isSameText(sight.composer, delivery.text);
  const isSafe = obstacle(sight, delivery.mayQueue, without) === null && isOurs;
  if ((isSafe && (sight.isDrained || without.has("drain"))) || without.has("verify")) yield* ask({ do: "enter" });
}

/** The composer held our text a moment ago: submit it, if it still does. */
function* submit(delivery: Delivery, contract: Contract): Run<Outcome> {
  yield* ask({ do: "lease" });
  yield* enter(delivery, contract);
  yield* ask({ do: "release" });
  const now = yield* ask({ do: "now" });
  return { end: "touched", until: now + contract.graceMs };
}

/** May our text be pasted at this very moment? */
function isFree(sight: Sight, before: Sight, delivery: Delivery, without: ReadonlySet<Guard>): boolean {
  const isEmpty = sight.composer === "" || without.has("drafts") || without.has("look");
  const isReady = obstacle(sight, delivery.mayQueue, without) === null && sight.incarnation === before.incarnation;
  return isReady && isEmpty && (sight.isDrained || without.has("drain"));
}

/** Under one lease: writes the intent down, looks once more, pastes, and submits what it sees arrive. */
function* type(delivery: Delivery, before: Sight, contract: Contract): Run<Outcome> {
  const { without, graceMs } = contract;
  const { mid, attempt, mayQueue } = delivery;
  yield* ask({ do: "lease" });
  const nextAt = (yield* ask({ do: "now" })) + graceMs;
  const intent: DeliveryFact = {
    type: "message.typing",
    mid,
    attempt: attempt + 1,
    incarnation: before.incarnation,
    nextAt,
  };
  if (!without.has("intent")) {
    const isWanted = yield* ask({ do: "record", fact: intent });
    if (!isWanted && !without.has("wanted")) {
      yield* ask({ do: "release" });
      return waitFor("nobody wants it delivered any more");
    }
  }
  const last = yield* ask({ do: "look" });
  if (isFree(last, before, delivery, without)) yield* paste(delivery, contract);
  else if (!without.has("intent")) {
    const reason = obstacle(last, mayQueue, without) ?? "somebody types there";
    yield* ask({ do: "record", fact: { type: "message.waiting", mid, reason, isWithdrawn: true } });
    yield* ask({ do: "release" });
    return waitFor(reason);
  }
  yield* ask({ do: "release" });
  if (without.has("intent")) yield* ask({ do: "record", fact: intent });
  const now = yield* ask({ do: "now" });
  return { end: "touched", until: now + graceMs };
}

function* paste(delivery: Delivery, contract: Contract): Run<void> {
  yield* ask({ do: "paste", text: delivery.text });
  yield* ask({ do: "settle" });
  yield* enter(delivery, contract);
}

/** What the composer allows when it is not empty; null = it is, go on. */
function* composed(delivery: Delivery, composer: string, contract: Contract): Run<Outcome | null> {
  const { without } = contract;
  const isTyping = delivery.state === "typing";
  if (isTyping && isSameText(composer, delivery.text)) return yield* submit(delivery, contract);
  if (isOnlyOurs(composer) && !without.has("stale")) {
    yield* ask({ do: "lease" });
    const last = yield* ask({ do: "look" });
    const isStill = last.composer !== null && isOnlyOurs(last.composer) && last.isDrained && !last.isDialog;
    if (isStill) yield* ask({ do: "clear" });
    yield* ask({ do: "release" });
    yield* ask({ do: "settle" });
    const now = yield* ask({ do: "now" });
    return isTyping ? { end: "touched", until: now + contract.graceMs } : { end: "touched", until: now };
  }
  if (without.has("drafts")) return null;
  const reason = "a person's draft stands in the composer";
  // Only a draft that holds our text may still be submitted with it; any other shows that our text has left the composer.
  const isMixed = marksIn(composer.replace(/\s+/g, "")).includes(delivery.mid);
  if (!isTyping || !isMixed) return waitFor(reason);
  const now = yield* ask({ do: "now" });
  return waitFor(reason, now + contract.graceMs);
}

/** Given up: says so instead of guessing. */
function* giveUp(delivery: Delivery, contract: Contract): Run<Outcome | null> {
  const { mid, attempt, receipt } = delivery;
  if (attempt > 0 && receipt !== "hook") {
    const reason = "typed once; this CLI gives no receipt, so it is not typed again";
    yield* ask({ do: "record", fact: { type: "message.uncertain", mid, reason } });
    return { end: "closed" };
  }
  if (attempt < contract.attempts) return null;
  const reason = `typed ${attempt} times without a receipt`;
  yield* ask({ do: "record", fact: { type: "message.uncertain", mid, reason } });
  return { end: "closed" };
}

/**
 * Brings the oldest open message of an agent one step further. Every line reads the world again, so after a crash anywhere
 * the answer is to run it again. Order of evidence and rules: docs/reliability.md.
 */
export function* reconcile(delivery: Delivery, contract: Contract): Run<Outcome> {
  const { without } = contract;
  const sight = yield* ask({ do: "look" });
  const arrived = yield* evidence(delivery, sight, contract);
  if (arrived) return arrived;
  const reason = obstacle(sight, delivery.mayQueue, without);
  if (reason) return waitFor(reason);
  const now = yield* ask({ do: "now" });
  const isTyping = delivery.state === "typing";
  if (!sight.isDrained && !without.has("drain")) {
    // Whoever is slow to read is slow to draw what it read: nothing is typed again for twice as long.
    return waitFor(UNREAD, isTyping ? now + 2 * contract.graceMs : undefined);
  }
  if (sight.composer === null && !without.has("look")) return waitFor("the composer is not visible");
  if (sight.composer && !without.has("look")) {
    const blocked = yield* composed(delivery, sight.composer, contract);
    if (blocked) return blocked;
  }
  if (now < delivery.nextAt) return waitFor("a receipt may still come", delivery.nextAt);
  const ended = yield* giveUp(delivery, contract);
  return ended ?? (yield* type(delivery, sight, contract));
}
