import { type Diff, NotADiff, parseDiff, pathsOf } from "./diff.ts";

/** What a repository allows patches to do, and what proves them (settings `patch_queue`, `evidence`). */
export interface PatchPolicy {
  maxLines: number;
  /** Globs of `*` and `**`. */
  allowedPaths: string[];
  /** A person's own commands; absent = what the repository's files suggest. */
  lint?: string;
  test?: string;
  /** Longest run of one command, milliseconds. */
  limitMs: number;
  /** Commands that may be run again to judge `cmd:` evidence. */
  rerunAllow: string[];
}

export const PATCH_POLICY: PatchPolicy = {
  maxLines: 150,
  allowedPaths: ["src/**", "tests/**", "docs/**", "infra/**", "README.md", "AGENTS.md", "PROJECT.md"],
  limitMs: 300_000,
  rerunAllow: [],
};

/** A refusal by kind (the word behind `patch-`) and reason. */
export interface PatchRefusal {
  kind: "reject" | "precheck-fail" | "apply-fail" | "lint-fail" | "test-fail" | "blocked";
  reason: string;
}

const pattern = (glob: string): RegExp =>
  new RegExp(
    `^${glob.replace(/\*\*|\*|[^*]+/g, (part) => {
      if (part === "**") return ".*";
      return part === "*" ? "[^/]*" : part.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
    })}$`,
    "s",
  );

/** `.git` and `.muster` are nobody's patch, whatever the globs say; nor is a path that leaves the repository. */
export function isAllowedPath(path: string, globs: string[]): boolean {
  const parts = path.split("/");
  const isOutside = path.startsWith("/") || parts.some((part) => part === "" || part === "." || part === "..");
  const isOurs = parts[0]?.toLowerCase() === ".muster" || parts.some((part) => part.toLowerCase() === ".git");
  return !isOutside && !isOurs && globs.some((glob) => pattern(glob).test(path));
}

export const notAllowed = (path: string, what = ""): PatchRefusal => ({
  kind: "reject",
  reason: `path-not-allowed: ${path}${what}`,
});

/** A diff copied from a terminal program's screen carries its frame; guessing the text behind it would change it. */
function frameIn(text: string): string | null {
  const lines = text.split("\n");
  const at = lines.findIndex((line) => /^\s*[\u2500-\u257f]/.test(line) && !/^[ +-]/.test(line));
  if (at >= 0) return `line ${at + 1} begins with a frame of the screen`;
  const body = lines.filter((line) => /^[ +-]/.test(line));
  const framed = body.filter((line) => /[\u2502\u2503\u2551]\s*$/.test(line)).length;
  return body.length > 2 && framed === body.length ? "every line ends in a frame of the screen" : null;
}

/** What can be said about a patch without a repository: form, size, paths (P40, P42, P43). */
export function judgePatch(text: string, policy: PatchPolicy): Diff | PatchRefusal {
  const reject = (reason: string): PatchRefusal => ({ kind: "reject", reason });
  const frame = frameIn(text);
  if (frame) return reject(`ui-frame: ${frame}; write the diff to a file instead of copying it`);
  if (text.includes("\u0000")) return reject("not-a-diff: it holds a NUL character");
  let diff: Diff;
  try {
    diff = parseDiff(text);
  } catch (error) {
    if (!(error instanceof NotADiff)) throw error;
    return reject(`not-a-diff: ${error.message}`);
  }
  const { changed } = diff;
  if (changed > policy.maxLines) {
    return reject(`too-many-lines: ${changed} > ${policy.maxLines}; split it or open an RFD`);
  }
  const outside = pathsOf(diff).find((path) => !isAllowedPath(path, policy.allowedPaths));
  return outside === undefined ? diff : notAllowed(outside);
}

/** A title for a patch that has none: the first words before its diff, else its files. */
export function titleOf(text: string, diff: Diff | null): string {
  const before = text.split("\n").slice(0, 40);
  const end = before.findIndex((line) => /^(?:diff --git |--- |@@ |Index: )/.test(line));
  const words = before
    .slice(0, Math.max(end, 0))
    .map((line) => line.replace(/^(?:#+ |Subject: (?:\[[^\]]*\] )?|title: )/i, "").trim())
    .find((line) => /\w/.test(line) && !/^(?:From|Date|Author|commit)\b/.test(line));
  if (words) return words;
  const paths = diff ? pathsOf(diff) : [];
  return paths.length > 0 ? `change ${paths.slice(0, 3).join(", ")}${paths.length > 3 ? " ..." : ""}` : "a patch";
}
