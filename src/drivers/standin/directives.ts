import type { Action } from "./scenario.ts";

const numeral = (text: string): number => Number(/^\d+/.exec(text)?.[0] ?? 0);
const split = (text: string): [string, string] => {
  const [first = "", rest = ""] = text.split(/\s+(.*)/s);
  return [first, rest];
};

const json = (text: string): Record<string, unknown> | string => {
  try {
    return text.startsWith("{") ? JSON.parse(text) : text;
  } catch {
    return text;
  }
};

const DIRECTIVES: Record<string, (text: string) => Action> = {
  SAY: (say) => ({ say }),
  RUN: (run) => ({ run }),
  WRITE: (text) => ({ write: { path: split(text)[0], text: `${split(text)[1].replaceAll("\\n", "\n")}\n` } }),
  DELAY: (text) => ({ think: numeral(text) }),
  ASK: (text) => ({ ask: { tool: split(text)[0], input: json(split(text)[1]) } }),
  CRASH: (text) => ({ crash: /^\d+$/.test(text) ? Number(text) : text }),
  HANG: (text) => ({ hang: numeral(text) }),
  USAGE: (text) => ({ usage: numeral(text) }),
  COST: (text) => ({ cost: Number.parseFloat(text) || 0 }),
  LIMIT: (limit) => ({ limit }),
  TELL: (text) => ({ tell: { to: split(text)[0] === "user" ? "user" : "peer", text: split(text)[1] } }),
};

/** What lines like `RUN: make` ask for, in order. Without any: an echo of the prompt's start. */
export function directivesIn(text: string): Action[] {
  const actions: Action[] = [];
  for (const line of text.split("\n")) {
    const [, name = "", rest = ""] = /^\s*([A-Z]+):\s*(.*?)\s*$/.exec(line) ?? [];
    const directive = Object.hasOwn(DIRECTIVES, name) ? DIRECTIVES[name] : undefined;
    if (directive) actions.push(directive(rest));
  }
  if (actions.length === 0) return [{ say: `ECHO: ${text.replace(/\s+/g, " ").trim().slice(0, 80)}` }];
  return actions.some((action) => "say" in action) ? actions : [...actions, { say: "DONE" }];
}
