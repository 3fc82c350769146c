import { accessSync, constants, existsSync, statfsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { sufficesTmux } from "../../core/tmux-version.ts";
import type { Call } from "../command.ts";
import { which } from "../programs.ts";
import { type Finding, overrides } from "./repository.ts";

/** The first line that a program says of itself; empty = it says nothing. */
export const version = (argv: string[]): string => {
  const done = Bun.spawnSync(argv, { stdin: "ignore", stderr: "ignore" });
  return done.stdout.toString().split("\n")[0]?.trim() ?? "";
};

const existing = (folder: string): string => (existsSync(folder) ? folder : existing(dirname(folder)));

function canWrite(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return statSync(folder).isDirectory();
  } catch {
    return false;
  }
}

interface Wanted {
  name: string;
  isNeeded: boolean;
  hint: string;
  flag?: string;
  /** Is this version new enough? */
  suffices?: (version: string) => boolean;
}

function program(
  { name, isNeeded, hint, flag = "--version", suffices = () => true }: Wanted,
  env: Call["env"],
): Finding {
  const path = which(name, env);
  if (!path) return { name, ok: isNeeded ? false : null, detail: `not in PATH; ${hint}` };
  const told = version([path, flag]);
  if (!suffices(told)) return { name, ok: false, detail: `${told} is too old; ${hint}` };
  return { name, ok: true, detail: `${told}  ${path}` };
}

const PROGRAMS: Wanted[] = [
  { name: "git", isNeeded: true, hint: "install git" },
  { name: "tmux", isNeeded: true, hint: "install tmux 3.2 or newer", flag: "-V", suffices: sufficesTmux },
  { name: "claude", isNeeded: false, hint: "npm install -g @anthropic-ai/claude-code" },
];

const LEAST_GB = 0.5;

/** Where Muster keeps everything: it must be its own to write, and room must be there. */
function home(folder: string): Finding[] {
  const there = existing(folder);
  const isWritable = canWrite(there);
  const { bavail, bsize } = statfsSync(there);
  const free = (bavail * bsize) / 1e9;
  return [
    {
      name: "home",
      ok: isWritable,
      detail: isWritable ? folder : `${there} may not be written; MUSTER_HOME names another`,
    },
    {
      name: "disk",
      ok: free > LEAST_GB,
      detail: `${free.toFixed(1)} GB free${free > LEAST_GB ? "" : `; ${LEAST_GB} GB are needed`}`,
    },
  ];
}

/** What this machine has of what Muster needs. */
export function machine({ env, home: { folder } }: Call): Finding[] {
  return [
    ...PROGRAMS.map((wanted) => program(wanted, env)),
    ...overrides(env),
    { name: "bun", ok: true, detail: Bun.version },
    { name: "standin", ok: true, detail: "built in" },
    ...home(folder),
  ];
}

/** Nothing that is needed is missing. */
export const isWell = (findings: Finding[]): boolean => findings.every(({ ok }) => ok !== false);
