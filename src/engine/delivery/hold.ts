import { settingsOf } from "../../core/cadence/state.ts";
import { type Command, observe } from "../../core/commands.ts";
import type { AgentId, Mid, Millis } from "../../core/ids.ts";
import { addressName, isOpen, type Message, type State } from "../../core/state.ts";

/** Letters from one agent to another that are typed within a minute; more are held (security S39). */
export const PER_MINUTE = 30;
const MINUTE_MS = 60_000;
/** Two that answer each other for ever are held anew every minute: a person is told of it once in this time. */
const TOLD_MS = 600_000;

/**
 * Until when this letter waits because its author had as many typed to its reader as a minute takes; null = it does not.
 * A person's and System's messages are never held, and neither is what is being typed already.
 */
export function heldUntil(state: State, message: Message, now: Millis, perMinute: number): Millis | null {
  const { from, to, kind, attempt } = message;
  if (kind !== "letter" || attempt > 0 || !state.agents[from]) return null;
  const times: Millis[] = [];
  for (const other of Object.values(state.messages)) {
    const { typedAt } = other;
    if (typedAt !== undefined && typedAt > now - MINUTE_MS && other.from === from && other.to === to)
      times.push(typedAt);
  }
  const first = times.sort((left, right) => right - left)[perMinute - 1];
  return first === undefined ? null : first + MINUTE_MS;
}

/** What is typed before its conversation is cleared would be forgotten with it. */
export const isBeingCleared = ({ agents, jobs }: State, agent: AgentId): boolean =>
  jobs[agents[agent]?.job ?? ""]?.awaits !== undefined;

/**
 * Where a team wants each letter acknowledged: the one that is not yet, and until when the next waits for it. A nudge and what
 * was begun pass.
 */
export function awaitedAck(
  state: State,
  { to, kind, attempt }: Message,
  now: Millis,
): { mid: Mid; until: Millis } | null {
  const { delivery } = settingsOf(state, state.agents[to]?.hire.team).cli_profiles;
  if (!delivery.require_ack || kind === "nudge" || attempt > 0) return null;
  const patience = delivery.ack_timeout_seconds * 1000 * (1 + delivery.resend_attempts);
  const waiting = Object.values(state.messages).find(
    (message) =>
      message.to === to &&
      message.kind !== "nudge" &&
      message.state === "delivered" &&
      !message.isRead &&
      (message.deliveredAt ?? 0) + patience > now,
  );
  return waiting ? { mid: waiting.mid, until: (waiting.deliveredAt ?? 0) + patience } : null;
}

/** The open messages of each reader, in one look at all: with thousands of jobs that wait, one look for each is too slow. */
export function openByReader({ messages }: State): Map<AgentId, Message[]> {
  const readers = new Map<AgentId, Message[]>();
  for (const message of Object.values(messages)) {
    if (!isOpen(message)) continue;
    const own = readers.get(message.to);
    if (own) own.push(message);
    else readers.set(message.to, [message]);
  }
  return readers;
}

/**
 * The message whose turn it is among the open ones of a reader, of those that no rule of the team keeps back and no nudge brings
 * along: the one being typed, else the oldest, so that each sender's are typed in order. A held one lets others pass, or a flood
 * between agents would keep a person's words waiting.
 */
export function nextOpen(state: State, own: Message[], now: Millis, perMinute = PER_MINUTE): Message | undefined {
  const covered = new Set(own.flatMap(({ covers = [] }) => covers));
  const open = own.filter(({ held, mid }) => !held && !covered.has(mid));
  open.sort((left, right) => left.seq - right.seq);
  // What stands in the composer is finished before anything else is begun.
  const typing = open.find(({ state }) => state === "typing");
  if (typing) return typing;
  const held = new Set<string>();
  for (const message of open) {
    if (held.has(message.from)) continue;
    if (heldUntil(state, message, now, perMinute) === null) return message;
    held.add(message.from);
  }
  return open[0];
}

/** What a person is told of a flood, once. */
export function noticeOf(state: State, { from, to }: Message, now: Millis, perMinute: number): Command[] {
  const names = `${addressName(state, from)} wrote more than ${perMinute} letters to ${addressName(state, to)}`;
  const text = `${names} within a minute; the others wait their turn`;
  const isTold = state.notices.some((notice) => notice.text === text && notice.at > now - TOLD_MS);
  return isTold ? [] : [observe({ type: "notice.raised", level: "warning", text, about: from })];
}

/** While a team is paused, its letters come as far as the inboxes. */
export const isPaused = (state: State, agent: AgentId): boolean =>
  state.teams[state.agents[agent]?.hire.team ?? ""]?.paused !== undefined;

/** The oldest letter of an agent that does not lie in its inbox yet. */
export const unstored = (state: State, agent: AgentId): Message | undefined =>
  Object.values(state.messages).find(
    ({ to, state: is, path, held, kind }) => to === agent && is === "queued" && !path && !held && kind !== "nudge",
  );
