/** One child of an object or list, where it stands in the text. Offsets count UTF-16 units. */
export interface Child {
  /** null in a list. */
  key: string | null;
  start: number;
  end: number;
  value: Node;
  /** Where the comma behind it stands; null = none. */
  comma: number | null;
}

export interface Node {
  kind: "object" | "list" | "scalar";
  start: number;
  end: number;
  children: Child[];
  scalar?: unknown;
}

/** Why a text is no JSON, and where. */
export class NotJson extends Error {
  constructor(
    readonly line: number,
    readonly column: number,
    what: string,
  ) {
    super(what);
  }
}

const DEEPEST = 200;
const SCALAR = /(?:"(?:[^"\\\n]|\\.)*"|-?\d[\d.eE+-]*|[a-z]+)/y;
const BLANK = /(?:[ \t\r\n]+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)+/y;

/** Reads JSON with comments and trailing commas, and remembers where everything stands. */
class Scanner {
  private at = 0;

  constructor(private readonly text: string) {}

  document(): Node {
    if (this.text.startsWith("\uFEFF")) this.at = 1;
    this.skip();
    const node = this.node(0);
    this.skip();
    if (this.at < this.text.length) throw this.error("something stands behind its end");
    return node;
  }

  private node(depth: number): Node {
    if (depth > DEEPEST) throw this.error("it is nested too deeply");
    const letter = this.text[this.at];
    if (letter === "{") return this.container("object", "}", depth);
    if (letter === "[") return this.container("list", "]", depth);
    const start = this.at;
    const scalar = this.scalar();
    return { kind: "scalar", start, end: this.at, children: [], scalar };
  }

  private container(kind: "object" | "list", close: string, depth: number): Node {
    const start = this.at++;
    const children: Child[] = [];
    for (;;) {
      this.skip();
      if (this.text[this.at] === close) return { kind, start, end: ++this.at, children };
      const last = children.at(-1);
      if (last && last.comma === null) throw this.error(`a comma or ${close} is missing`);
      const child = this.child(kind, depth);
      children.push(child);
      this.skip();
      if (this.text[this.at] === ",") child.comma = this.at++;
    }
  }

  private child(kind: "object" | "list", depth: number): Child {
    const start = this.at;
    let key: string | null = null;
    if (kind === "object") {
      const word = this.text[this.at] === '"' ? this.scalar() : undefined;
      if (typeof word !== "string") throw this.error("a name in double quotes is missing");
      key = word;
      this.skip();
      if (this.text[this.at] !== ":") throw this.error("a colon is missing");
      this.at++;
      this.skip();
    }
    const value = this.node(depth + 1);
    return { key, start, end: value.end, value, comma: null };
  }

  private scalar(): unknown {
    SCALAR.lastIndex = this.at;
    const [word = ""] = SCALAR.exec(this.text) ?? [];
    try {
      const value: unknown = JSON.parse(word);
      this.at += word.length;
      return value;
    } catch {
      throw this.error(this.at >= this.text.length ? "it ends too early" : "this is no value");
    }
  }

  private skip(): void {
    BLANK.lastIndex = this.at;
    this.at += BLANK.exec(this.text)?.[0].length ?? 0;
  }

  private error(what: string): NotJson {
    const before = this.text.slice(0, this.at).split("\n");
    return new NotJson(before.length, (before.at(-1)?.length ?? 0) + 1, what);
  }
}

/** Where everything stands in a JSON text that may have comments. Throws NotJson. */
export const scan = (text: string): Node => new Scanner(text).document();

/** What a node means. Of a key that stands twice the last one counts, as everywhere. */
export function meaningOf(node: Node): unknown {
  if (node.kind === "scalar") return node.scalar;
  if (node.kind === "list") return node.children.map(({ value }) => meaningOf(value));
  // Without a prototype: `__proto__` in a file is a key like any other.
  const entries: Record<string, unknown> = Object.create(null);
  for (const { key, value } of node.children) entries[key ?? ""] = meaningOf(value);
  return entries;
}

/** The child that counts under a key. */
export const childOf = (node: Node | undefined, key: string): Child | undefined =>
  node?.kind === "object" ? node.children.findLast((child) => child.key === key) : undefined;
