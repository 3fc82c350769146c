import {
  accessSync,
  appendFileSync,
  constants,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { POR_TEMPLATE } from "../../core/boards/templates.ts";
import { Refusal } from "../../core/refusal.ts";
import { SETTINGS_FILES } from "../../core/settings/settings.ts";
import { templateOf } from "../../core/settings/template.ts";

const FOLDERS = ["settings", "mailbox", "state", "logs", "work", "rules", "tasks"];

/** What `PROJECT.md` holds until a person or a peer writes it. */
export const PROJECT = `# What this project is for

Say in a few lines what should exist in the end, who uses it, and how one sees that it works.
This text goes to every agent of the team, in full.
`;

const FOREMAN = `# What the foreman looks after

One short task at a time, in your own words.
`;

/** The parts of the documentation that explain a team to whoever works in the repository. */
const GUIDES = ["team.md", "settings.md"];

const settingsFiles = (): [path: string, text: string][] =>
  SETTINGS_FILES.map((file) => [`.muster/settings/${file}.yaml`, templateOf(file)]);

const guides = (): [path: string, text: string][] =>
  GUIDES.map((name) => [
    `docs/por/guides/${name}`,
    readFileSync(join(import.meta.dir, "..", "..", "..", "docs", name), "utf8"),
  ]);

/** What became of one file or folder. */
export interface ScaffoldLine {
  what: "created" | "kept" | "replaced" | "extended";
  path: string;
  /** What is worth knowing besides. */
  note?: string;
}

/** A link in the place of one of our folders would lead our files to somebody else's. */
function requireOwn(path: string): void {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found || found.isDirectory()) return;
  throw new Refusal("failed", `${path} is not a folder of its own`, "remove it; muster init makes it again");
}

function writeScaffold(root: string, path: string, content: string, isForced: boolean): ScaffoldLine {
  const target = join(root, path);
  mkdirSync(dirname(target), { recursive: true });
  if (!existsSync(target)) {
    writeFileSync(target, content);
    return { what: "created", path };
  }
  if (!isForced || readFileSync(target, "utf8") === content) return { what: "kept", path };
  const kept = `${path}.bak-${Math.floor(Date.now() / 1000)}`;
  copyFileSync(target, join(root, kept));
  writeFileSync(target, content);
  return { what: "replaced", path, note: `the old one is ${kept}` };
}

/** Keeps `.muster/` out of the repository. */
export function ignore(root: string): ScaffoldLine {
  const path = join(root, ".gitignore");
  const before = existsSync(path) ? readFileSync(path, "utf8") : "";
  if (/^\/?\.muster\/?$/m.test(before)) return { what: "kept", path: ".gitignore" };
  appendFileSync(path, `${before === "" || before.endsWith("\n") ? "" : "\n"}/.muster/\n`);
  return { what: before === "" ? "created" : "extended", path: ".gitignore", note: "/.muster/ is ignored" };
}

function folders(root: string): ScaffoldLine {
  const muster = join(root, ".muster");
  const isThere = existsSync(muster);
  requireOwn(muster);
  for (const folder of FOLDERS) {
    requireOwn(join(muster, folder));
    mkdirSync(join(muster, folder), { recursive: true, mode: 0o700 });
  }
  return { what: isThere ? "kept" : "created", path: ".muster/", note: `folders: ${FOLDERS.join(", ")}` };
}

function requireWritable(root: string): void {
  try {
    accessSync(root, constants.W_OK);
  } catch {
    throw new Refusal("failed", `${root} may not be written`, "give leave to write there, or choose another place");
  }
}

/** Puts the scaffold of a team into a repository; existing files stay. */
export function scaffold(root: string, options: { isForced: boolean; withGuides: boolean }): ScaffoldLine[] {
  requireWritable(root);
  const first = folders(root);
  const files: [path: string, text: string][] = [
    ...settingsFiles(),
    ["docs/por/POR.md", POR_TEMPLATE],
    ["PROJECT.md", PROJECT],
    ["FOREMAN_TASK.md", FOREMAN],
    ...(options.withGuides ? guides() : []),
  ];
  return [first, ...files.map(([path, text]) => writeScaffold(root, path, text, options.isForced)), ignore(root)];
}
