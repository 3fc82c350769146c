import { isDeepStrictEqual } from "node:util";
import { append, type Insertion, insert, remove, takeOut } from "./edit.ts";
import { type Entry, isOurs } from "./entries.ts";
import { type Child, childOf, meaningOf, type Node, scan } from "./scan.ts";

/** What settings may hold of ours. */
export interface Wanted {
  entries: Entry[];
  /** null = leave the status line alone. */
  statusLine: unknown;
  /** Text that every command of ours has in it, and nobody else's. */
  mark: string;
}

/** What an earlier set-up put in, so that it can be taken out exactly. */
export interface Kept {
  insertions: Insertion[];
  /** The file was not there before. */
  isNew: boolean;
}

/** Why settings that are sound JSON cannot take hooks. */
export class Unfit extends Error {}

/** Where one thing of ours stands. */
interface Found {
  container: Node;
  child: Child;
}

function hooksOf({ value }: Child, mark: string): Found[] {
  const hooks = childOf(value, "hooks")?.value;
  const ours = (hooks?.children ?? []).filter((child) => isOurs(meaningOf(child.value), mark));
  return hooks?.kind === "list" ? ours.map((child) => ({ container: hooks, child })) : [];
}

/** Each hook of ours; a group that holds nothing else goes as a whole. */
function found(root: Node, mark: string): Found[] {
  const all: Found[] = [];
  const hooks = childOf(root, "hooks")?.value;
  for (const { value: list } of hooks?.children ?? []) {
    if (list.kind !== "list") continue;
    for (const group of list.children) {
      const ours = hooksOf(group, mark);
      const isWhole = ours.length > 0 && ours.length === ours[0]?.container.children.length;
      all.push(...(isWhole ? [{ container: list, child: group }] : ours));
    }
  }
  const status = childOf(root, "statusLine");
  if (status && isOurs(meaningOf(status.value), mark)) all.push({ container: root, child: status });
  return all;
}

/** Names of containers that would be empty once ours are gone: made by us, or of no use. */
function emptied(root: Node, event: string | null): Found | undefined {
  const hooks = childOf(root, "hooks");
  const list = hooks && event !== null ? childOf(hooks.value, event) : undefined;
  if (list && hooks) return list.value.children.length === 0 ? { container: hooks.value, child: list } : undefined;
  return hooks && hooks.value.children.length === 0 ? { container: root, child: hooks } : undefined;
}

const eventOf = (root: Node, { container }: Found): string | null =>
  childOf(root, "hooks")?.value.children.find(
    ({ value }) => value.start <= container.start && container.end <= value.end,
  )?.key ?? null;

/** Without anything of ours, found by its mark: for a file that was changed since. */
function stripped(text: string, mark: string, isOld: (found: Found) => boolean): string {
  let whole = text;
  for (;;) {
    const root = scan(whole);
    const one = found(root, mark).find(isOld);
    if (!one) return whole;
    const event = eventOf(root, one);
    whole = remove(whole, one.container, one.child);
    for (const name of event === null ? [] : [event, null]) {
      const empty = emptied(scan(whole), name);
      if (empty) whole = remove(whole, empty.container, empty.child);
    }
  }
}

/** An empty file stands for no settings, as to Claude Code (seen with 2.1.328). */
const isBlank = (text: string): boolean => text.trim() === "";

/** Does Claude Code load it? With remarks or trailing commas 2.1.328 leaves out the whole file. */
export function isStrict(text: string): boolean {
  try {
    JSON.parse(text.replace(/^\uFEFF/, ""));
    return true;
  } catch {
    return isBlank(text);
  }
}

/** What the file was before our insertions; null when they cannot simply be taken out. */
function exactBefore(text: string, mark: string, kept: Kept | null): string | null {
  const before = kept && takeOut(text, kept.insertions);
  if (before === null || isBlank(before)) return before;
  try {
    return found(scan(before), mark).length === 0 ? before : null;
  } catch {
    return null;
  }
}

/** The settings without anything of ours: exactly what they were, when nobody changed them since. */
export function withoutHooks(text: string, mark: string, kept: Kept | null): string {
  if (isBlank(text)) return text;
  return exactBefore(text, mark, kept) ?? stripped(text, mark, () => true);
}

/** What puts one entry in; nothing when it stands there already. */
function entryInsertions(text: string, { event, value }: Entry): Insertion[] {
  const root = scan(text);
  const hooks = childOf(root, "hooks")?.value;
  if (!hooks) return append(text, root, root, "hooks", { [event]: [value] });
  if (hooks.kind !== "object") throw new Unfit("hooks is no object");
  const list = childOf(hooks, event)?.value;
  if (!list) return append(text, root, hooks, event, [value]);
  if (list.kind !== "list") throw new Unfit(`hooks.${event} is no list`);
  if (list.children.some((child) => isDeepStrictEqual(plain(meaningOf(child.value)), plain(value)))) return [];
  return append(text, root, list, null, value);
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** The settings with everything that is wanted, and what was put in. Throws NotJson or Unfit. */
export function withHooks(text: string, wanted: Wanted, kept: Kept | null): { text: string; insertions: Insertion[] } {
  if (!isBlank(text) && scan(text).kind !== "object") throw new Unfit("the settings are no object");
  const isOld = ({ child }: Found) =>
    !wantedValues(wanted).some((value) => isDeepStrictEqual(plain(meaningOf(child.value)), value));
  let whole = exactBefore(text, wanted.mark, kept) ?? (isBlank(text) ? text : stripped(text, wanted.mark, isOld));
  const insertions: Insertion[] = [];
  const put = (some: Insertion[]) => {
    whole = insert(whole, some);
    insertions.push(...some);
  };
  if (isBlank(whole)) put([[0, "{}\n"]]);
  for (const entry of wanted.entries) put(entryInsertions(whole, entry));
  const root = scan(whole);
  if (wanted.statusLine !== null && !childOf(root, "statusLine"))
    put(append(whole, root, root, "statusLine", wanted.statusLine));
  return { text: whole, insertions };
}

const wantedValues = ({ entries, statusLine }: Wanted): unknown[] =>
  [...entries.map(({ value }) => value), statusLine].map(plain);

/** Where things stand: which hooks of ours are there, and whose status line. */
export function lookAt(
  text: string,
  wanted: Wanted,
): { missing: string[]; statusLine: "ours" | "other" | "none"; isOff: boolean } {
  if (isBlank(text)) return { missing: wanted.entries.map(({ event }) => event), statusLine: "none", isOff: false };
  const root = scan(text);
  const missing = wanted.entries.filter((entry) => entryInsertions(text, entry).length > 0).map(({ event }) => event);
  const status = childOf(root, "statusLine");
  const whose = status === undefined ? "none" : isOurs(meaningOf(status.value), wanted.mark) ? "ours" : "other";
  const off = childOf(root, "disableAllHooks");
  return { missing, statusLine: whose, isOff: off !== undefined && meaningOf(off.value) === true };
}
