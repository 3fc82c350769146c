import type { Event, FactType } from "./facts.ts";
import { type Mid, sourceOf } from "./ids.ts";
import { CLOSED_KEPT, type Message, type MessageState, type State, table } from "./state.ts";

type Family = Extract<FactType, `message.${string}`>;
type Fold<T extends FactType> = (state: State, event: Event<T>) => void;

const onMessage =
  <T extends FactType>(change: (message: Message, event: Event<T> & { mid: Mid }, state: State) => void): Fold<T> =>
  (state, event) => {
    const known = event as Event<T> & { mid: Mid };
    const message = state.messages[known.mid];
    if (message) change(message, known, state);
  };

/** Ends a message; the oldest closed ones leave the memory (they stay in the log). */
function close(state: State, message: Message, end: MessageState, reason: string): void {
  const wasClosed = message.state !== "queued" && message.state !== "typing";
  message.state = end;
  message.reason = reason;
  if (wasClosed) return;
  state.closed.push(message.mid);
  if (state.closed.length > 2 * CLOSED_KEPT) forget(state);
}

/** Rebuilds the messages without the oldest closed ones: deleting them one by one from a record is ten times slower. */
function forget(state: State): void {
  const old = new Set(state.closed.splice(0, CLOSED_KEPT));
  state.messages = table(Object.entries(state.messages).filter(([mid]) => !old.has(mid)));
}

/** Remembers a source and what came from it. */
export function accept(state: State, origin: string): void {
  state.accepted[origin] = true;
  state.accepted[sourceOf(origin)] = true;
}

const FOLDS: { [T in Family]: Fold<T> } = {
  "message.queued": (state, event) => {
    state.accepted[event.mid] = true;
    if (event.origin) accept(state, event.origin);
    if (event.number > 0) state.numbers[event.to] = event.number;
    state.messages[event.mid] = {
      mid: event.mid,
      seq: event.seq,
      at: event.at,
      from: event.from,
      to: event.to,
      kind: event.kind,
      number: event.number,
      size: event.size,
      preview: event.preview,
      team: event.team,
      urgent: event.urgent ?? false,
      state: "queued",
      reason: "",
      attempt: 0,
      incarnation: 0,
      nextAt: 0,
      isRead: false,
    };
    if (event.covers) state.messages[event.mid]!.covers = event.covers;
  },
  "message.stored": onMessage((message, event) => {
    message.path = event.path;
  }),
  "message.waiting": onMessage((message, event) => {
    message.reason = event.reason;
    if (!event.isWithdrawn) return;
    message.attempt -= 1;
    if (message.attempt === 0) message.state = "queued";
  }),
  "message.typing": onMessage((message, event) => {
    message.state = "typing";
    if (event.attempt === 1) message.typedAt = event.at;
    message.attempt = event.attempt;
    message.incarnation = event.incarnation;
    message.nextAt = event.nextAt;
    message.reason = "";
  }),
  "message.delivered": onMessage((message, event, state) => {
    message.evidence = event.evidence;
    message.deliveredAt = event.at;
    close(state, message, "delivered", "");
    const rhythm = state.rhythms[message.to];
    if (rhythm) rhythm.deliveredAt = event.at;
  }),
  "message.uncertain": onMessage((message, event, state) => close(state, message, "uncertain", event.reason)),
  "message.died": onMessage((message, event, state) => close(state, message, "dead", event.reason)),
  "message.read": onMessage((message) => {
    message.isRead = true;
  }),
  "message.nacked": onMessage((message) => {
    message.nacks = (message.nacks ?? 0) + 1;
    message.isRead = message.nacks > 1;
  }),
  "message.restored": onMessage((message) => {
    message.isRestored = true;
    message.isRead = false;
  }),
  "message.answered": onMessage((message, event) => {
    message.answer = event.answer;
  }),
  "message.held": onMessage((message, { rule, reason, until }) => {
    message.held = { rule, reason, until };
  }),
  "message.released": onMessage((message) => {
    delete message.held;
  }),
};

/** Facts about messages on their way. */
export function foldMessage(state: State, event: Event): void {
  (FOLDS as Record<string, Fold<FactType> | undefined>)[event.type]?.(state, event);
}
