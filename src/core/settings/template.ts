import { NOTES } from "./notes.ts";
import { FILES, type SettingsFile } from "./settings.ts";
import { isLeaf, type Leaf, type Tree } from "./tree.ts";

/** A key of a settings file with its default, in the order of the file. */
export interface SettingRow {
  path: string[];
  leaf: Leaf<unknown>;
}

/** Each driver has the same keys; a file and its document show those of one. */
const SHOWN_DRIVER = "claude";

/** Read, and without a meaning: nobody is told to write it. */
const PASSED_OVER = "delivery_mode";

const isShown = (file: SettingsFile, path: string[]): boolean =>
  path[0] !== PASSED_OVER && (file !== "agents" || path.length < 2 || path[1] === SHOWN_DRIVER);

/** All keys of a tree that hold a value. */
export function rowsOf(file: SettingsFile, tree: Tree = FILES[file], before: string[] = []): SettingRow[] {
  return Object.entries(tree).flatMap(([key, node]) => {
    const path = [...before, key];
    if (!isShown(file, path)) return [];
    return isLeaf(node) ? [{ path, leaf: node }] : rowsOf(file, node, path);
  });
}

const PLAIN = /^[A-Za-z./][A-Za-z0-9_./ -]*$/;
/** Words that YAML would read as something else than a text. */
const READ_OTHERWISE = /^(true|false|null|yes|no|on|off|y|n|\.inf|\.nan)$/i;

const isPlain = (text: string): boolean => PLAIN.test(text) && !READ_OTHERWISE.test(text) && !text.endsWith(" ");

/** A value as YAML on one line. */
export function yamlOf(value: unknown): string {
  if (typeof value === "string") return isPlain(value) ? value : JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(yamlOf).join(", ")}]`;
  return JSON.stringify(value);
}

const WIDTH = 96;

/** What stands behind a key: its note, or what a value must be where that is not plain from the default. */
export function remark(file: SettingsFile, { path, leaf }: SettingRow): string {
  const note = leaf.instead === undefined ? NOTES[`${file}: ${path.join(".")}`] : "has no effect in this version";
  const isChoice = leaf.expected.startsWith("one of ");
  return [...(isChoice ? [leaf.expected] : []), ...(note ? [note] : [])].join("; ");
}

/** `# key: default  # remark`: a key that a person may take the sign away from. `column`: where the sign stands. */
export function commentedKey(file: SettingsFile, row: SettingRow, column: number): string {
  const line = `${" ".repeat(column)}# ${row.path.at(-1)}: ${yamlOf(row.leaf.fallback)}`;
  const said = remark(file, row);
  return said && `${line}  # ${said}`.length <= WIDTH ? `${line}  # ${said}` : line;
}

function sectionLines(file: SettingsFile, tree: Tree, path: string[]): string[] {
  const column = 2 * path.length;
  return Object.entries(tree).flatMap(([key, node]) => {
    const here = [...path, key];
    if (!isShown(file, here)) return [];
    if (isLeaf(node)) return [commentedKey(file, { path: here, leaf: node }, column)];
    return [`${" ".repeat(column)}${key}:`, ...sectionLines(file, node, here)];
  });
}

const HEADS: Record<SettingsFile, string> = {
  cli_profiles: "Rhythm, mailboxes, who sits where.",
  policies: "What is committed, what counts, what is held.",
  roles: "Shown to the team, never enforced.",
  foreman: "The user's proxy on a timer.",
  agents: "What you change of a driver. The other drivers have the same keys under their own name.",
  telegram: "A chat of the team in Telegram. Its token stands outside the repository: muster token set.",
  slack: "A chat of the team in Slack. Its tokens stand outside the repository: muster token set.",
  discord: "A chat of the team in Discord. Its token stands outside the repository: muster token set.",
  wecom: "A group in WeCom that is told what happens; it only listens.",
};

/** What a settings file says of itself. */
export const headOf = (file: SettingsFile): string => HEADS[file];

/** A settings file as `muster init` writes it: every key as a comment with its default. */
export function templateOf(file: SettingsFile): string {
  const head = [
    `# ${HEADS[file]}`,
    "# A key behind # has the value it shows; take the sign away to change it. Read again whenever it is saved.",
  ];
  return `${[...head, ...sectionLines(file, FILES[file], [])].join("\n")}\n`;
}
