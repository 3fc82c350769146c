import { writeSync } from "node:fs";
import { typedAhead } from "./keys.ts";
import type { Size } from "./painter.ts";

/** Alternate screen, bracketed paste, and no wrapping: a row that a terminal takes for longer than we do stays one row. */
const OPEN = "\x1b[?1049h\x1b[?2004h\x1b[?7l";
const CLOSE = "\x1b[0m\x1b[?7h\x1b[?2004l\x1b[?25h\x1b[?1049l";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * What is read first, within two such times, was typed before the terminal was ours; nobody has seen the console yet. Two, because
 * what waited is read between them, however late the first one is.
 */
const AHEAD_MS = 100;

/** What a terminal tells. */
export interface Told {
  bytes(bytes: Uint8Array): void;
  resized(): void;
  /** It was closed, or a signal came. */
  gone(): void;
}

/** This process's terminal. However it is left, it is as it was found. */
export class OwnTerminal {
  private isOpen = false;
  private isFull = false;
  private told: Told | undefined;
  private isEarly = true;

  /** Takes the terminal over. */
  open(told: Told): void {
    this.told = told;
    this.isOpen = true;
    process.on("exit", this.close);
    for (const signal of SIGNALS) process.on(signal, told.gone);
    process.on("SIGCONT", told.resized);
    process.stdout.on("resize", told.resized);
    process.stdout.on("error", told.gone);
    process.stdin.once("data", this.takeFirst).on("end", told.gone).on("error", told.gone);
    process.stdin.setRawMode(true);
    setTimeout(() => setTimeout(() => this.settle(), AHEAD_MS).unref(), AHEAD_MS).unref();
    process.stdin.resume();
    process.stdout.write(OPEN);
  }

  get size(): Size {
    return { columns: process.stdout.columns || 80, rows: process.stdout.rows || 24 };
  }

  /** Nothing more is written while the terminal has not taken what it got. */
  get isBusy(): boolean {
    return this.isFull;
  }

  write(text: string): void {
    if (!this.isOpen || process.stdout.write(text)) return;
    this.isFull = true;
    process.stdout.once("drain", () => {
      this.isFull = false;
      this.told?.resized();
    });
  }

  private settle(): void {
    this.isEarly = false;
  }

  private readonly takeFirst = (bytes: Uint8Array): void => {
    if (!this.told) return;
    process.stdin.on("data", this.told.bytes);
    this.told.bytes(this.isEarly ? typedAhead(bytes) : bytes);
  };

  close = (): void => {
    if (!this.isOpen) return;
    this.isOpen = false;
    process.off("exit", this.close);
    // At once: the process may be about to end.
    try {
      writeSync(1, CLOSE);
      process.stdin.setRawMode(false);
    } catch {
      // The terminal is gone, and with it what had to be restored.
    }
    process.stdin.pause();
  };
}
