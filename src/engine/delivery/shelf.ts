import { type Command, type Observation, observe } from "../../core/commands.ts";
import type { FaultPoint } from "../../core/fault-points.ts";
import type { Mid } from "../../core/ids.ts";
import { isOpen, type Message, type State } from "../../core/state.ts";

/** What putting a letter into an inbox needs of the world. */
export interface ShelfWorld {
  /** Dispatches at once: an intent must be in the log before the paste. False = it changed nothing. */
  record(command: Command): boolean;
  state(): State;
  body(message: Message): string;
  /** Writes the inbox file and returns its absolute path. Repeating it is harmless. */
  store(message: Message, text: string): Promise<string>;
  /** Called at named points; tests kill the process there. */
  faultPoint(name: FaultPoint): void;
}

/**
 * Puts letters into inboxes. That one lies there is owed to the log until the next fact of it is written down, with which it goes:
 * one commit less on its way. Whoever puts one there takes what is owed, or settles it.
 */
export class Shelf {
  private readonly owed = new Map<Mid, Observation>();

  constructor(private readonly world: ShelfWorld) {}

  /** The absolute path of the letter in its inbox. */
  async put(message: Message): Promise<string> {
    const { world } = this;
    const { mid } = message;
    if (message.path !== undefined) return message.path;
    const path = await world.store(message, world.body(message));
    world.faultPoint("letter.stored");
    this.owed.set(mid, { type: "message.stored", mid, path });
    return path;
  }

  /** What a nudge names lies in the inbox before it is named. */
  async putCovered(mid: Mid): Promise<void> {
    const message = this.world.state().messages[mid];
    if (!message || !isOpen(message)) return;
    await this.put(message);
    this.settle(mid);
  }

  /** For the caller to record before its own fact. */
  take(mid: Mid): Observation[] {
    const stored = this.owed.get(mid);
    this.owed.delete(mid);
    return stored ? [stored] : [];
  }

  /** Where no other fact followed, it is written down alone. */
  settle(mid: Mid): void {
    const stored = this.take(mid);
    if (stored.length > 0) this.world.record(observe(...stored));
  }
}
