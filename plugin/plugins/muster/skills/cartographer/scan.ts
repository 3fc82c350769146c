/** What a code base consists of, with about how many tokens each file has. Node's own modules only: it runs anywhere. */
import { spawnSync } from "node:child_process";
import { closeSync, lstatSync, openSync, readdirSync, readFileSync, readSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";

interface File {
  path: string;
  bytes: number;
  tokens: number;
}

interface Skipped {
  path: string;
  reason: string;
}

interface Folder {
  path: string;
  files: number;
  tokens: number;
}

interface Scan {
  root: string;
  total_files: number;
  total_tokens: number;
  folders: Folder[];
  files: File[];
  skipped: Skipped[];
}

/** Letters that make a token, roughly: enough to divide work by. */
const LETTERS = 4;
const LARGEST_BYTES = 8 * 1024 * 1024;
/** Outside of git nobody says what is generated. */
const GENERATED = new Set([
  ...[".git", "node_modules", "dist", "build", "out", "target", "coverage", "vendor", "venv", ".venv"],
  ...["__pycache__", ".next", ".cache", ".turbo", ".gradle", ".idea"],
]);

class Misuse extends Error {}

/** Names that are no UTF-8 or would draw on a terminal are shown harmless. */
const shown = (path: string): string => path.replace(/[\x00-\x1f\x7f-\x9f]/g, "?");

function trackedIn(root: string): string[] | null {
  const argv = ["-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const { status, stdout } = spawnSync("git", argv, { encoding: "utf8", maxBuffer: 1 << 30 });
  return status === 0 ? [...new Set(stdout.split("\0"))].filter((path) => path !== "") : null;
}

function walk(root: string, folder: string, found: string[]): string[] {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory() && !GENERATED.has(entry.name)) walk(root, path, found);
    else if (entry.isFile()) found.push(path);
  }
  return found;
}

function isBinary(path: string): boolean {
  const file = openSync(path, "r");
  try {
    const begin = new Uint8Array(8192);
    return begin.subarray(0, readSync(file, begin, 0, begin.length, 0)).includes(0);
  } finally {
    closeSync(file);
  }
}

/** A file with its tokens, why it is skipped, or null for what is no file at all (a link, one deleted but tracked). */
function look(root: string, path: string, most: number): File | Skipped | null {
  const place = join(root, path);
  const found = lstatSync(place, { throwIfNoEntry: false });
  if (!found?.isFile()) return null;
  try {
    if (isBinary(place)) return { path, reason: "binary" };
    if (found.size > LARGEST_BYTES) return { path, reason: `${found.size} bytes` };
    const tokens = Math.ceil(readFileSync(place, "utf8").length / LETTERS);
    return tokens > most ? { path, reason: `${tokens} tokens` } : { path, bytes: found.size, tokens };
  } catch (error) {
    return { path, reason: (error as NodeJS.ErrnoException).code ?? "unreadable" };
  }
}

const parentsOf = (path: string): string[] => {
  const parts = path.split("/").slice(0, -1);
  return ["", ...parts.map((_, at) => parts.slice(0, at + 1).join("/"))];
};

function foldersOf(files: File[]): Folder[] {
  const all = new Map<string, Folder>();
  for (const file of files)
    for (const path of parentsOf(file.path)) {
      const folder = all.get(path) ?? { path, files: 0, tokens: 0 };
      all.set(path, { path, files: folder.files + 1, tokens: folder.tokens + file.tokens });
    }
  return [...all.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Looks at everything below a folder. Files with more than `most` tokens are named, not counted. */
export function scan(root: string, most: number): Scan {
  const paths = (trackedIn(root) ?? walk(root, "", [])).sort();
  const looked = paths.flatMap((path) => look(root, path, most) ?? []);
  const files = looked.filter((one): one is File => "tokens" in one);
  const skipped = looked.filter((one): one is Skipped => "reason" in one);
  const total_tokens = files.reduce((sum, { tokens }) => sum + tokens, 0);
  return { root, total_files: files.length, total_tokens, folders: foldersOf(files), files, skipped };
}

function tree({ folders, files }: Scan): string[] {
  const lines: string[] = [];
  const parentOf = (path: string) => path.slice(0, Math.max(0, path.lastIndexOf("/")));
  const show = (folder: Folder, depth: number) => {
    const name = folder.path.slice(folder.path.lastIndexOf("/") + 1) || ".";
    lines.push(`${"  ".repeat(depth)}${shown(name)}/  ${folder.tokens} tokens, ${folder.files} files`);
    for (const sub of folders) if (sub.path !== "" && parentOf(sub.path) === folder.path) show(sub, depth + 1);
    for (const file of files)
      if (parentOf(file.path) === folder.path)
        lines.push(`${"  ".repeat(depth + 1)}${shown(file.path.slice(file.path.lastIndexOf("/") + 1))}  ${file.tokens}`);
  };
  const [top] = folders;
  if (top) show(top, 0);
  return lines;
}

const FORMATS: Record<string, (scan: Scan) => string[]> = {
  json: (found) => [JSON.stringify(found, null, 1)],
  tree: (found) => [...tree(found), ...ending(found)],
  compact: (found) => [
    ...[...found.files].sort((a, b) => b.tokens - a.tokens).map(({ path, tokens }) => `${tokens}\t${shown(path)}`),
    ...ending(found),
  ],
};

const ending = ({ total_files, total_tokens, skipped }: Scan): string[] => [
  `total: ${total_files} files, about ${total_tokens} tokens`,
  ...skipped.map(({ path, reason }) => `skipped: ${shown(path)} (${reason})`),
];

function order(argv: string[]) {
  const options = { format: { type: "string", default: "json" }, "max-tokens": { type: "string", default: "50000" } } as const;
  let parsed: { values: { format: string; "max-tokens": string }; positionals: string[] };
  try {
    parsed = parseArgs({ args: argv, options, allowPositionals: true });
  } catch (error) {
    throw new Misuse((error as Error).message);
  }
  const { values, positionals } = parsed;
  const format = Object.hasOwn(FORMATS, values.format) ? FORMATS[values.format] : undefined;
  if (!format) throw new Misuse(`no format ${values.format}; json, tree or compact`);
  const most = Number(values["max-tokens"]);
  if (!Number.isSafeInteger(most) || most < 1) throw new Misuse(`--max-tokens ${values["max-tokens"]} is no number above 0`);
  if (positionals.length > 1) throw new Misuse("one folder, not several");
  const root = resolve(positionals[0] ?? ".");
  if (!statSync(root, { throwIfNoEntry: false })?.isDirectory()) throw new Misuse(`${root} is not a folder`);
  return { root, most, format };
}

/** Prints the scan; 64 = wrong use. */
function main(argv: string[]): number {
  try {
    const { root, most, format } = order(argv);
    process.stdout.write(`${format(scan(root, most)).join("\n")}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof Misuse)) throw error;
    process.stderr.write(`scan: ${error.message}\n`);
    return 64;
  }
}

// A test that imports this file gives other arguments.
if (process.argv[1]?.endsWith("scan.ts")) process.exitCode = main(process.argv.slice(2));
