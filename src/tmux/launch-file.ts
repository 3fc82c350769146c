import { readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TerminalOrder } from "../core/ports.ts";
import { Refusal } from "../core/refusal.ts";
import { quoted } from "../core/shell-word.ts";

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** What tmux gives a pane and the program keeps. */
const FROM_TMUX = ["TERM", "TERM_PROGRAM", "TERM_PROGRAM_VERSION", "TMUX", "TMUX_PANE"];
const STALE_MS = 60_000;

function check(order: TerminalOrder): void {
  const [program] = order.argv;
  if (!program || program.startsWith("-")) throw new Refusal("usage", "a terminal needs a program to run");
  if (!order.cwd.startsWith("/")) throw new Refusal("usage", "a terminal's folder must be absolute");
  const bad = Object.keys(order.env).find((name) => !NAME.test(name));
  if (bad !== undefined) throw new Refusal("usage", "a name in the environment is not letters, digits and _");
  if ([order.cwd, ...order.argv, ...Object.values(order.env)].some((text) => text.includes("\0")))
    throw new Refusal("usage", "a NUL character cannot be part of a command, its folder or its environment");
}

/**
 * The script a pane starts with. It runs twice: first to drop the server's environment by `env -i`, then to set the
 * order's and become the program, so that the pane's pid is the program's. Values stand in this private file only,
 * because argv is visible to every user of the machine. The second run removes the file.
 */
function launchScript(path: string, order: TerminalOrder): string {
  check(order);
  const kept = FROM_TMUX.map((name) => `${name}="$${name}"`).join(" ");
  const missing = `echo ${quoted("muster: the folder of this agent cannot be entered")} >&2`;
  const unset = ["PWD", "OLDPWD", "SHLVL"].filter((name) => !(name in order.env));
  return [
    `[ "$1" = clean ] || exec /usr/bin/env -i ${kept} /bin/sh ${quoted(path)} clean`,
    `/bin/rm -f ${quoted(path)}`,
    `cd ${quoted(order.cwd)} || { ${missing}; exit 126; }`,
    ...Object.entries(order.env).map(([name, value]) => `export ${name}=${quoted(value)}`),
    ...(unset.length ? [`unset ${unset.join(" ")}`] : []),
    `exec ${order.argv.map(quoted).join(" ")}`,
    "",
  ].join("\n");
}

let starts = 0;

/** Writes the script for one start. Two never share a name: the first may not have been read when the second comes. */
export function writeLaunch(folder: string, order: TerminalOrder): string {
  const path = join(folder, `${order.agent}-${order.incarnation}-${process.pid}-${++starts}.sh`);
  writeFileSync(path, launchScript(path, order), { mode: 0o600, flag: "wx" });
  return path;
}

/** Removes scripts and pastes that a crash left behind; young ones may still be about to be read. */
export function clearStale(folder: string): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat && Date.now() - stat.mtimeMs > STALE_MS) rmSync(path, { force: true });
  }
}
