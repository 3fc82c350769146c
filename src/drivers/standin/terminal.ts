import { changes, draw, type Frame, type View } from "./frame.ts";
import { type Input, Keys } from "./keys.ts";

/** Milliseconds in which the rest of an escape sequence must follow. */
const ESCAPE = 20;

/** The real terminal: raw keys in, changed lines out. It answers no queries and asks none. */
export class Terminal {
  #keys = new Keys();
  #shown: Frame | null = null;
  #title = "";
  #isDue = false;
  #timer: Timer | undefined;

  /** Raw from the very start: a cooked terminal would turn an early Enter into LF. */
  constructor() {
    process.stdin.setRawMode(true);
    process.stdout.write("\x1b[?2004h");
  }

  /** Begins to read; what came before is still there. */
  open(onInput: (input: Input) => void, onResize: () => void, onEnd: () => void): void {
    process.stdout.write("\x1b[2J\x1b[H");
    process.stdout.on("resize", () => {
      this.#shown = null;
      process.stdout.write("\x1b[2J");
      onResize();
    });
    process.stdin.on("end", onEnd);
    process.stdin.on("data", (bytes: Buffer) => {
      clearTimeout(this.#timer);
      for (const input of this.#keys.feed(bytes)) onInput(input);
      if (this.#keys.isUndecided) this.#timer = setTimeout(() => this.#keys.flush().map(onInput), ESCAPE);
    });
  }

  /** Draws once for all changes of this moment. */
  refresh(view: () => View, title: () => string): void {
    if (this.#isDue) return;
    this.#isDue = true;
    setImmediate(() => {
      this.#isDue = false;
      const frame = draw(view(), process.stdout.columns || 80, process.stdout.rows || 24);
      const name = title() === this.#title ? "" : `\x1b]2;${title()}\x07`;
      this.#title = title();
      const out = name + changes(this.#shown, frame);
      this.#shown = frame;
      if (out !== "") process.stdout.write(out);
    });
  }

  /** Leaves the terminal as a shell expects it, with one last line. */
  close(line: string): void {
    process.stdout.write(`\x1b[?2004l\x1b[2J\x1b[H${line}\r\n`);
    process.stdin.setRawMode(false);
  }
}
