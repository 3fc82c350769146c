import { nearest } from "../core/nearest.ts";
import { Refusal } from "../core/refusal.ts";
import type { CommandSpec } from "./command.ts";
import { SCRIPTS } from "./completions/scripts.ts";
import { allWords } from "./completions/words.ts";

export const command: CommandSpec = {
  name: "completions",
  usage: "completions bash|zsh|fish",
  summary:
    "Prints a script with which your shell completes commands and flags of this version. bash and zsh: source <(muster completions bash), in your shell's own settings. fish: into ~/.config/fish/completions/muster.fish.",
  examples: ["muster completions bash > ~/.muster-completion", "muster completions fish"],
  flags: {},
  takes: [1, 1],
  async run({ words, isJson, print, commands }) {
    const [shell = ""] = words;
    const script = Object.hasOwn(SCRIPTS, shell) ? SCRIPTS[shell] : undefined;
    if (!script) {
      const meant = nearest(shell, Object.keys(SCRIPTS));
      throw new Refusal("usage", `no completions for ${shell}`, meant ? `did you mean ${meant}?` : "bash, zsh or fish");
    }
    const text = script(await allWords(commands));
    print(isJson ? JSON.stringify({ shell, script: text }) : text.trimEnd());
    return 0;
  },
};
