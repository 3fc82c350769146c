import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { Refusal } from "../../core/refusal.ts";

/** A letter to the peer, the user or the helper. */
export interface Letter {
  to: "peer" | "user" | "aux";
  text: string;
  /** Keys of the insight fence. */
  kind?: string;
  next?: string;
  refs?: string[];
  /** The text is written as it is, without tag and fence. */
  raw?: boolean;
  /** `letter` only: how long to wait while the last one still lies there, in milliseconds; 0 overwrites blindly. */
  wait?: number;
}

export interface Edit {
  path: string;
  /** Text to find once; left out, `text` becomes the whole file. */
  find?: string;
  replace?: string;
  text?: string;
}

/** One thing to do; exactly one key. */
export interface Action {
  say?: string;
  /** Milliseconds of being busy. */
  think?: number;
  run?: string;
  write?: { path: string; text: string };
  edit?: Edit;
  patch?: { diff?: string; edits?: Edit[] };
  tell?: Letter;
  letter?: Letter;
  ask?: { tool: string; input: Record<string, unknown> | string };
  /** Exit code, or the name of a signal. */
  crash?: number | string;
  /** Milliseconds in which nothing is read or drawn. */
  hang?: number;
  /** Tokens in the context from now on. */
  usage?: number;
  /** US dollars that it has cost from now on; told at once. */
  cost?: number;
  /** The turn fails with this text as a rate limit. */
  limit?: string;
}

export interface Rule {
  /** Matched against the prompt without marks, and the letters it names. */
  when: RegExp;
  times: number;
  /** Only for this seat. */
  seat?: string;
  actions: Action[];
}

const KINDS = new Set("say think run write edit patch tell letter ask crash hang usage cost limit".split(" "));

const wrong = (where: string, why: string): Refusal => new Refusal("usage", `scenario ${where}: ${why}`);

function actionOf(raw: unknown, where: string): Action {
  const keys = typeof raw === "object" && raw !== null ? Object.keys(raw) : [];
  if (keys.length !== 1 || !KINDS.has(keys[0] ?? "")) {
    throw wrong(where, `needs exactly one of ${[...KINDS].join(", ")}; has ${keys.join(", ") || typeof raw}`);
  }
  return raw as Action;
}

function ruleOf(raw: Record<string, unknown>, where: string): Rule {
  const { when, flags, times, seat, do: actions, ...unknown } = raw;
  const [stranger] = Object.keys(unknown);
  if (stranger) throw wrong(where, `unknown key ${stranger}`);
  if (!Array.isArray(actions)) throw wrong(where, "`do` is not a list");
  try {
    return {
      when: new RegExp(String(when ?? ""), String(flags ?? "ms")),
      times: times === undefined ? Number.POSITIVE_INFINITY : Number(times),
      seat: seat === undefined ? undefined : String(seat),
      actions: actions.map((action, index) => actionOf(action, `${where}.do[${index}]`)),
    };
  } catch (error) {
    throw error instanceof Refusal ? error : wrong(where, String(error));
  }
}

/** JSON or YAML: a list of rules, or `{rules: [...]}`. */
export function scenarioOf(text: string): Rule[] {
  const raw =
    text.trimStart().startsWith("{") || text.trimStart().startsWith("[") ? JSON.parse(text) : Bun.YAML.parse(text);
  const rules = Array.isArray(raw) ? raw : (raw as { rules?: unknown[] } | null)?.rules;
  if (!Array.isArray(rules)) throw wrong("file", "has no list of rules");
  return rules.map((rule, index) => ruleOf(rule as Record<string, unknown>, `rules[${index}]`));
}

export function readScenario(path: string | undefined): Rule[] {
  if (!path) return [];
  try {
    return scenarioOf(readFileSync(path, "utf8"));
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw wrong(path, error instanceof Error ? error.message : String(error));
  }
}

/** The first rule that fits, may still fire, and what its groups caught. */
export function choose(
  rules: Rule[],
  text: string,
  seat: string,
  fired: ReadonlyMap<number, number>,
): { index: number; rule: Rule; groups: string[] } | null {
  for (const [index, rule] of rules.entries()) {
    if (rule.seat !== undefined && rule.seat.toLowerCase() !== seat.toLowerCase()) continue;
    if ((fired.get(index) ?? 0) >= rule.times) continue;
    rule.when.lastIndex = 0;
    const match = rule.when.exec(text);
    if (match) return { index, rule, groups: [...match].map((group) => group ?? "") };
  }
  return null;
}

/** What `{{name}}`, `{{file:path}}` and `$1` stand for. */
export interface Words {
  names: Record<string, string>;
  groups: string[];
  cwd: string;
}

const fileText = (path: string): string => {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
};

/** Every text inside an action with its variables replaced; names and groups that do not exist stay as written. */
export function filled<T>(value: T, words: Words): T {
  if (typeof value === "string") {
    const text = value.replace(/\{\{(file:)?([^{}]+)\}\}|\$(\d)/g, (whole, file, name, group) => {
      if (group !== undefined) return words.groups[Number(group)] ?? whole;
      return file ? fileText(resolve(words.cwd, name)) : (words.names[name] ?? whole);
    });
    return text as T;
  }
  if (Array.isArray(value)) return value.map((one) => filled(one, words)) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, filled(one, words)])) as T;
}
