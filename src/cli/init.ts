import { resolve } from "node:path";
import { type CommandSpec, isSet, text } from "./command.ts";
import { type ScaffoldLine, scaffold } from "./init/scaffold.ts";
import { requireRepository } from "./repository.ts";
import { paint, table } from "./style.ts";

/** One line of a list of files. */
export const shownLine = ({ what, path, note }: ScaffoldLine): string[] => [
  paint(what === "kept" ? "dim" : "green", what),
  path,
  note ? paint("dim", note) : "",
];

export const command: CommandSpec = {
  name: "init",
  usage: "init [--to PATH] [--force] [--include-guides]",
  summary: "Prepares a git repository for a team: settings, mailbox, boards, ignore rule. Existing files are kept.",
  examples: ["muster init", "muster init --to ../other --force"],
  flags: {
    to: { type: "string", value: "PATH", help: "the repository, or a folder in it (here)" },
    force: { type: "boolean", help: "overwrite, after saving <file>.bak-<time>" },
    "include-guides": { type: "boolean", help: "also what explains a team and its settings, into docs/por/guides" },
  },
  async run({ flags, cwd, isJson, print }) {
    const root = requireRepository(resolve(cwd, text(flags, "to") ?? "."));
    const lines = scaffold(root, { isForced: isSet(flags, "force"), withGuides: isSet(flags, "include-guides") });
    if (isJson) print(JSON.stringify(lines));
    else
      print(`${paint("bold", root)}
${table(lines.map(shownLine))}

Nothing is committed. Next:
  $EDITOR PROJECT.md    what this project is for; every agent gets it in full
  muster doctor         says what is there and what is missing
  muster run            starts the team`);
    return 0;
  },
};
