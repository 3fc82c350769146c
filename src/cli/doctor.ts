import { existsSync, statfsSync } from "node:fs";
import { join } from "node:path";
import type { Call, CommandSpec } from "./command.ts";
import { variableOf, which } from "./programs.ts";
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

function program(name: string, env: Call["env"], isNeeded: boolean, hint: string, versionFlag = "--version"): Finding {
  const path = which(name, env);
  if (path) return { name, ok: true, detail: `${version([path, versionFlag])}  ${path}` };
  return { name, ok: isNeeded ? false : null, detail: `not in PATH; ${hint}` };
}

/** Programs named by CLAUDE_I_CMD and the like must be there. */
function override(driver: string, env: Call["env"]): Finding[] {
  const name = variableOf(driver);
  const given = env[name]?.trim();
  if (!given) return [];
  const path = which(given.split(/\s+/)[0] ?? "", env);
  return [{ name, ok: path !== null, detail: path ?? `${given} is not a program` }];
}

function freeSpace(folder: string): Finding {
  const { bavail, bsize } = statfsSync(existsSync(folder) ? folder : "/");
  const free = (bavail * bsize) / 1e9;
  return { name: "disk", ok: free > 0.5, detail: `${free.toFixed(1)} GB free` };
}

function repository(cwd: string): Finding[] {
  if (!existsSync(join(cwd, ".git")))
    return [{ name: "repository", ok: null, detail: "this folder is not a git repository" }];
  const has = (path: string) => existsSync(join(cwd, path));
  return [
    {
      name: "repository",
      ok: has(".muster") ? true : null,
      detail: has(".muster") ? "prepared" : "muster init prepares it",
    },
    {
      name: "PROJECT.md",
      ok: has("PROJECT.md") ? true : null,
      detail: has("PROJECT.md") ? "there" : "missing: agents get no brief",
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
    const { env, home, isJson, print } = call;
    const findings: Finding[] = [
      program("git", env, true, "install git"),
      program("tmux", env, true, "install tmux 3.2 or newer", "-V"),
      { name: "bun", ok: true, detail: Bun.version },
      program("claude", env, false, "needed for --agent claude: npm install -g @anthropic-ai/claude-code"),
      ...override("claude", env),
      { name: "standin", ok: true, detail: "built in" },
      freeSpace(home.folder),
      ...repository(call.cwd),
      { name: "boundary", ok: null, detail: "agents run as you: without a sandbox they can read what you can read" },
    ];
    const isReady = findings.every((finding) => finding.ok !== false);
    if (isJson) print(JSON.stringify({ ready: isReady, findings }, null, 1));
    else {
      const marks = { true: paint("green", "ok"), false: paint("red", "MISSING"), null: paint("yellow", "note") };
      print(table(findings.map(({ name, ok, detail }) => [name, marks[String(ok) as "true"], detail])));
      print(`\nStatus: ${isReady ? paint("green", "Ready") : paint("red", "something needed is missing")}`);
    }
    return isReady ? 0 : 1;
  },
};
