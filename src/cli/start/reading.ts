import { existsSync, readFileSync, statSync } from "node:fs";
import { isAbsolute, join, relative } from "node:path";
import { Glob } from "bun";
import { Refusal } from "../../core/refusal.ts";

/** Largest file that a prompt may name as reading, in bytes. */
const LARGEST = 500 * 1024;
/** Bytes of a map that go into a prompt; the rest is named. */
const MAP_BYTES = 60 * 1024;
/** Where a map of the code may be, the best first. */
const MAPS = ["docs/CODEBASE_MAP.md", "CODEBASE_MAP.md", "docs/ARCHITECTURE.md"];
/** Not meant by a pattern that does not name them. */
const PASSED_OVER = [".git", "node_modules"];

const parts = (path: string): string[] => path.split("/");

function matches(pattern: string, dir: string): string[] {
  const root = isAbsolute(pattern) ? "/" : dir;
  const own = isAbsolute(pattern) ? pattern.slice(1) : pattern.replace(/^\.\//, "");
  const exact = join(root, own);
  const isFile = statSync(exact, { throwIfNoEntry: false })?.isFile() ?? false;
  const found = isFile
    ? [exact]
    : [...new Glob(own).scanSync({ cwd: root, dot: true })].map((path) => join(root, path));
  const hidden = PASSED_OVER.filter((name) => !parts(own).includes(name));
  return found
    .map((path) => relative(dir, path))
    .filter((path) => !hidden.some((name) => parts(path).includes(name)))
    .sort();
}

function requireShort(path: string, dir: string): void {
  const { size } = statSync(join(dir, path));
  if (size > LARGEST)
    throw new Refusal("failed", `--file ${path} has ${size} bytes; at most ${LARGEST}`, "leave it out with !PATH");
}

/** The files that patterns mean, from `dir` on, each once; `!PATTERN` takes out. Each pattern must find something. */
export function filesFrom(patterns: string[], dir: string): string[] {
  const wanted = patterns.filter((pattern) => !pattern.startsWith("!"));
  const unwanted = patterns.filter((pattern) => pattern.startsWith("!")).map((pattern) => pattern.slice(1));
  if (wanted.length === 0 && unwanted.length > 0)
    throw new Refusal("usage", `--file !${unwanted[0]} takes out of nothing`, "name files with another --file");
  const isOut = (path: string) => unwanted.some((pattern) => pattern === path || new Glob(pattern).match(path));
  const found = wanted.flatMap((pattern) => {
    const own = matches(pattern, dir);
    if (own.length === 0) throw new Refusal("failed", `--file ${pattern} finds no file in ${dir}`, "mend the pattern");
    return own;
  });
  const files = [...new Set(found)].filter((path) => !isOut(path));
  if (wanted.length > 0 && files.length === 0)
    throw new Refusal("failed", `--file: nothing is left of ${wanted.join(", ")}`, "take a ! pattern out");
  for (const path of files) requireShort(path, dir);
  return files;
}

function textOf(path: string, dir: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(join(dir, path)));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new Refusal("failed", `--file ${path} is not text`, "name it without --inline");
  }
}

/** A fence that the text does not hold. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`{3,}/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}\n${text.trimEnd()}\n${fence}`;
}

function mapText(dir: string): string {
  const path = MAPS.find((name) => existsSync(join(dir, name)));
  if (!path)
    throw new Refusal("failed", `no map of the code in ${dir}`, `run the cartographer skill; it is ${MAPS[0]}`);
  const bytes = readFileSync(join(dir, path));
  const whole = bytes.toString("utf8");
  const head = `Map of this code, from ${path}:`;
  if (bytes.length <= MAP_BYTES) return `${head}\n${fenced(whole)}`;
  const cut = bytes.subarray(0, MAP_BYTES).toString("utf8");
  const shown = cut.slice(0, cut.lastIndexOf("\n") + 1);
  const next = shown.split("\n").length;
  return `${head}\n${fenced(shown)}\nIt goes on from line ${next} of ${path}: read the rest there when you need it.`;
}

/** What a prompt brings along. */
export interface Reading {
  files: string[];
  isInline: boolean;
  hasMap: boolean;
}

/** The whole prompt: what to do, and what to read first. Paths are meant from `dir`. */
export function withReading(prompt: string, { files: patterns, isInline, hasMap }: Reading, dir: string): string {
  const files = filesFrom(patterns, dir);
  const list = `Read these files before you begin:\n${files.map((path) => `- ${path}`).join("\n")}`;
  const texts = () => files.map((path) => `File ${path}:\n${fenced(textOf(path, dir))}`);
  const named = files.length === 0 ? [] : isInline ? texts() : [list];
  return [prompt, ...(hasMap ? [mapText(dir)] : []), ...named].join("\n\n");
}
