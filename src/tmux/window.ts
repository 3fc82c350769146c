import type { LayoutPart } from "./layout.ts";
import { sessionOf } from "./names.ts";

/** A program of ours in a team's window. `leaves`: when it ends well, the person leaves the window. */
interface ProgramPane {
  argv: string[];
  env: Record<string, string>;
  leaves?: boolean;
}

/** What runs in one part of a team's window: a program, or a view of an agent. */
export type WindowPane = { title?: string } & ({ agent: string } | ProgramPane);
export type WindowPanes = Partial<Record<LayoutPart, WindowPane>>;

export const titleOf = (pane: WindowPane): string => pane.title ?? ("agent" in pane ? pane.agent : pane.argv[0]) ?? "";

/** An agent that is started again gets a new session: its view attaches anew. */
const LOOK = 'while :; do env -u TMUX tmux -S "$0" -N attach -t "$1" 2>/dev/null; sleep 1; done';
/** A program that ends begins again: no pane is left dead. */
const AGAIN = 'trap : INT; while :; do "$@"; sleep 1; done';
const LEAVES = 'trap : INT; while :; do "$@" && tmux -S "$0" -N detach-client 2>/dev/null; sleep 1; done';

/** What a pane of a team's window runs, for ever. */
export function windowProgram(pane: WindowPane, socket: string): { argv: string[]; env: Record<string, string> } {
  const loop = (script: string, ...words: string[]) => ["/bin/sh", "-c", script, ...words];
  if ("agent" in pane) {
    const { PATH = "/usr/bin:/bin", HOME = "/", LANG = "C.UTF-8" } = process.env;
    return { argv: loop(LOOK, socket, `=${sessionOf(pane.agent)}`), env: { PATH, HOME, LANG } };
  }
  const { argv, env, leaves } = pane;
  return { argv: leaves ? loop(LEAVES, socket, ...argv) : loop(AGAIN, "sh", ...argv), env };
}
