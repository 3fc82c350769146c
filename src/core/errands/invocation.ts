import type { Permission } from "../facts.ts";
import { Refusal } from "../refusal.ts";
import { driverIn } from "../settings/bindings.ts";
import type { Settings } from "../settings/settings.ts";
import type { ErrandRole } from "./facts.ts";

/** What is started, and what it reads. */
export interface Invocation {
  argv: string[];
  /** Absent: the prompt is an argument. */
  stdin?: string;
}

export interface InvocationOrder {
  /** As a person bound it: `claude`, `mock:FILE`. */
  actor: string;
  role: ErrandRole;
  settings: Settings;
  permission: Permission;
  prompt: string;
  /** The person's own program for this driver, with its arguments; empty = the driver's. */
  program?: string;
  /** How Muster itself is started; the built-in program is part of it. */
  muster: string[];
}

/** Claude Code 2.1's permission modes; `plan` changes nothing. */
const CLAUDE_MODES: Record<Permission, string> = {
  "read-only": "plan",
  "workspace-write": "acceptEdits",
  "danger-full-access": "bypassPermissions",
};

/** A mode alone would leave tools of a person's own servers, which write where they like: as the peers', only reading ones. */
const CLAUDE_READS = ["--strict-mcp-config", "--tools", "Read,Glob,Grep"];

const TEMPLATES: Record<string, (permission: Permission) => string[]> = {
  claude: (permission) => [
    ...["claude", "-p", "--permission-mode", CLAUDE_MODES[permission]],
    ...(permission === "read-only" ? CLAUDE_READS : []),
  ],
  codex: () => ["codex", "exec", "{prompt}"],
  gemini: () => ["gemini", "-p", "{prompt}"],
  droid: () => ["droid", "exec", "{prompt}"],
  opencode: () => ["opencode", "run", "{prompt}"],
};

const PROMPT = "{prompt}";

/** An argument that begins with a dash would be taken for an option. */
const asArgument = (prompt: string): string => (prompt.startsWith("-") ? ` ${prompt}` : prompt);

function filled(words: string[], prompt: string): Invocation {
  if (!words.some((word) => word.includes(PROMPT))) return { argv: words, stdin: prompt };
  return { argv: words.map((word) => word.split(PROMPT).join(word === PROMPT ? asArgument(prompt) : prompt)) };
}

function builtIn({ actor, role, permission, prompt, muster }: InvocationOrder): Invocation {
  const [, file] = /^(?:mock|standin):(.+)$/s.exec(actor) ?? [];
  const seat = role === "aux" ? "Aux" : "Foreman";
  const scenario = file === undefined ? [] : ["--scenario", file];
  return {
    argv: [...muster, "standin", "--print", "--seat", seat, "--permission", permission, ...scenario],
    stdin: prompt,
  };
}

const wordsOf = (command = ""): string[] => command.split(/\s+/).filter(Boolean);

/** The person's own command for this driver in this role; empty = none. */
function commandOf({ settings, actor, role }: InvocationOrder): string[] {
  const { actors } = settings.agents;
  const driver = driverIn(actor);
  const own = Object.hasOwn(actors, driver) ? actors[driver as keyof typeof actors] : undefined;
  return wordsOf(own?.[role].invoke_command);
}

/** How a driver does one thing without a terminal. The prompt is one argument or standard input; no shell reads it. */
export function invocation(order: InvocationOrder): Invocation {
  const own = commandOf(order);
  if (own.length > 0) return filled(own, order.prompt);
  const driver = driverIn(order.actor);
  if (driver === "standin") return builtIn(order);
  const template = Object.hasOwn(TEMPLATES, driver) ? TEMPLATES[driver] : undefined;
  if (template) {
    const [name = "", ...rest] = template(order.permission);
    const program = wordsOf(order.program);
    return filled([...(program.length > 0 ? program : [name]), ...rest], order.prompt);
  }
  const known = [...Object.keys(TEMPLATES), "standin"].join(", ");
  const hint = `one of ${known}, or agents.yaml actors.${driver}.${order.role}.invoke_command`;
  throw new Refusal("failed", `driver ${driver} cannot run without a terminal`, hint);
}
