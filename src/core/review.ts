import { preview, visible } from "./text.ts";
import type { TrustedRepository } from "./trusted-repository.ts";

/** One file by which a repository configures the agents that open it. */
export interface ReviewedFile {
  /** Relative to the agents' folder. */
  file: string;
  /** Of all its content, or of what stands for it where it cannot be read. */
  digest: string;
  size: number;
  /** Its beginning; null = no text. */
  head: string | null;
}

/** What a repository brings along that configures agents, and one hash over all of it (security S44). */
export interface Review {
  hash: string;
  files: ReviewedFile[];
}

/** `there`: nobody knows what was agreed to, if anything was. */
export interface Change {
  file: string;
  is: "there" | "new" | "changed" | "gone";
}

/** Files whose beginning is shown, its rows, and the letters of one. */
const FILES_SHOWN = 12;
const ROWS = 8;
const WIDTH = 100;
/** Files that are named; the others are counted. */
const FILES_NAMED = 40;
const NAMED_IN_A_LINE = 5;

const ORDER = ["changed", "new", "there", "gone"] as const;

export const isAgreed = ({ hash, files }: Review, known: TrustedRepository | undefined): boolean =>
  files.length === 0 || known?.trusted === hash;

/** What differs from what a person agreed to; without knowledge of that, everything. */
export function changesIn({ files }: Review, agreed: TrustedRepository["agreed"]): Change[] {
  if (!agreed) return files.map(({ file }) => ({ file, is: "there" }));
  const now = new Set(files.map(({ file }) => file));
  const found = files.flatMap(({ file, digest }): Change[] => {
    if (!Object.hasOwn(agreed, file)) return [{ file, is: "new" }];
    return agreed[file] === digest ? [] : [{ file, is: "changed" }];
  });
  const gone = Object.keys(agreed).filter((file) => !now.has(file));
  const all = [...found, ...gone.map((file): Change => ({ file, is: "gone" }))];
  return ORDER.flatMap((kind) => all.filter(({ is }) => is === kind));
}

/** The first of some files, safe to show, and how many more there are. */
export function namesOf(files: string[]): string {
  const names = files.slice(0, NAMED_IN_A_LINE).map((file) => preview(file, 80));
  const more = files.length - names.length;
  return more > 0 ? `${names.join(", ")} and ${more} more` : names.join(", ");
}

/** The changes in one line: `changed: .mcp.json; new: .envrc`. */
export function changesLine(changes: Change[]): string {
  const parts = ORDER.flatMap((kind) => {
    const files = changes.filter(({ is }) => is === kind).map(({ file }) => file);
    if (files.length === 0) return [];
    return [kind === "there" ? namesOf(files) : `${kind}: ${namesOf(files)}`];
  });
  return parts.join("; ");
}

/** The beginning of a text in rows of one width, as long as there is room. */
function rowsOf(text: string): string[] {
  const rows: string[] = [];
  for (const line of visible(text).trimEnd().split("\n")) {
    const letters = [...line.replaceAll("\t", "  ")];
    do rows.push(letters.splice(0, WIDTH).join(""));
    while (letters.length > 0 && rows.length <= ROWS);
    if (rows.length > ROWS) break;
  }
  return rows;
}

function beginning({ head, size }: ReviewedFile): string[] {
  if (head === null) return ["    (no text)"];
  const rows = rowsOf(head);
  const isWhole = rows.length <= ROWS && size <= new TextEncoder().encode(head).length;
  return [...rows.slice(0, ROWS).map((row) => `    | ${row}`.trimEnd()), ...(isWhole ? [] : ["    | …"])];
}

/** What a person reads before agreeing: each file with its size and its first lines, safe for any terminal. */
export function reviewLines(repo: string, review: Review, changes: Change[]): string[] {
  const files = new Map(review.files.map((one) => [one.file, one]));
  const isKnown = changes.some(({ is }) => is !== "there");
  const lines = [`Agents in ${preview(repo, 200)} would be configured by:`];
  for (const [index, { file, is }] of changes.slice(0, FILES_NAMED).entries()) {
    const one = files.get(file);
    const size = one ? `  (${one.size} bytes)` : "";
    lines.push(`  ${isKnown ? is.padEnd(9) : ""}${preview(file, 120)}${size}`);
    if (one && index < FILES_SHOWN) lines.push(...beginning(one));
  }
  if (changes.length > FILES_NAMED) lines.push(`  … and ${changes.length - FILES_NAMED} more`);
  const same = review.files.length - changes.filter(({ is }) => is !== "gone").length;
  if (same > 0) lines.push(`  ${same} more as agreed`);
  return lines;
}
