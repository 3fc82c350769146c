import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TerminalOrder } from "../core/ports.ts";
import type { Exit, Run } from "./panes.ts";
import { createTerminals, type TerminalServer, type TerminalsOptions } from "./terminals.ts";

/** Real terminals on a private socket in a folder of their own, for tests. */
export interface Lab {
  folder: string;
  terminals: TerminalServer;
  exits: Exit[];
  lost: Run[][];
  /** An order with the smallest environment. */
  order(agent: string, argv: string[], more?: Partial<TerminalOrder>): TerminalOrder;
  end(): Promise<void>;
}

export async function createLab(more: Partial<TerminalsOptions> = {}): Promise<Lab> {
  const folder = more.folder ?? mkdtempSync(join(tmpdir(), "muster-tmux-"));
  const exits: Exit[] = [];
  const lost: Run[][] = [];
  const terminals = await createTerminals({
    folder,
    socket: join(folder, "tmux.sock"),
    onExit: (exit) => exits.push(exit),
    onServerLost: (runs) => lost.push(runs),
    graceMs: 300,
    ...more,
  });
  return {
    folder,
    terminals,
    exits,
    lost,
    order: (agent, argv, other) => ({
      agent,
      incarnation: 1,
      argv,
      env: { PATH: process.env.PATH ?? "" },
      cwd: folder,
      cols: 140,
      rows: 50,
      ...other,
    }),
    end: async () => {
      // Another lab may have ended the folder and its server already.
      await (existsSync(folder) ? terminals.killServer() : terminals.stop());
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Waits for a fact, at most `ms`. */
export async function until<T>(fact: () => T | Promise<T>, ms = 8000): Promise<NonNullable<T>> {
  const end = performance.now() + ms;
  for (;;) {
    const value = await fact();
    if (value) return value as NonNullable<T>;
    if (performance.now() > end) throw new Error(`never true: ${fact}`);
    await Bun.sleep(2);
  }
}

/**
 * A program with bracketed paste in raw mode: shows `ready` and keeps every byte of its input in a file.
 * It reads with a `sh` and `cat` alone, so that it starts at once.
 */
const recorder = (file: string): string[] => [
  "/bin/sh",
  "-c",
  `stty raw -echo; printf '\\033[?2004hready'; exec cat > "$1"`,
  "recorder",
  file,
];

/** Opens a recorder and waits until it listens. */
export async function openRecorder(
  lab: Lab,
  agent: string,
): Promise<{ pane: string; pid: number; got(): Promise<string> }> {
  const file = join(lab.folder, `${agent}.in`);
  const opened = await lab.terminals.open(lab.order(agent, recorder(file)));
  await until(async () => (await lab.terminals.screen(opened.pane)).plain[0] === "ready" && Bun.file(file).exists());
  return { ...opened, got: () => Bun.file(file).text() };
}

export const pasted = (text: string): string => `\u001b[200~${text}\u001b[201~`;
