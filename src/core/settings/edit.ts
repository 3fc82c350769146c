import { FILES, type SettingsFile } from "./settings.ts";
import { commentedKey, rowsOf, yamlOf } from "./template.ts";
import { isLeaf, type Leaf, type Tree } from "./tree.ts";

/** A line of a settings file that names a key, in force or behind `#`. */
interface KeyLine {
  at: number;
  path: string[];
  /** Column of the key; behind `#` as if the sign were not there. */
  column: number;
  isLive: boolean;
  /** What stands behind the colon, without a comment. */
  value: string;
}

const LINE = /^( *)(#[ ]?)?( *)([A-Za-z_][A-Za-z0-9_-]*):(?: +(.*))?$/;

const join = (path: string[]): string => path.join(".");

const livePart = (rest: string | undefined): string => (rest ?? "").replace(/(^|\s)#.*$/, "").trim();

/** What a path leads to; undefined = nothing that we know. */
function nodeAt(tree: Tree, path: string[]): Leaf<unknown> | Tree | undefined {
  let node: Leaf<unknown> | Tree = tree;
  for (const key of path) {
    const inner: Leaf<unknown> | Tree | undefined = !isLeaf(node) && Object.hasOwn(node, key) ? node[key] : undefined;
    if (inner === undefined) return undefined;
    node = inner;
  }
  return node;
}

/** The lines that name keys. Prose behind `#`, and what belongs to a value of several lines, is none. */
function keyLines(file: SettingsFile, lines: string[]): KeyLine[] {
  const found: KeyLine[] = [];
  const open: KeyLine[] = [];
  for (const [at, line] of lines.entries()) {
    const [, lead = "", sign, more = "", key = "", rest] = LINE.exec(line) ?? [];
    if (key === "") continue;
    const column = lead.length + more.length;
    while ((open.at(-1)?.column ?? -1) >= column) open.pop();
    const path = [...(open.at(-1)?.path ?? []), key];
    const above = nodeAt(FILES[file], path.slice(0, -1));
    if ((above !== undefined && isLeaf(above)) || (sign && nodeAt(FILES[file], path) === undefined)) continue;
    const one: KeyLine = { at, path, column, isLive: !sign, value: livePart(rest) };
    open.push(one);
    found.push(one);
  }
  return found;
}

/** A settings file as lines that can be added to. Whatever it does not know stays as it is. */
class Editor {
  constructor(
    private readonly file: SettingsFile,
    readonly lines: string[],
  ) {}

  find(path: string[]): KeyLine | undefined {
    const wanted = join(path);
    const found = keyLines(this.file, this.lines).filter((one) => join(one.path) === wanted);
    return found.find(({ isLive }) => isLive) ?? found[0];
  }

  /** A section that is written on one line, or whose keys stand behind `#`, takes no further line. */
  isOpen(path: string[]): boolean {
    return path.length === 0 || path.every((_, depth) => this.isOpenSection(path.slice(0, depth + 1)));
  }

  /** Adds lines at the end of a section; `render` is told the column of its keys. */
  add(section: string[], render: (column: number) => string): void {
    const all = keyLines(this.file, this.lines);
    const within = all.filter(({ path }) => section.every((key, depth) => path[depth] === key));
    const head = this.find(section);
    const child = within.find(({ path }) => path.length === section.length + 1);
    const column = child?.column ?? (head ? head.column + 2 : 0);
    const last = within.at(-1) ?? head;
    this.lines.splice(last ? this.endOf(last) : this.lines.length, 0, render(column));
  }

  /** The line after a key and everything that belongs to its value. */
  private endOf({ at, column }: KeyLine): number {
    let end = at + 1;
    for (; end < this.lines.length; end++) {
      const line = this.lines[end] ?? "";
      const indent = line.length - line.trimStart().length;
      const isItem = line.trimStart().startsWith("- ") && indent >= column;
      if (line.trim() === "" || (indent <= column && !isItem)) break;
    }
    return end;
  }

  private isOpenSection(path: string[]): boolean {
    const found = this.find(path);
    return found === undefined || (found.isLive && found.value === "");
  }

  /** Makes the sections above a key. */
  ensure(section: string[]): void {
    for (let depth = 1; depth <= section.length; depth++) {
      const path = section.slice(0, depth);
      if (this.find(path)) continue;
      this.add(path.slice(0, -1), (column) => `${" ".repeat(column)}${path.at(-1)}:`);
    }
  }

  get text(): string {
    return `${this.lines.join("\n")}\n`;
  }
}

const linesOf = (text: string): string[] => {
  const lines = text.replaceAll("\r\n", "\n").split("\n");
  while (lines.at(-1)?.trim() === "") lines.pop();
  return lines;
};

/** The file with every key that it lacks, as a comment with its default; what stands in it stays, byte for byte. */
export function withMissingKeys(file: SettingsFile, text: string): { text: string; added: string[] } {
  const editor = new Editor(file, linesOf(text));
  const added: string[] = [];
  for (const row of rowsOf(file)) {
    const section = row.path.slice(0, -1);
    if (editor.find(row.path) || !editor.isOpen(section)) continue;
    editor.ensure(section);
    editor.add(section, (column) => commentedKey(file, row, column));
    added.push(join(row.path));
  }
  return { text: added.length > 0 ? editor.text : text, added };
}

/** One key of a settings file and what it is to hold. */
export interface SettingEdit {
  path: string[];
  value: unknown;
}

const SIMPLE_VALUE = /^(?:"(?:[^"\\]|\\.)*"|'[^']*'|[A-Za-z0-9._/:@-]+)?$/;

/** The file with one key set; comments and order stay. null = this file is written in a way that lines cannot be changed in. */
export function withSetting(file: SettingsFile, text: string, { path, value }: SettingEdit): string | null {
  const editor = new Editor(file, linesOf(text));
  const section = path.slice(0, -1);
  if (!editor.isOpen(section)) return null;
  const found = editor.find(path);
  const line = (column: number) => `${" ".repeat(column)}${path.at(-1)}: ${yamlOf(value)}`;
  if (found) {
    const before = editor.lines[found.at] ?? "";
    if (!SIMPLE_VALUE.test(found.value) && found.isLive) return null;
    const note = / +#.*$/.exec(before.trimStart().replace(/^#/, ""))?.[0] ?? "";
    editor.lines[found.at] = `${line(found.column)}${note}`;
  } else {
    editor.ensure(section);
    editor.add(section, line);
  }
  return editor.text;
}

/** Lines that stand in the second text only, in its order, with `+`; the second has all lines of the first. */
export function addedLines(before: string, after: string): string[] {
  const old = linesOf(before);
  let at = 0;
  const added: string[] = [];
  for (const line of linesOf(after)) {
    if (old[at] === line) at += 1;
    else added.push(`+${line}`);
  }
  return added;
}
