import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { callerEnvironment } from "../core/environment.ts";
import type { Permission } from "../core/facts.ts";
import type { JobRow } from "../core/job-row.ts";
import { BUDGET_FORMS, budgetFrom } from "../core/jobs/budget.ts";
import { Refusal } from "../core/refusal.ts";
import { shellWord } from "../core/shell-word.ts";
import { visible } from "../core/text.ts";
import { type Call, type CommandSpec, isSet, text, texts, type Values } from "./command.ts";
import { driverFrom, programFor } from "./programs.ts";
import { withReading } from "./start/reading.ts";
import { line, paint } from "./style.ts";
import { readTemplate, requireName } from "./templates/file.ts";
import { filled, pairsFrom } from "./templates/fill.ts";

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

/** `--tags a,b`; an empty text = none. */
export const tagsFrom = (given: string | undefined): string[] | undefined =>
  given
    ?.split(",")
    .map((tag) => tag.trim())
    .filter(Boolean);

/** Minutes of `--timeout`; a Refusal when they are none. */
export function minutesOf(given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  const minutes = /^\d{1,5}(\.\d{1,2})?$/.test(given) ? Number(given) : 0;
  if (minutes > 0 && minutes <= 43_200) return minutes;
  throw new Refusal("usage", `--timeout ${given} is no number of minutes`, "more than 0, at most 43200");
}

/** `--budget` as it was given; a Refusal when it is none. */
function requireBudget(given: string | undefined): string | undefined {
  if (given === undefined || budgetFrom(given)) return given;
  throw new Refusal("usage", `--budget ${given} is no budget`, BUDGET_FORMS);
}

interface Started {
  agent: string;
  job: string;
  mid: string;
}

/** What `--dry-run` shows (engine/jobs/desk.ts). */
interface Preview {
  prompt: string;
  argv: string[];
  cwd: string;
  permission: Permission;
  mechanism: string;
}

/** The prompt and the flags of a start; what a template says comes after what was typed. */
function askedBy({ words, flags, home }: Call): { task: string; flags: Values } {
  const task = words[0] === "-" ? readFileSync(0, "utf8") : (words[0] ?? "");
  const values = pairsFrom(texts(flags, "set"), "set");
  const name = text(flags, "template");
  if (name === undefined) {
    if (values.size > 0)
      throw new Refusal("usage", "--set without --template", "muster start --template NAME --set a=b");
    return { task, flags };
  }
  const template = readTemplate(home, requireName(name));
  return { task: filled(template.prompt, task, values), flags: { ...template.flags, ...flags } };
}

function orderFrom(call: Call) {
  const { cwd, env } = call;
  const { task, flags } = askedBy(call);
  if (task.trim() === "") throw new Refusal("usage", "the prompt is empty", 'muster start "what to do"');
  const agent = text(flags, "agent") ?? "claude";
  const dir = resolve(cwd, text(flags, "dir") ?? ".");
  const reading = { files: texts(flags, "file"), isInline: isSet(flags, "inline"), hasMap: isSet(flags, "map") };
  if (reading.isInline && reading.files.length === 0)
    throw new Refusal("usage", "--inline without --file", "muster start --file GLOB --inline");
  return {
    prompt: withReading(task, reading, dir),
    agent: driverFrom(agent, cwd),
    cwd: dir,
    sandbox: permissionOf(text(flags, "sandbox")),
    model: text(flags, "model"),
    reasoning: reasoningOf(text(flags, "reasoning")),
    parent: text(flags, "parent"),
    worktree: isSet(flags, "worktree") || undefined,
    after: text(flags, "after")
      ?.split(",")
      .map((one) => one.trim()),
    command: text(flags, "command") ?? programFor(agent, env),
    trust: isSet(flags, "trust"),
    timeout: minutesOf(text(flags, "timeout")),
    budget: requireBudget(text(flags, "budget")),
    allowUnenforced: isSet(flags, "allow-unenforced") || undefined,
    plain: isSet(flags, "strip-ansi"),
  };
}

function shown({ prompt, argv, cwd, permission, mechanism }: Preview): string {
  const about = `Nothing is started. The agent's id below is made up.
Working dir: ${line(cwd)}
Sandbox: ${permission} (${mechanism})
Command: ${argv.map((word) => shellWord(visible(word))).join(" ")}`;
  return `${about}\nPrompt:\n${visible(prompt)}`;
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
  usage: "start PROMPT|- [--template NAME] [--agent DRIVER] [--sandbox LEVEL] [--dir PATH]",
  summary: "Starts one agent on one job and returns at once. - reads the prompt from standard input.",
  examples: [
    'muster start "List all TypeScript files and sum up the architecture"',
    'muster start "Audit the sign-in" --map -f "src/auth/**/*.ts" -f "!**/*.test.ts" -s read-only',
    "muster start - --agent standin < prompt.txt",
  ],
  flags: {
    agent: { type: "string", value: "DRIVER", help: "claude (default), standin, mock:FILE" },
    sandbox: {
      type: "string",
      short: "s",
      value: "LEVEL",
      help: "read-only, workspace-write (default), danger-full-access",
    },
    model: { type: "string", short: "m", value: "NAME", help: "the CLI's own model name" },
    reasoning: { type: "string", short: "r", value: "LEVEL", help: "low (sonnet, unless -m), medium, high, xhigh" },
    dir: { type: "string", short: "d", value: "PATH", help: "working folder (here)" },
    file: {
      type: "string",
      short: "f",
      multiple: true,
      value: "GLOB",
      help: "files to read first, from --dir on; again for more, !GLOB takes out; 500 KB each",
    },
    inline: { type: "boolean", help: "put the files' content into the prompt" },
    map: {
      type: "boolean",
      help: "put docs/CODEBASE_MAP.md into the prompt (else CODEBASE_MAP.md, docs/ARCHITECTURE.md)",
    },
    timeout: { type: "string", value: "MIN", help: "end it after so many minutes: failed, timeout" },
    budget: { type: "string", value: "USD|TOKENS", help: "5, 2.50usd, 200k or 300000t: told at 80 %, ended at 100 %" },
    "allow-unenforced": { type: "boolean", help: "start it even where its CLI does not tell what --budget counts" },
    "strip-ansi": { type: "boolean", help: "show its terminal record without escape sequences later" },
    worktree: { type: "boolean", help: "in files and on a branch of its own: muster diff, merge, discard" },
    after: { type: "string", value: "ID,ID", help: "begins when the jobs of these agents are completed" },
    parent: { type: "string", value: "ID", help: "the agent this one belongs to" },
    command: { type: "string", value: "CMD", help: "the program to run instead of the driver's own" },
    trust: { type: "boolean", help: "you have read the agent configuration of this repository and agree" },
    template: {
      type: "string",
      value: "NAME",
      help: "prompt and flags of a template; flags you type win (muster template)",
    },
    set: {
      type: "string",
      multiple: true,
      value: "NAME=TEXT",
      help: "what stands for {{NAME}} in the template; again for more",
    },
    "dry-run": { type: "boolean", help: "show the whole prompt and the command line, start nothing" },
  },
  takes: [0, 1],
  async run(call) {
    const { flags, daemon, env, isJson, print } = call;
    const order = orderFrom(call);
    const client = await daemon();
    if (isSet(flags, "dry-run")) {
      const asked = { ...order, parent: undefined, dry: true, environment: callerEnvironment(env) };
      const preview = await client.post<Preview>("/api/actions/jobs", asked);
      print(isJson ? JSON.stringify(preview, null, 1) : shown(preview));
      return 0;
    }
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
