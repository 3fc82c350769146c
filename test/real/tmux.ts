import { join } from "node:path";
import type { Screen } from "../../src/core/ports.ts";

const ENV = { PATH: "/usr/local/bin:/usr/bin:/bin", LANG: "C.UTF-8", TERM: "xterm-256color", SHELL: "/bin/sh" };
const FIELDS = "#{cursor_x},#{cursor_y},#{pane_width},#{pane_height},#{pane_pid},#{pane_dead}";

/** One pane on a private tmux server, for these tests only. */
export interface Pane {
  pid: number;
  screen(): Screen;
  isDead(): boolean;
  paste(text: string): void;
  type(text: string): void;
  press(...keys: string[]): void;
  close(): void;
}

let servers = 0;

/** The program gets exactly `env`; the server's own environment is empty but for what tmux needs. */
export function openPane(folder: string, argv: string[], env: Record<string, string>, cwd: string): Pane {
  // A server of its own each: one that is still ending takes no new pane.
  const socket = join(folder, `tmux-${servers++}.sock`);
  const tmux = (args: string[], input = ""): string => {
    const done = Bun.spawnSync(["tmux", "-S", socket, "-f", "/dev/null", ...args], {
      stdin: Buffer.from(input),
      env: ENV,
    });
    if (done.exitCode !== 0) throw new Error(`tmux ${args.join(" ")}: ${done.stderr.toString().trim()}`);
    return done.stdout.toString();
  };
  const exact = Object.entries(env).map(([key, value]) => `${key}=${value}`);
  const start = ["new-session", "-d", "-s", "real", "-x", "120", "-y", "40", "-c", cwd];
  tmux(["set-option", "-g", "remain-on-exit", "on", ";", ...start, "--", "env", "-i", ...exact, ...argv]);
  const fields = () => tmux(["display-message", "-p", "-t", "real", FIELDS]).trim().split(",").map(Number);
  const lines = (flags: string[]) =>
    tmux(["capture-pane", "-p", ...flags, "-t", "real"])
      .replace(/\n$/, "")
      .split("\n")
      .map((line) => line.trimEnd());
  return {
    pid: fields()[4] ?? 0,
    isDead: () => fields()[5] === 1,
    screen() {
      const [x = 0, y = 0, cols = 0, rows = 0] = fields();
      return { ansi: lines(["-e"]), plain: lines([]), cursor: { x, y }, title: "", cols, rows, unread: null };
    },
    paste(text) {
      tmux(["load-buffer", "-b", "p", "-"], text);
      tmux(["paste-buffer", "-p", "-r", "-d", "-b", "p", "-t", "real"]);
    },
    type: (text) => void tmux(["send-keys", "-l", "-t", "real", "--", text]),
    press: (...keys) => void tmux(["send-keys", "-t", "real", ...keys]),
    close: () => void tmux(["kill-server"]),
  };
}
