import type { Asker } from "../../src/cli/wizard/asker.ts";

/** Somebody at a terminal who answers from a list; null = does not answer in time. What was said and asked is kept. */
export class ScriptedAsker implements Asker {
  /** Everything that stood on the terminal; a hidden question ends in `(hidden)`, a timed one in its seconds. */
  readonly shown: string[] = [];

  constructor(private readonly answers: (string | null)[]) {}

  async ask(question: string, { seconds, isHidden }: { seconds?: number; isHidden?: boolean } = {}) {
    this.shown.push(`${question}${seconds === undefined ? "" : `${seconds}s`}${isHidden ? "(hidden)" : ""}`);
    const answer = this.answers.shift();
    if (answer === undefined) throw new Error(`nobody answers ${question}`);
    return answer;
  }

  say(text: string): void {
    this.shown.push(text);
  }

  /** Answers that nobody asked for. */
  get left(): number {
    return this.answers.length;
  }
}
