import { Refusal } from "../core/refusal.ts";

const PLAIN = new Set(Buffer.from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 "));
const SPELLED = Array.from({ length: 256 }, (_, byte) =>
  PLAIN.has(byte) ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, "0")}`,
);

/**
 * A double-quoted word of tmux's command language in which every byte outside `[A-Za-z0-9 ]` is a backslash and three
 * octal digits: nothing is left to quote, expand or split, and no newline can begin another command (security S27).
 * NUL would end the word inside tmux and is refused.
 */
export function octal(text: string): string {
  let word = '"';
  for (const byte of Buffer.from(text)) {
    if (byte === 0) throw new Refusal("usage", "a NUL character cannot be sent to a terminal");
    word += SPELLED[byte];
  }
  return `${word}"`;
}

/** One tmux command: its name and its arguments, unquoted. */
export type Command = readonly [name: string, ...args: string[]];

const BARE = /^-?[A-Za-z]+(-[a-z]+)*$/;

/** Commands as one line for a control-mode client. Only our own command names and flags stand bare. */
export const commandLine = (commands: readonly Command[]): string =>
  commands.map((words) => words.map((word) => (BARE.test(word) ? word : octal(word))).join(" ")).join(" ; ");
