import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { callerEnvironment } from "../core/environment.ts";
import type { Permission } from "../core/facts.ts";
import type { JobRow } from "../core/job-row.ts";
import { Refusal } from "../core/refusal.ts";
import { type Call, type CommandSpec, isSet, text } from "./command.ts";
import { driverFrom, programFor } from "./programs.ts";
import { paint } from "./style.ts";

export const PERMISSIONS: Permission[] = ["read-only", "workspace-write", "danger-full-access"];

const LEVELS = ["low", "medium", "high", "xhigh"];

export function permissionOf(value: string | undefined): Permission | undefined {
  if (value === undefined || (PERMISSIONS as string[]).includes(value)) return value as Permission | undefined;
  throw new Refusal("usage", `${value} is no permission level`, PERMISSIONS.join(", "));
}

export function reasoningOf(value: string | undefined): string | undefined {
  if (value === undefined || LEVELS.includes(value)) return value;
  throw new Refusal("usage", `${value} is no reasoning level`, LEVELS.join(", "));
}

interface Started {
  agent: string;
  job: string;
  mid: string;
}

function orderFrom({ words, flags, cwd, env }: Call) {
  const prompt = words[0] === "-" ? readFileSync(0, "utf8") : (words[0] ?? "");
  if (prompt.trim() === "") throw new Refusal("usage", "the prompt is empty", 'muster start "what to do"');
  const agent = text(flags, "agent") ?? "claude";
  return {
    prompt,
    agent: driverFrom(agent, cwd),
    cwd: resolve(cwd, text(flags, "dir") ?? "."),
    sandbox: permissionOf(text(flags, "sandbox")),
    model: text(flags, "model"),
    reasoning: reasoningOf(text(flags, "reasoning")),
    parent: text(flags, "parent"),
    command: text(flags, "command") ?? programFor(agent, env),
    trust: isSet(flags, "trust"),
  };
}

function announce(agent: string, { cwd, sandbox }: ReturnType<typeof orderFrom>): string {
  const next: [string, string][] = [
    ["Watch", `muster watch ${agent}`],
    ["Capture", `muster capture ${agent}`],
    ["Send", `muster send ${agent} "message"`],
    ["Attach", `muster attach ${agent}`],
    ["Page", "muster dashboard --open"],
  ];
  return `Job started: ${paint("bold", agent)}
Working dir: ${cwd}
Sandbox: ${sandbox ?? "workspace-write"}
tmux session: muster-${agent}
${next.map(([what, how]) => `  ${paint("dim", `${what}:`.padEnd(8))} ${how}`).join("\n")}`;
}

export const command: CommandSpec = {
  name: "start",
  usage: "start PROMPT|- [--agent DRIVER] [--sandbox LEVEL] [--dir PATH]",
  summary: "Starts one agent on one job and returns at once. - reads the prompt from standard input.",
  examples: [
    'muster start "List all TypeScript files and sum up the architecture"',
    "muster start - --agent standin < prompt.txt",
  ],
  flags: {
    agent: { type: "string", value: "DRIVER", default: "claude", help: "claude, standin, mock:FILE" },
    sandbox: {
      type: "string",
      short: "s",
      value: "LEVEL",
      help: "read-only, workspace-write (default), danger-full-access",
    },
    model: { type: "string", short: "m", value: "NAME", help: "the CLI's own model name" },
    reasoning: { type: "string", short: "r", value: "LEVEL", help: "low, medium, high, xhigh" },
    dir: { type: "string", short: "d", value: "PATH", help: "working folder (here)" },
    parent: { type: "string", value: "ID", help: "the agent this one belongs to" },
    command: { type: "string", value: "CMD", help: "the program to run instead of the driver's own" },
    trust: { type: "boolean", help: "you have read the agent configuration of this repository and agree" },
    "dry-run": { type: "boolean", help: "show what would be started, start nothing" },
  },
  takes: [1, 1],
  async run(call) {
    const { flags, daemon, env, isJson, print } = call;
    const order = orderFrom(call);
    if (isSet(flags, "dry-run")) {
      print(JSON.stringify(order, null, 1));
      return 0;
    }
    const client = await daemon();
    const { parent } = order;
    const above =
      parent === undefined ? undefined : await client.get<JobRow>(`/api/jobs/${encodeURIComponent(parent)}`);
    const started = await client.post<Started>("/api/actions/jobs", {
      ...order,
      parent: above?.agent,
      environment: callerEnvironment(env),
    });
    print(isJson ? JSON.stringify(started) : announce(started.agent, order));
    return 0;
  },
};
