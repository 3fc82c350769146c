import { resolve } from "node:path";
import type { UpgradedFile } from "../core/premises.ts";
import { SCAFFOLD } from "../version.ts";
import { type CommandSpec, isSet, text } from "./command.ts";
import { ignore } from "./init/scaffold.ts";
import { shownLine } from "./init.ts";
import { requireRepository } from "./repository.ts";
import { line, paint, table } from "./style.ts";

/** A file with its new lines, as a diff shows them; a file that is new as a whole needs none. */
function diffOf({ path, what, diff }: UpgradedFile): string[] {
  if (what !== "extended") return [];
  return [`--- ${path}`, ...diff.map((row) => paint("green", line(row)))];
}

const noteOf = ({ what, diff }: UpgradedFile): string | undefined =>
  what === "extended" ? `${diff.length} new ${diff.length === 1 ? "line" : "lines"}, all of them comments` : undefined;

export const command: CommandSpec = {
  name: "upgrade",
  usage: "upgrade [--to PATH] [--dry-run]",
  summary:
    "Brings a repository's settings to this version: adds missing files and keys with their defaults, as comments. Your values and comments stay.",
  examples: ["muster upgrade --dry-run", "muster upgrade"],
  flags: {
    to: { type: "string", value: "PATH", help: "the repository, or a folder in it (here)" },
    "dry-run": { type: "boolean", help: "show what would be added, write nothing" },
  },
  async run({ flags, cwd, daemon, isJson, print }) {
    const repo = requireRepository(resolve(cwd, text(flags, "to") ?? "."));
    const isDry = isSet(flags, "dry-run");
    const client = await daemon();
    const files = await client.post<UpgradedFile[]>("/api/premises/upgrade", { repo, dry: isDry });
    const rule = isDry ? [] : [ignore(repo)];
    if (isJson) print(JSON.stringify({ repo, scaffold: SCAFFOLD, dryRun: isDry, files }, null, 1));
    else {
      const lines = [...files.map((file) => ({ what: file.what, path: file.path, note: noteOf(file) })), ...rule];
      const diff = files.flatMap(diffOf);
      print([paint("bold", repo), table(lines.map(shownLine)), ...(diff.length > 0 ? ["", ...diff] : [])].join("\n"));
      if (isDry) print("\nNothing was written.");
    }
    return 0;
  },
};
