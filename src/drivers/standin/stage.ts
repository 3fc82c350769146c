import type { Outcome } from "./hooks.ts";
import type { Options } from "./options.ts";
import type { Rule } from "./scenario.ts";
import type { Session } from "./session.ts";

/** The answer to a dialog. */
export interface Answer {
  isAllowed: boolean;
  reason: string;
}

/** What a turn may use of the program around it. */
export interface Stage {
  options: Options;
  session: Session;
  rules: Rule[];
  /** Adds lines to the log on the screen. */
  show(text: string): void;
  /** Hears what the model says. */
  said?(text: string): void;
  /** Runs the hooks of an event; asynchronous ones are only started. */
  fire(event: string, more: Record<string, unknown>, subject?: string, signal?: AbortSignal): Promise<Outcome[]>;
  /** Opens a dialog and waits for the keyboard or a hook, whoever is first. */
  ask(tool: string, input: Record<string, unknown>): Promise<Answer>;
  /** What it has cost so far; the status line tells it. */
  charge(cost: number): void;
  /** Ends the program at once, without any clean-up. */
  crash(how: number | string): void;
}

/** The person pressed Escape. */
export class Interrupted extends Error {}

/** The turn failed as a whole; `kind` is Claude Code's word for it. */
export class TurnFailure extends Error {
  constructor(
    readonly kind: string,
    message: string,
  ) {
    super(message);
  }
}
