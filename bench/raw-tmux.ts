import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toEnd } from "./ending.ts";

/** Runs tmux once, as a script would. */
export async function tmux(socket: string, args: string[], input = ""): Promise<string> {
  const ran = Bun.spawn(["tmux", "-u", "-S", socket, "-f", "/dev/null", ...args], {
    env: { PATH: process.env.PATH ?? "", LANG: "C.UTF-8", TERM: "xterm-256color" },
    stdin: Buffer.from(input),
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err, code] = await Promise.all([
    new Response(ran.stdout).text(),
    new Response(ran.stderr).text(),
    ran.exited,
  ]);
  if (code !== 0) throw new Error(`tmux ${args[0]}: ${err.trim()}`);
  return out;
}

let pastes = 0;

/** One bracketed paste by one process: the shortest way without a daemon. */
export async function paste(socket: string, pane: string, text: string): Promise<void> {
  const name = `bench-${process.pid}-${++pastes}`;
  const insert = ["paste-buffer", "-p", "-r", "-d", "-b", name, "-t", pane];
  await tmux(socket, ["load-buffer", "-b", name, "-", ";", ...insert], text);
}

/** Terminal devices of a server's panes; not that of the session by which Muster keeps its server open. */
export async function ttysOf(socket: string): Promise<string[]> {
  const listed = await tmux(socket, ["list-panes", "-a", "-F", "#{pane_tty} #{pane_pipe}"]);
  return listed.split("\n").flatMap((line) => (line.endsWith(" 1") ? [line.split(" ")[0] ?? ""] : []));
}

/** A tmux server without Muster: sleeping panes whose output `cat` appends to one file each. */
export class RawTmux {
  readonly folder = mkdtempSync(join(tmpdir(), "muster-bench-"));
  readonly logs = join(this.folder, "logs");
  readonly socket = join(this.folder, "tmux.sock");
  readonly end = toEnd(() => this.clear());

  constructor() {
    mkdirSync(this.logs);
  }

  async open(count: number): Promise<void> {
    for (let n = 0; n < count; n++) {
      const pipe = ["pipe-pane", "-t", `bench-${n}:`, `exec cat >> '${join(this.logs, `${n}.log`)}'`];
      const size = ["-x", "140", "-y", "50"];
      await tmux(this.socket, ["new-session", "-d", "-s", `bench-${n}`, ...size, "exec sleep 3600", ";", ...pipe]);
    }
  }

  private async clear(): Promise<void> {
    await tmux(this.socket, ["kill-server"]).catch(() => {});
    rmSync(this.folder, { recursive: true, force: true });
  }
}
