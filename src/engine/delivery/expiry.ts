import { type Command, observe } from "../../core/commands.ts";
import type { Mid, Millis } from "../../core/ids.ts";
import type { Clock } from "../../core/ports.ts";
import { isOpen, type Message, type State } from "../../core/state.ts";
import type { Performed, Reactor } from "../reactor.ts";

export interface ExpiryWorld {
  clock: Clock;
  state(): State;
  record(command: Command): void;
  /** Takes the inbox file of a message back that was never typed. Harmless when it is gone. */
  withdraw(message: Message): Promise<void>;
}

/** A daemon that was away for a day lets its messages be delivered first. */
const REPRIEVE_MS = 600_000;

const inHours = (ms: Millis): string => `${Math.round(ms / 360_000) / 10} h`;

/** Since when a message could have been delivered; null = not yet: its recipient never had a terminal (A8, A39). */
function waitingSince({ agents, jobs }: State, { to, at }: Message): Millis | null {
  const agent = agents[to];
  const isWaiting = agent?.incarnation === 0 && jobs[agent.job ?? ""]?.outcome === undefined && agent.job !== undefined;
  return isWaiting ? null : Math.max(at, agent?.openedAt ?? 0);
}

/** A message that could not be delivered within its lifetime is given up, with what kept it (reliability F19). */
export class ExpiryReactor implements Reactor<Message> {
  readonly name = "expiry";
  private readonly earliest: Millis;

  constructor(
    private readonly world: ExpiryWorld,
    private readonly lifetimeMs: Millis,
  ) {
    this.earliest = world.clock.now() + Math.min(REPRIEVE_MS, lifetimeMs);
  }

  /** The one that has waited longest: no other ends before it. */
  pending(state: State): Map<Mid, Message> {
    let oldest: { message: Message; since: Millis } | undefined;
    for (const message of Object.values(state.messages)) {
      const since = isOpen(message) ? waitingSince(state, message) : null;
      if (since !== null && (!oldest || since < oldest.since)) oldest = { message, since };
    }
    return new Map(oldest ? [[oldest.message.mid, oldest.message]] : []);
  }

  async perform({ mid }: Message): Promise<Performed> {
    const { clock } = this.world;
    const message = this.world.state().messages[mid];
    const since = message && isOpen(message) ? waitingSince(this.world.state(), message) : null;
    if (!message || since === null) return {};
    const left = Math.max(since + this.lifetimeMs, this.earliest) - clock.now();
    if (left > 0) return { again: left };
    const because = message.reason ? `: ${message.reason}` : "";
    if (message.state === "typing") {
      const reason = `typed, and not seen to arrive within ${inHours(this.lifetimeMs)}${because}`;
      return { commands: [observe({ type: "message.uncertain", mid, reason })] };
    }
    const reason = `not delivered within ${inHours(this.lifetimeMs)}${because}`;
    // First the end, which nothing comes between: what is being typed meanwhile finds it closed.
    this.world.record(observe({ type: "message.died", mid, reason }));
    await this.world.withdraw(message);
    return {};
  }
}
