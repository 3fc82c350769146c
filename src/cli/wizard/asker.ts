import type { Clock } from "../../core/ports.ts";

export interface AskOptions {
  /** After so many seconds nobody is waited for any longer. */
  seconds?: number;
  /** What is typed is not shown. */
  isHidden?: boolean;
}

/** Somebody at a terminal who can be asked. */
export interface Asker {
  /** What was typed, without its end; null = nothing came, in time or at all. */
  ask(question: string, options?: AskOptions): Promise<string | null>;
  say(text: string): void;
}

/** The parts of an asker. */
export interface AskerParts {
  /** Shows the question and resolves with one line, or null at the end of input; ends with the signal. */
  read(question: string, signal: AbortSignal, isHidden: boolean): Promise<string | null>;
  write(text: string): void;
  clock: Pick<Clock, "sleep">;
}

/** Asks on a terminal, and waits no longer than a question allows. */
export function askerOf({ read, write, clock }: AskerParts): Asker {
  return {
    say: (text) => write(`${text}\n`),
    async ask(question, { seconds, isHidden = false } = {}) {
      const [reading, waiting] = [new AbortController(), new AbortController()];
      const line = read(question, reading.signal, isHidden);
      if (seconds === undefined) return line;
      const late = clock.sleep(seconds * 1000, waiting.signal).then(
        () => "late" as const,
        () => null,
      );
      const first = await Promise.race([line.then((text) => ({ text })), late]);
      waiting.abort();
      if (first !== "late" && first !== null) return first.text;
      reading.abort();
      await line;
      write("\n");
      return null;
    },
  };
}
