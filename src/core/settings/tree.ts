import { nearest } from "../nearest.ts";

/** One setting: its default, and what a value must be. Keys and units are those of its file (spec: settings files). */
export interface Leaf<T> {
  readonly fallback: T;
  /** `a whole number from 1`: what an error says is expected. */
  readonly expected: string;
  /** Nothing goes by this key in this version: what to do instead. */
  readonly instead?: string;
  isFit(value: unknown): boolean;
}

/** Sections by name; a section holds sections and leaves. */
export interface Tree {
  readonly [key: string]: Leaf<unknown> | Tree;
}

export type ValueOf<T> = T extends Leaf<infer V> ? V : { -readonly [K in keyof T]: ValueOf<T[K]> };

/** Something wrong at a place of a settings file. Only an error keeps the file from being used. */
export interface SettingProblem {
  path: string[];
  level: "error" | "warning";
  message: string;
}

const leaf = <T>(fallback: T, expected: string, isFit: (value: unknown) => boolean): Leaf<T> => ({
  fallback,
  expected,
  isFit,
});

export const flag = (fallback: boolean): Leaf<boolean> =>
  leaf(fallback, "true or false", (value) => typeof value === "boolean");

interface NumberLimits {
  least?: number;
  most?: number;
  isWhole?: boolean;
}

/** A number within its limits (from 0 unless said otherwise). */
export function amount(fallback: number, { least = 0, most = 1e9, isWhole = false }: NumberLimits = {}): Leaf<number> {
  const upTo = most === 1e9 ? "" : ` to ${most}`;
  const isFit = (value: unknown) =>
    typeof value === "number" && value >= least && value <= most && (!isWhole || Number.isInteger(value));
  return leaf(fallback, `a ${isWhole ? "whole " : ""}number from ${least}${upTo}`, isFit);
}

export const count = (fallback: number, least = 0): Leaf<number> => amount(fallback, { least, isWhole: true });

/** Seconds; more than none. */
export const seconds = (fallback: number, least = 0.001): Leaf<number> => amount(fallback, { least, most: 31_536_000 });

export const words = (fallback: string): Leaf<string> => leaf(fallback, "a text", (value) => typeof value === "string");

export const choice = <const T extends string>(fallback: T, ...others: T[]): Leaf<T> => {
  const all = [fallback, ...others];
  return leaf<T>(fallback, `one of ${all.join(", ")}`, (value) => (all as unknown[]).includes(value));
};

/** A key that files may have and nothing goes by: only its default fits, so that nobody waits for an effect. */
export const idle = <T>(fallback: T, instead: string): Leaf<T> => ({
  ...leaf(fallback, "only its default", (value) => JSON.stringify(value) === JSON.stringify(fallback)),
  instead,
});

/** Texts; `isFit` says whether one of them will do. */
export const texts = (fallback: string[], what = "a list of texts", isFit = (_: string) => true): Leaf<string[]> =>
  leaf(fallback, what, (value) => Array.isArray(value) && value.every((one) => typeof one === "string" && isFit(one)));

function isPattern(source: string): boolean {
  try {
    return new RegExp(source, "i") !== null;
  } catch {
    return false;
  }
}

/** Regular expressions of JavaScript, without their slashes. */
export const patterns = (fallback: string[]): Leaf<string[]> =>
  texts(fallback, "a list of regular expressions", isPattern);

/** Texts by a name of their own. */
export const named = (fallback: Record<string, string> = {}): Leaf<Record<string, string>> =>
  leaf(
    fallback,
    "names with a text each",
    (value) => isSection(value) && Object.values(value).every((one) => typeof one === "string"),
  );

const isSection = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const isLeaf = (node: Leaf<unknown> | Tree): node is Leaf<unknown> => typeof node.isFit === "function";

const kindOf = (value: unknown): string => {
  if (value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  return isSection(value) ? "keys" : JSON.stringify(value).slice(0, 60);
};

function unknownKey(tree: Tree, path: string[]): SettingProblem {
  const meant = nearest(path.at(-1) ?? "", Object.keys(tree));
  const message = `unknown key${meant ? `; did you mean ${meant}?` : ""}`;
  return { path, level: "warning", message };
}

/**
 * Reads what a file gave: defaults for what it leaves out, a problem for each value that does not fit and each key that nobody
 * knows. A misfit never becomes part of the value.
 */
export function readTree<T extends Tree>(
  tree: T,
  given: unknown,
  path: string[] = [],
): { value: ValueOf<T>; problems: SettingProblem[] } {
  const problems: SettingProblem[] = [];
  const value: Record<string, unknown> = {};
  const section = given === undefined || given === null ? {} : given;
  if (!isSection(section)) problems.push({ path, level: "error", message: `expected keys, got ${kindOf(given)}` });
  const entries = new Map(isSection(section) ? Object.entries(section) : []);
  for (const key of entries.keys()) if (!Object.hasOwn(tree, key)) problems.push(unknownKey(tree, [...path, key]));
  for (const [key, node] of Object.entries(tree)) {
    const one = entries.get(key);
    if (isLeaf(node)) value[key] = readLeaf(node, one, [...path, key], problems);
    else {
      const read = readTree(node, one, [...path, key]);
      problems.push(...read.problems);
      value[key] = read.value;
    }
  }
  return { value: value as ValueOf<T>, problems };
}

function readLeaf(node: Leaf<unknown>, one: unknown, path: string[], problems: SettingProblem[]): unknown {
  if (one === undefined) return node.fallback;
  if (node.isFit(one)) return one;
  const message = node.instead
    ? `has no effect in this version; leave it out, and ${node.instead}`
    : `expected ${node.expected}, got ${kindOf(one)}`;
  problems.push({ path, level: "error", message });
  return node.fallback;
}

/** Only what differs from the defaults, so that the log keeps it small. */
export function changesIn<T extends Tree>(tree: T, value: ValueOf<T>): Record<string, unknown> {
  const changes: Record<string, unknown> = {};
  for (const [key, node] of Object.entries(tree)) {
    const one = (value as Record<string, unknown>)[key];
    if (isLeaf(node)) {
      if (JSON.stringify(one) !== JSON.stringify(node.fallback)) changes[key] = one;
    } else {
      const inner = changesIn(node, one as ValueOf<Tree>);
      if (Object.keys(inner).length > 0) changes[key] = inner;
    }
  }
  return changes;
}
