import type { PaneStatus } from "../core/ports.ts";
import { isAgentName } from "./names.ts";
import type { Command } from "./octal.ts";

/** User options are read plainly, never expanded. They are last: an agent can overwrite its own. */
const FORMAT =
  "#{pane_id} #{pane_pid} #{pane_dead} #{pane_pipe} s#{pane_dead_status} g#{pane_dead_signal} #{@muster_incarnation} #{@muster_agent}";
const ROW = /^(%\d+) (\d+) ([01]) ([01]) s(\d*) g(\d*) (\d{1,9}) (\S+)$/;

export const listCommand: Command = ["list-panes", "-a", "-F", FORMAT];

const number = (text: string | undefined): number | null => (text ? Number(text) : null);

/** One row; null for panes which Muster did not open, such as the keeper's or those an agent made. */
export function readPane(line: string): PaneStatus | null {
  const found = ROW.exec(line);
  if (!found || !isAgentName(found[8] ?? "")) return null;
  return {
    pane: found[1] ?? "",
    pid: Number(found[2]),
    isDead: found[3] === "1",
    isPiped: found[4] === "1",
    code: number(found[5]),
    signal: number(found[6]),
    incarnation: Number(found[7]),
    agent: found[8] ?? "",
  };
}

/** tmux 3.3a can leave an ended program unreaped: dead without a status. Any SIGCHLD to the server cures it. */
export const isUnreaped = (pane: PaneStatus): boolean => pane.isDead && pane.code === null && pane.signal === null;

/** What tmux wrote about an ended pane. */
export interface ExitLine {
  /** Pid and start of the server that wrote it: pane ids begin anew with each server. */
  server: string;
  pane: string;
  code: number | null;
  signal: number | null;
}

const EXIT = /^(\d+ \d+) (%\d+) s(\d*) g(\d*)$/;

export function readExit(line: string): ExitLine | null {
  const found = EXIT.exec(line);
  if (!found) return null;
  return { server: found[1] ?? "", pane: found[2] ?? "", code: number(found[3]), signal: number(found[4]) };
}
