import { type Command, observe } from "../core/commands.ts";
import { decide } from "../core/decide.ts";
import type { Event } from "../core/facts.ts";
import { fold } from "../core/fold.ts";
import { addressOf, DAEMON, type Principal, type Seq } from "../core/ids.ts";
import type { Clock, Log } from "../core/ports.ts";
import { Refusal } from "../core/refusal.ts";
import { emptyState, type State } from "../core/state.ts";

/** Answers a fact with more commands, in the same transaction. Cheap and pure. */
export type Rule = (state: State, event: Event) => Command[];

/** Rules may answer each other's facts this often; deeper is a loop. */
const DEPTH_LIMIT = 8;

export interface Engine {
  readonly state: State;
  /** The one way to change anything. Returns the facts that became true; throws a Refusal when it cannot be granted. */
  dispatch(command: Command, by: Principal): Event[];
  /** Called after commit, in order. Returns the way to stop. */
  subscribe(listener: (events: Event[]) => void): () => void;
}

/** Folds a fact; whoever wants to see the log while it is read does more. */
export type Fold = (state: State, event: Event) => State;

/** Facts that are read at once: ten times as many take no less time, and 30 MB more. */
const PAGE = 1000;

/** Folds the whole log. 100,000 facts take some 110 ms (docs/performance.md). */
function replay(log: Log, step: Fold = fold): State {
  let state = emptyState();
  let seq: Seq = 0;
  for (;;) {
    const events = log.read(seq, PAGE);
    for (const event of events) state = step(state, event);
    const last = events.at(-1);
    if (!last) return state;
    seq = last.seq;
  }
}

/** One log, one state, one door. `step` folds what the log has already. */
export function openEngine(parts: { log: Log; clock: Clock; rules: Rule[]; step?: Fold }): Engine {
  const { log, clock, rules, step } = parts;
  const listeners = new Set<(events: Event[]) => void>();
  let state = replay(log, step);
  const unpublished: Event[][] = [];
  let isPublishing = false;

  /** Appends and folds one command's facts, then whatever the rules answer. */
  function apply(command: Command, by: Principal, cause: Seq | undefined, depth: number, done: Event[]): void {
    const facts = decide(state, command, by);
    if (facts.length === 0) return;
    const events = log.append(facts, clock.now(), addressOf(by), cause);
    for (const event of events) {
      state = fold(state, event);
      done.push(event);
    }
    for (const event of events) for (const rule of rules) answer(rule, event, depth, done);
  }

  function answer(rule: Rule, event: Event, depth: number, done: Event[]): void {
    for (const command of rule(state, event)) {
      if (depth >= DEPTH_LIMIT) throw new Error(`rules answer each other without end at ${event.type}`);
      try {
        apply(command, DAEMON, event.seq, depth + 1, done);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        const text = `a rule's ${command.do} was refused: ${error.message}`;
        apply(observe({ type: "notice.raised", level: "warning", text }), DAEMON, event.seq, depth + 1, done);
      }
    }
  }

  /**
   * Listeners may dispatch; their facts are published after the present ones, never inside. One that fails keeps no other
   * from hearing; its error is thrown at the end.
   */
  function publish(events: Event[]): void {
    unpublished.push(events);
    if (isPublishing) return;
    isPublishing = true;
    const errors: unknown[] = [];
    for (let next = unpublished.shift(); next; next = unpublished.shift()) {
      for (const listener of listeners) {
        try {
          listener(next);
        } catch (error) {
          errors.push(error);
        }
      }
    }
    isPublishing = false;
    if (errors.length > 0) throw errors[0];
  }

  return {
    get state() {
      return state;
    },
    dispatch(command, by) {
      const done: Event[] = [];
      try {
        log.transaction(() => apply(command, by, undefined, 0, done));
      } catch (error) {
        // The log was rolled back; a state that already folded some of its facts is rebuilt from it.
        if (done.length > 0) state = replay(log);
        throw error;
      }
      if (done.length > 0) publish(done);
      return done;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
