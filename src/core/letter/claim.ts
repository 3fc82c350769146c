/** A CLAIM that a letter makes in a block of its own: what it will do, on which files, or what it wants decided. */
export interface Claim {
  /** `rfd`: it asks for a decision. */
  intent: string;
  id?: string;
  title: string;
  tasks: string[];
  files: string[];
}

const KEY = /^\s*(?:- )?(type|intent|id|title|tasks|files)\s*:\s*(.*?)\s*$/i;
const ITEM = /^\s*- (?:\{?\s*desc\s*:\s*)?(.*?)\s*\}?\s*$/;
/** Lines of a block that is none: a letter with thousands of them is read all the same. */
const LONGEST = 60;

const bare = (text: string): string => text.trim().replace(/^["']|["']$/g, "");

/** `[a, b]`, `[{desc: a}, {desc: b}]`, or one word. */
function inlineList(text: string): string[] {
  const inside = text.replace(/^\[|\]$/g, "");
  if (inside.includes("{")) {
    return [...inside.matchAll(/desc\s*:\s*("[^"]*"|'[^']*'|[^,}]*)/g)].map(([, desc = ""]) => bare(desc));
  }
  return inside
    .split(",")
    .map(bare)
    .filter((one) => one !== "");
}

type Key = "type" | "intent" | "id" | "title" | "tasks" | "files";
type Fields = Partial<Record<Key, string[]>>;

const isList = (key: string | undefined): key is "tasks" | "files" => key === "tasks" || key === "files";

/** Takes `key: value`; returns the list that goes on in the next lines. */
function take(fields: Fields, given: string, value: string): string[] | null {
  const key = given.toLowerCase() as Key;
  const list = isList(key) ? inlineList(value) : [bare(value)];
  fields[key] = list;
  return value === "" ? list : null;
}

/** Values by key; a list under its key goes on until the next key. */
function fieldsIn(lines: string[]): Fields {
  const fields: Fields = {};
  let open: string[] | null = null;
  for (const line of lines) {
    const [, key, value = ""] = KEY.exec(line) ?? [];
    if (key) open = take(fields, key, value);
    else if (open) open.push(...itemsIn(line));
  }
  return fields;
}

function itemsIn(line: string): string[] {
  const item = bare(ITEM.exec(line)?.[1] ?? "");
  return item === "" ? [] : [item];
}

function readBlock(lines: string[]): Claim {
  const {
    intent: [intent = ""] = [],
    id: [id] = [],
    title: [title = ""] = [],
    tasks = [],
    files = [],
  } = fieldsIn(lines);
  return { intent, ...(id ? { id } : {}), title, tasks, files };
}

/** `CLAIM: do this files:[a.ts, b.ts]` on one line. */
function lineClaim(line: string): Claim | null {
  const [, rest] = /^\s*(?:[-*] )?CLAIM\b:?\s*(.*)/.exec(line) ?? [];
  if (rest === undefined) return null;
  const files = inlineList(/files\s*[:=]\s*\[([^\]]*)\]/i.exec(rest)?.[1] ?? "");
  return { intent: "", title: rest.replace(/,?\s*files\s*[:=]\s*\[[^\]]*\]/i, "").trim(), tasks: [], files };
}

/** The claims of a letter in their order: YAML blocks with `type: CLAIM`, and lines that begin with CLAIM. */
export function claimsIn(text: string): Claim[] {
  const lines = text.split("\n");
  return lines.flatMap((line, index) => {
    if (/^\s*type\s*:\s*["']?CLAIM["']?\s*$/i.test(line)) {
      const rest = lines.slice(index + 1, index + LONGEST);
      const end = rest.findIndex((one) => one.trim() === "" || /^\s*(```|~~~|<\/TO_)/.test(one));
      return [readBlock(end < 0 ? rest : rest.slice(0, end))];
    }
    const claim = lineClaim(line);
    return claim ? [claim] : [];
  });
}
