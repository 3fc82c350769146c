import { accessSync, constants, existsSync, statfsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { sufficesTmux } from "../core/tmux-version.ts";
import type { Call, CommandSpec } from "./command.ts";
import { variableOf, which } from "./programs.ts";
import { repositoryOf } from "./repository.ts";
import { paint, table } from "./style.ts";

interface Finding {
  name: string;
  /** null = not needed for everything. */
  ok: boolean | null;
  detail: string;
}

const version = (argv: string[]): string => {
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
  { name: "claude", isNeeded: false, hint: "needed for --agent claude: npm install -g @anthropic-ai/claude-code" },
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

/** Programs named by CLAUDE_I_CMD and the like must be there. */
function override(driver: string, env: Call["env"]): Finding[] {
  const name = variableOf(driver);
  const given = env[name]?.trim();
  if (!given) return [];
  const path = which(given.split(/\s+/)[0] ?? "", env);
  return [{ name, ok: path !== null, detail: path ?? `${given} is not a program` }];
}

function repository(cwd: string): Finding[] {
  const root = repositoryOf(cwd);
  if (root === null)
    return [{ name: "repository", ok: null, detail: "this folder is in no git repository; a team needs one" }];
  const has = (path: string) => existsSync(join(root, path));
  const [isPrepared, hasBrief] = [has(".muster"), has("PROJECT.md")];
  return [
    {
      name: "repository",
      ok: isPrepared ? true : null,
      detail: isPrepared ? root : `${root}; muster init prepares it`,
    },
    {
      name: "PROJECT.md",
      ok: hasBrief ? true : null,
      detail: hasBrief ? "there" : "missing: agents get no brief; muster init makes one to fill in",
    },
  ];
}

export const command: CommandSpec = {
  name: "doctor",
  usage: "doctor",
  summary: "Says what is there and what is missing. Exit code 1 when something needed is missing.",
  examples: ["muster doctor", "muster doctor --json"],
  flags: {},
  async run(call) {
    const { env, isJson, print } = call;
    const findings: Finding[] = [
      ...PROGRAMS.map((wanted) => program(wanted, env)),
      ...override("claude", env),
      { name: "bun", ok: true, detail: Bun.version },
      { name: "standin", ok: true, detail: "built in" },
      ...home(call.home.folder),
      ...repository(call.cwd),
      { name: "boundary", ok: null, detail: "agents run as you: without a sandbox they can read what you can read" },
    ];
    const isReady = findings.every((finding) => finding.ok !== false);
    const missing = findings.filter(({ ok }) => ok === false).map(({ name }) => name);
    if (isJson) print(JSON.stringify({ ready: isReady, findings }, null, 1));
    else {
      const marks = { true: paint("green", "ok"), false: paint("red", "MISSING"), null: paint("yellow", "note") };
      print(table(findings.map(({ name, ok, detail }) => [name, marks[String(ok) as "true"], detail])));
      print(`\nStatus: ${isReady ? paint("green", "Ready") : paint("red", `not ready: ${missing.join(", ")}`)}`);
    }
    return isReady ? 0 : 1;
  },
};
