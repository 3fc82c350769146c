import { join } from "node:path";
import type { World } from "./world.ts";

const MAIN = join(import.meta.dir, "..", "..", "src", "main.ts");

/** A person's own terminal: a tmux of its own, not Muster's, in which commands run as they are typed. */
export interface Desk {
  /** Types a Muster command line and Enter; words are quoted. */
  muster(...args: string[]): void;
  /** Presses keys by tmux's names. */
  press(...keys: string[]): void;
  /** Types a text as it is, and Enter. */
  type(text: string): void;
  screen(): string;
  end(): void;
}

const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

export function openDesk(world: World, cwd: string, columns = 120, rows = 40): Desk {
  const socket = join(world.folder, `desk-${columns}x${rows}.sock`);
  const own = { ...world.env(), TERM: "xterm-256color", MUSTER_HOME: world.home.folder, PS1: "ready$ " };
  const tmux = (...args: string[]): string =>
    Bun.spawnSync(["tmux", "-S", socket, "-f", "/dev/null", ...args], { env: own }).stdout.toString();
  const size = ["-x", String(columns), "-y", String(rows)];
  tmux("new-session", "-d", ...size, "-c", cwd, "/bin/sh", "-i");
  const type = (text: string) => {
    tmux("send-keys", "-l", "--", text);
    tmux("send-keys", "Enter");
  };
  return {
    muster: (...args) => type([process.execPath, "--no-install", MAIN, ...args].map(quoted).join(" ")),
    press: (...keys) => void tmux("send-keys", ...keys),
    type,
    screen: () => tmux("capture-pane", "-p"),
    end: () => void tmux("kill-server"),
  };
}
