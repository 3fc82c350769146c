import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "../src/cli/arguments.ts";
import type { CommandSpec } from "../src/cli/command.ts";
import { ALIASES, COMMANDS } from "../src/cli/commands.ts";
import { requireWords } from "../src/cli/words.ts";
import { Refusal } from "../src/core/refusal.ts";

const PAGE = readFileSync(join(import.meta.dir, "..", "docs", "coming-from.md"), "utf8");

/** Every `muster …` on the page. */
const FORMS = [...PAGE.matchAll(/`muster ([^`]+)`/g)].map(([, form = ""]) => form);

/** The commands of the guide's reference with their flags, as rows A1 to A30 name them. */
const REFERENCE: Record<string, string[]> = {
  start: [
    ...["reasoning", "model", "sandbox", "file", "inline", "map", "dir", "dry-run", "strip-ansi", "parent", "agent"],
    ...["worktree", "after", "budget", "timeout", "template", "allow-unenforced"],
  ],
  status: [],
  jobs: ["json", "limit", "all"],
  send: ["key"],
  capture: [],
  output: [],
  watch: [],
  attach: ["print"],
  session: ["json"],
  kill: ["completed"],
  clean: ["days", "dry-run"],
  delete: [],
  clear: [],
  usage: [],
  reuse: ["force"],
  wait: ["any"],
  health: [],
  sessions: [],
  dashboard: ["port", "open"],
  "dashboard-stop": [],
  "setup-hooks": [],
  "remove-hooks": [],
  orchestrator: ["model", "reasoning"],
  lead: ["model", "reasoning"],
  queue: ["priority", "after", "agent", "dir", "status", "failed", "result", "direct", "retries", "force"],
  trigger: ["payload", "autonomy", "cooldown"],
  approvals: ["comment"],
  mode: ["from-current", "description", "empty"],
  pulse: [],
};

/** Words as a shell splits them. */
const wordsOf = (form: string): string[] =>
  [...form.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, double, single, bare]) => double ?? single ?? bare ?? "");

async function commandNamed(name: string): Promise<CommandSpec> {
  const entry = COMMANDS[ALIASES[name] ?? name];
  if (!entry) throw new Error(`no command ${name}`);
  return (await entry.load()).command;
}

/** The words of a usage that stand for themselves: `list` of `[list] | add PROMPT|-`. */
const actsOf = ({ usage, name }: CommandSpec): string[] => usage.slice(name.length).match(/\b[a-z][a-z-]+\b/g) ?? [];

/** Why a command line would be refused before anything is asked for; null = it would not. */
async function obstacleOf(form: string): Promise<string | null> {
  const [name = "", ...rest] = wordsOf(form);
  try {
    const command = await commandNamed(name);
    const { words } = parse(command, rest);
    requireWords(command, words);
    const [act] = words;
    const takesActs = /^(?:orchestrator|queue|trigger|approvals|mode|pulse|sessions)$/.test(command.name);
    return takesActs && act !== undefined && !actsOf(command).includes(act) ? `no ${command.name} ${act}` : null;
  } catch (error) {
    if (error instanceof Refusal || error instanceof Error) return error.message;
    throw error;
  }
}

test("A1 A9 A24 A25 A26 A29 every form of docs/coming-from.md is one that its command takes", async () => {
  expect(FORMS.length).toBeGreaterThan(70);
  for (const form of FORMS) expect([form, await obstacleOf(form)]).toEqual([form, null]);
});

test("A2 A15 A22 A27 A30 every command of the guide's reference has its form on the page, and its flags are there", async () => {
  for (const [name, flags] of Object.entries(REFERENCE)) {
    const command = await commandNamed(name);
    for (const flag of flags)
      expect([name, flag, flag === "json" || flag in command.flags]).toEqual([name, flag, true]);
    expect([name, FORMS.some((form) => wordsOf(form)[0] === name)]).toEqual([name, true]);
  }
});

test("a form that lies is found: an unknown command, flag, word, too many words", async () => {
  for (const form of ["fly", "start p --fast", "queue fly", "kill", "status a b", "lead dance"])
    expect([form, await obstacleOf(form)]).not.toEqual([form, null]);
});
