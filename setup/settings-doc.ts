import { join } from "node:path";
import { SETTINGS_FILES } from "../src/core/settings/settings.ts";
import { headOf, remark, rowsOf, yamlOf } from "../src/core/settings/template.ts";

const PATH = join(import.meta.dir, "..", "docs", "settings.md");

const HEAD = `# Settings

Made from the trees in \`src/core/settings\` by \`bun --no-install setup/settings-doc.ts\`; a test says when it is out of date.

A repository's settings stand in \`.muster/settings/\`, one file each. \`muster init\` makes them with every key as a comment that shows
its default; take the sign away to change it. \`muster upgrade\` adds the keys of a newer version the same way, \`muster upgrade
--dry-run\` shows them first; your values and comments stay. Files are read again when they are saved. Secrets never stand here:
\`env_require\` names variables that are asked for, \`muster token\` keeps tokens outside the repository.

An unknown key is a warning with the nearest name, in roles.yaml an error. A value that does not fit is an error with file, line and column: nothing starts
with it, and a running team keeps its old settings. A file that git tracks is an error, too: it would be somebody else's.
`;

/** A cell of a table: one line, and no bar ends it. */
const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");

const code = (text: string): string => (text.includes("`") ? `\`\` ${cell(text)} \`\`` : `\`${cell(text)}\``);

/** docs/settings.md as the trees say it. */
export function settingsDocument(): string {
  const parts = SETTINGS_FILES.map((file) => {
    const rows = rowsOf(file).map((row) => {
      const { path, leaf } = row;
      const what = remark(file, row).replace(leaf.expected, "").replace(/^; /, "");
      return `| \`${path.join(".")}\` | ${code(yamlOf(leaf.fallback))} | ${cell(leaf.expected)} | ${cell(what)} |`;
    });
    const table = ["| key | default | what it may be | |", "|---|---|---|---|", ...rows];
    return `\n## ${file}.yaml\n${headOf(file)}\n\n${table.join("\n")}\n`;
  });
  return `${HEAD}${parts.join("")}`;
}

if (import.meta.main) await Bun.write(PATH, settingsDocument());
