import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Refusal } from "../core/refusal.ts";
import { isAtLeast, parseVersion } from "../core/tmux-version.ts";
import { KEEPER } from "./names.ts";
import { octal } from "./octal.ts";

/** Which server a call is for. */
export interface ServerPlace {
  /** Private folder with `jobs/`, `tmux.conf` and the launch and paste files. */
  folder: string;
  socket: string;
}

const ALLOWED = ["PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "LC_CTYPE", "TMPDIR"];

/** Exit lines: one per ended pane, written by tmux itself, so that they outlive the daemon. */
export const exitsPath = (folder: string): string => join(folder, "jobs", ".exits");
export const logPath = (folder: string, agent: string): string => join(folder, "jobs", `${agent}.log`);

/**
 * The shell command behind a pane's pipe. tmux expands it by strftime and formats, so the folder, which may have any
 * name, comes by the server's environment. The agent's id is of our alphabet.
 */
export const pipeCommand = (agent: string): string => `umask 077; exec cat >> "$MUSTER_TERMINALS/jobs/${agent}.log"`;

/** Numbers only: formats in `run-shell` reach a shell. The server's pid and start tell its pane ids from a later server's. */
const EXIT_LINE =
  'umask 077; echo "#{pid} #{start_time} #{hook_pane} s#{pane_dead_status} g#{pane_dead_signal}" >> "$MUSTER_TERMINALS/jobs/.exits"';

/** The lean set of terminals.md §3: −12 % CPU of tmux, and nothing an agent prints changes the server. */
const CONFIG = [
  "set -s exit-empty off",
  "set -s set-clipboard off",
  "set -s escape-time 10",
  "set -s focus-events off",
  "set -s default-terminal tmux-256color",
  "set -g default-shell /bin/sh",
  'set -g update-environment ""',
  "set -g history-limit 1000",
  "set -g status off",
  "set -g set-titles off",
  "set -g visual-activity off",
  "set -g monitor-bell off",
  "set -g bell-action none",
  "setw -g automatic-rename off",
  "setw -g allow-rename off",
  "set -g remain-on-exit on",
  "set -g allow-passthrough off",
  `set-hook -g pane-died ${octal(`run-shell -b ${octal(EXIT_LINE)}`)}`,
];

const confPath = (place: ServerPlace): string => join(place.folder, "tmux.conf");

/** The environment of tmux processes. The server keeps its starter's for life, so nothing else may get in. */
function environment(place: ServerPlace): Record<string, string> {
  const kept = ALLOWED.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(kept), TERM: "xterm-256color", MUSTER_TERMINALS: place.folder };
}

const argv = (place: ServerPlace, args: string[]): string[] => [
  "tmux",
  "-u",
  "-S",
  place.socket,
  "-f",
  confPath(place),
  ...args,
];

/** Runs tmux once. Bun marks all other descriptors close-on-exec (seen with 1.4.4, descriptor 7 of the parent's shell). */
export async function tmux(place: ServerPlace, args: string[]): Promise<{ code: number; out: string; err: string }> {
  const ran = Bun.spawn(argv(place, args), {
    env: environment(place),
    cwd: place.folder,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    // A half-dead server would never answer.
    timeout: 5000,
    killSignal: "SIGKILL",
  });
  const [out, err, code] = await Promise.all([
    new Response(ran.stdout).text(),
    new Response(ran.stderr).text(),
    ran.exited,
  ]);
  return { code, out, err };
}

/** Starts the control-mode client. `-N`: it never starts a server by itself. */
export const spawnClient = (place: ServerPlace) =>
  Bun.spawn(argv(place, ["-N", "-C", "attach", "-t", `=${KEEPER}`, "-f", "ignore-size,no-output"]), {
    env: environment(place),
    cwd: place.folder,
    stdin: "pipe",
    stdout: "pipe",
    stderr: "ignore",
  });

/** Starts the server with its keeper session, a dead pane without a process: ending the last session races with a start. */
export async function startServer(place: ServerPlace): Promise<void> {
  const conf = confPath(place);
  rmSync(conf, { force: true });
  writeFileSync(conf, `${CONFIG.join("\n")}\n`, { mode: 0o600 });
  const ran = await tmux(place, ["new-session", "-d", "-s", KEEPER, "-x", "140", "-y", "50", "/bin/sh", "-c", ":"]);
  if (ran.code === 0 || ran.err.includes("duplicate session")) return;
  throw new Refusal("failed", `tmux did not start: ${ran.err.trim()}`, "`muster doctor` looks at the set-up");
}

/** The version of the installed tmux; refuses one older than 3.2, which lacks client flags and `-N`. */
export async function checkVersion(): Promise<[number, number]> {
  const hint = "install tmux 3.2 or newer";
  if (Bun.which("tmux") === null) throw new Refusal("failed", "tmux is not installed", hint);
  const ran = Bun.spawn(["tmux", "-V"], { env: { PATH: process.env.PATH ?? "" }, stdout: "pipe", stderr: "ignore" });
  const text = (await new Response(ran.stdout).text()).trim();
  const version = parseVersion(text);
  if (!version || !isAtLeast(version, 3, 2)) throw new Refusal("failed", `${text || "tmux"} is too old`, hint);
  return version;
}
