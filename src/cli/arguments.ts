import { parseArgs } from "node:util";
import { nearest } from "../core/nearest.ts";
import { Refusal } from "../core/refusal.ts";
import type { CommandSpec, Flag, Values } from "./command.ts";
import { COMMON } from "./words.ts";

interface Token {
  kind: string;
  name?: string;
  rawName?: string;
  value?: string;
  inlineValue?: boolean;
}

function refuseUnknown(command: CommandSpec, given: string, known: string[]): never {
  const meant = nearest(given.replace(/^-+/, ""), known);
  const hint = meant ? `did you mean --${meant}?` : `muster ${command.name} --help lists them`;
  throw new Refusal(
    "usage",
    `muster ${command.name} knows no ${given}`,
    `${hint} A text that begins with - goes after --`,
  );
}

/** What is wrong with a flag's value, in our words: node's own say it on three lines. */
function checkValue({ type, value: placeholder }: Flag, { rawName = "", value, inlineValue }: Token): void {
  if (type === "boolean" && value !== undefined) throw new Refusal("usage", `${rawName} takes no value`);
  if (type === "boolean") return;
  if (value === undefined)
    throw new Refusal("usage", `${rawName} needs a value`, `${rawName} ${placeholder ?? "VALUE"}`);
  if (!inlineValue && value.length > 1 && value.startsWith("-"))
    throw new Refusal(
      "usage",
      `${rawName} needs a value, and ${value} looks like a flag`,
      `if it is meant: ${rawName}=${value}`,
    );
}

/** What was typed, by the command's own list; anything else is refused with the nearest name. */
export function parse(command: CommandSpec, argv: string[]): { words: string[]; flags: Values } {
  const options = { ...command.flags, ...COMMON };
  const { tokens } = parseArgs({ args: argv, options, allowPositionals: true, strict: false, tokens: true });
  for (const token of tokens as Token[]) {
    if (token.kind !== "option") continue;
    const flag = Object.hasOwn(options, token.name ?? "") ? options[token.name ?? ""] : undefined;
    if (!flag) refuseUnknown(command, token.rawName ?? "", Object.keys(options));
    checkValue(flag, token);
  }
  const { values, positionals } = parseArgs({ args: argv, options, allowPositionals: true });
  return { words: positionals, flags: values };
}
