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

/** Nobody's session: naming it is an error that says why. */
const NOBODY = "=the program has ended";

/**
 * This command, unless the program in its pane has ended; then it is refused as for a pane that is not there. tmux 3.3a looks
 * and acts in one step, and writes a paste for a dead pane through a null pointer, which ends the server and all agents.
 */
export const whileAlive = (pane: string, command: Command): Command => {
  const refusal: Command = ["has-session", "-t", NOBODY];
  return ["if-shell", "-F", "-t", pane, "#{pane_dead}", commandLine([refusal]), commandLine([command])];
};

/** Blocks in which a control-mode client answers these: `if-shell` has one, and what it chose another (seen in 3.3a). */
export const blocksOf = (commands: readonly Command[]): number =>
  commands.length + commands.filter(([name]) => name === "if-shell").length;
