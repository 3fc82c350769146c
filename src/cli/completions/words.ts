import type { CommandSpec, CommandTable } from "../command.ts";
import { COMMON } from "../words.ts";

/** What may be typed after one command. */
export interface Words {
  name: string;
  summary: string;
  /** Its first word, where there are only few. */
  choices: string[];
  flags: { name: string; short: string; help: string; takesValue: boolean }[];
}

/** `name a|b` and `name [a|b]`: the words of a use that are meant as they stand. */
function choicesOf({ name, usage }: CommandSpec): string[] {
  const first = usage.slice(name.length).trim().split(/\s+/)[0] ?? "";
  const words = first.replace(/^\[|\]$/g, "").split("|");
  return words.length > 1 && words.every((word) => /^[a-z][a-z-]*$/.test(word)) ? words : [];
}

/** Everything that can be completed, from the commands themselves. */
export function allWords(commands: CommandTable): Promise<Words[]> {
  const entries = Object.entries(commands);
  return Promise.all(
    entries.map(async ([name, { summary, load }]) => {
      const { command } = await load();
      const flags = Object.entries({ ...command.flags, ...COMMON }).map(([flag, { short = "", help, type }]) => ({
        ...{ name: flag, short, help, takesValue: type === "string" },
      }));
      return { name, summary, choices: choicesOf(command), flags };
    }),
  );
}
