import { accessSync, constants, existsSync, statfsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { Refusal } from "../core/refusal.ts";
import { sufficesTmux } from "../core/tmux-version.ts";
import type { Call, CommandSpec } from "./command.ts";
import { type Finding, overrides, repositoryFindings } from "./doctor/repository.ts";
import { which } from "./programs.ts";
import { line, paint, table } from "./style.ts";

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

const SECTIONS = ["all", "roles"];

function machine({ env, home: { folder } }: Call): Finding[] {
  return [
    ...PROGRAMS.map((wanted) => program(wanted, env)),
    ...overrides(env),
    { name: "bun", ok: true, detail: Bun.version },
    { name: "standin", ok: true, detail: "built in" },
    ...home(folder),
  ];
}

const BOUNDARY: Finding = {
  name: "boundary",
  ok: null,
  detail: "agents run as you: without a sandbox they can read what you can read",
};

const isWell = (findings: Finding[]): boolean => findings.every(({ ok }) => ok !== false);

async function findingsOf(call: Call, section: string): Promise<Finding[]> {
  const found = machine(call);
  const isAll = section === "all";
  // Without git, tmux or a home no daemon starts that could be asked.
  const inside = isWell(found.filter(({ name }) => !name.endsWith("_I_CMD")))
    ? await repositoryFindings(call, isAll)
    : [];
  return isAll ? [...found, ...inside, BOUNDARY] : [...found.filter(({ ok }) => ok === false), ...inside];
}

export const command: CommandSpec = {
  name: "doctor",
  usage: "doctor [all|roles]",
  summary:
    "Says what is there and what is missing: programs, home, who would sit where, settings, tokens. Exit code 1 when something needed is missing.",
  examples: ["muster doctor", "muster doctor roles", "muster doctor --json"],
  flags: {},
  takes: [0, 1],
  async run(call) {
    const { words, isJson, print } = call;
    const section = words[0] ?? "all";
    if (!SECTIONS.includes(section))
      throw new Refusal("usage", `no section ${section}`, `known: ${SECTIONS.join(", ")}`);
    const findings = await findingsOf(call, section);
    const isReady = isWell(findings);
    const missing = findings.filter(({ ok }) => ok === false).map(({ name }) => name);
    if (isJson) print(JSON.stringify({ ready: isReady, findings }, null, 1));
    else {
      const marks = { true: paint("green", "ok"), false: paint("red", "MISSING"), null: paint("yellow", "note") };
      print(table(findings.map(({ name, ok, detail }) => [name, marks[String(ok) as "true"], line(detail)])));
      print(`\nStatus: ${isReady ? paint("green", "Ready") : paint("red", `not ready: ${missing.join(", ")}`)}`);
    }
    return isReady ? 0 : 1;
  },
};
