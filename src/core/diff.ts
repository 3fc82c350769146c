/** One file of a unified diff, as its headers say. `null` = /dev/null. */
export interface DiffFile {
  from: string | null;
  to: string | null;
}

export interface Diff {
  files: DiffFile[];
  /** Added plus removed lines; of a binary part its data lines. */
  changed: number;
}

/** Why a text is not a unified diff, said to its author. */
export class NotADiff extends Error {}

const HUNK = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/;
const EXTENDED =
  /^(?:old mode|new mode|deleted file mode|new file mode|copy from|copy to|rename from|rename to|similarity index|dissimilarity index|index) /;

/** What a line of a hunk takes from the counts of its header. */
const SPENT: Record<string, { minus?: number; plus?: number }> = {
  " ": { minus: 1, plus: 1 },
  "-": { minus: 1 },
  "+": { plus: 1 },
};

const bare = (line: string): string => (line.endsWith("\r") ? line.slice(0, -1) : line);

const ESCAPES: Record<string, number> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13 };

/** A path that git quoted as a C string (spaces are not quoted, bytes beyond ASCII are). */
function unquoted(text: string): string {
  if (!text.startsWith('"')) return text;
  const bytes: number[] = [];
  for (const [, octal, letter, plain] of text.slice(1, -1).matchAll(/\\([0-7]{3})|\\(.)|([^\\]+)/gu)) {
    if (octal) bytes.push(Number.parseInt(octal, 8));
    else if (letter) bytes.push(ESCAPES[letter] ?? letter.charCodeAt(0));
    else bytes.push(...new TextEncoder().encode(plain));
  }
  return new TextDecoder().decode(new Uint8Array(bytes));
}

/** The path of a `---` or `+++` line without its first part (`a/`, `b/`), as `git apply -p1` takes it. */
function pathOf(line: string): string | null {
  const named = unquoted((bare(line).slice(4).split("\t")[0] ?? "").trim());
  if (named === "/dev/null") return null;
  return named.slice(named.indexOf("/") + 1);
}

/** `diff --git a/x b/x`: both names are the same unless a rename line says otherwise. */
function namesOf(line: string): DiffFile {
  const rest = bare(line).slice("diff --git ".length);
  const [, first = "", second = ""] = /^("(?:[^"\\]|\\.)*") ("(?:[^"\\]|\\.)*")$/.exec(rest) ?? [];
  const [, twice] = /^..(.*) ..\1$/.exec(rest) ?? [];
  const cut = twice === undefined ? rest.indexOf(" b/") : twice.length + 2;
  const [from, to] = first
    ? [unquoted(first), unquoted(second)]
    : cut < 0
      ? [rest, rest]
      : [rest.slice(0, cut), rest.slice(cut + 1)];
  const strip = (name: string) => name.slice(name.indexOf("/") + 1);
  return { from: strip(from), to: strip(to) };
}

/** Walks the grammar of unified diffs line by line; `at` is the line it stands on. */
class Walker {
  readonly files: DiffFile[] = [];
  changed = 0;

  constructor(
    private readonly lines: string[],
    public at: number,
  ) {}

  isHeader(): boolean {
    const [line, next, third] = this.lines.slice(this.at, this.at + 3);
    if (line?.startsWith("diff --git ")) return true;
    return Boolean(line?.startsWith("--- ") && next?.startsWith("+++ ") && third && HUNK.test(third));
  }

  /** One file: headers, then hunks or a binary part. */
  file(): void {
    const file: DiffFile = { from: null, to: null };
    if (this.line().startsWith("diff --git ")) {
      Object.assign(file, namesOf(this.line()));
      this.at += 1;
      this.extended(file);
    }
    if (this.line().startsWith("--- ") && this.line(1).startsWith("+++ ")) {
      Object.assign(file, { from: pathOf(this.line()), to: pathOf(this.line(1)) });
      this.at += 2;
      while (HUNK.test(this.line())) this.hunk();
    } else if (/^GIT binary patch\r?$/.test(this.line())) this.binary();
    else if (/^Binary files .* differ\r?$/.test(this.line())) this.at += 1;
    this.files.push(file);
  }

  private line(ahead = 0): string {
    return this.lines[this.at + ahead] ?? "";
  }

  private extended(file: DiffFile): void {
    for (; EXTENDED.test(this.line()); this.at += 1) {
      const [, side, name] = /^(?:rename|copy) (from|to) (.*)$/.exec(bare(this.line())) ?? [];
      if (side === "from") file.from = unquoted(name ?? "");
      if (side === "to") file.to = unquoted(name ?? "");
    }
  }

  private hunk(): void {
    const start = this.at;
    const [, old = "1", young = "1"] = HUNK.exec(this.line()) ?? [];
    const left = { minus: Number(old), plus: Number(young) };
    for (this.at += 1; left.minus > 0 || left.plus > 0; this.at += 1) {
      const kind = this.kind();
      if (kind === null) throw new NotADiff(`the hunk of line ${start + 1} is cut short at line ${this.at + 1}`);
      const { minus = 0, plus = 0 } = SPENT[kind] ?? {};
      left.minus -= minus;
      left.plus -= plus;
      this.changed += minus === plus ? 0 : 1;
    }
    if (left.minus < 0 || left.plus < 0) {
      throw new NotADiff(`the hunk of line ${start + 1} has other lines than it counts`);
    }
    if (this.line().startsWith("\\")) this.at += 1;
  }

  /** What the present line of a hunk is; an empty line is a blank context line whose blank was lost, as git takes it. */
  private kind(): string | null {
    const line = this.lines[this.at];
    if (line === undefined || (line === "" && this.at === this.lines.length - 1)) return null;
    if (line === "" || line === "\r") return " ";
    return /^[ +\\-]/.test(line) ? line.slice(0, 1) : null;
  }

  private binary(): void {
    this.at += 1;
    while (/^(?:literal|delta) \d+\r?$/.test(this.line())) {
      this.at += 1;
      for (; bare(this.line()) !== "" && this.at < this.lines.length; this.at += 1) this.changed += 1;
      if (this.at < this.lines.length - 1) this.at += 1;
    }
  }
}

/** Reads a whole patch file; text before and between its files is allowed, as `git apply` allows it. Throws NotADiff. */
export function parseDiff(text: string): Diff {
  const lines = text.split("\n");
  const walker = new Walker(lines, 0);
  while (walker.at < lines.length) {
    if (walker.isHeader()) walker.file();
    else if (lines[walker.at]?.startsWith("@@ -")) {
      throw new NotADiff(`line ${walker.at + 1} is a hunk without a file`);
    } else walker.at += 1;
  }
  if (walker.files.length === 0) throw new NotADiff("it has no file headers (diff --git, or --- and +++ with @@)");
  return { files: walker.files, changed: walker.changed };
}

/** Raw diffs that stand in a text, each from its first header to the end of its grammar; their exact lines. */
export function diffsIn(lines: string[]): string[] {
  const found: string[] = [];
  const walker = new Walker(lines, 0);
  while (walker.at < lines.length) {
    const start = walker.at;
    try {
      while (walker.isHeader()) walker.file();
    } catch (error) {
      // A broken diff is handed on too: its author is told why.
      if (!(error instanceof NotADiff)) throw error;
    }
    if (walker.at === start) walker.at += 1;
    else found.push(`${lines.slice(start, walker.at).join("\n")}\n`);
  }
  return found;
}

/** Every path that a diff names, old and new, once. */
export const pathsOf = (diff: Diff): string[] => [
  ...new Set(diff.files.flatMap(({ from, to }) => [from, to].filter((path): path is string => path !== null))),
];
