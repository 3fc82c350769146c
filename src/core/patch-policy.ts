import { type Diff, NotADiff, parseDiff, pathsOf } from "./diff.ts";
import type { Environment } from "./environment.ts";
import { DEFAULT_SETTINGS, type Settings } from "./settings/settings.ts";

/** What a repository allows patches to do, and what proves them (`policies.yaml`, then LINT_CMD and TEST_CMD). */
export interface PatchPolicy {
  maxLines: number;
  /** Globs of `*` and `**`. */
  allowedPaths: string[];
  /** Paths that need a decision of both peers and the user (P48). */
  protectedPaths: string[];
  /** A person's own commands; absent = what the repository's files suggest. */
  lint?: string;
  test?: string;
  /** What an exception must pass instead of `test`. */
  fullTest?: string;
  /** Longest run of the linter and of the tests, milliseconds. */
  lintLimitMs: number;
  testLimitMs: number;
  /** Commands that may be run again to judge `cmd:` evidence. */
  rerunAllow: string[];
}

/** What the settings allow; a person's own commands in the environment win (P44). */
export function policyFrom({ patch_queue: queue, rfd, evidence }: Settings["policies"], env: Environment): PatchPolicy {
  const own = (variable: string, setting: string): string | undefined => env[variable] ?? (setting || undefined);
  return {
    maxLines: queue.max_diff_lines,
    allowedPaths: queue.allowed_paths,
    protectedPaths: rfd.gates.protected_paths,
    lint: own("LINT_CMD", queue.lint),
    test: own("TEST_CMD", queue.test),
    fullTest: own("FULL_TEST_CMD", queue.full_test),
    lintLimitMs: queue.lint_timeout_s * 1000,
    testLimitMs: queue.test_timeout_s * 1000,
    rerunAllow: evidence.rerun_allow,
  };
}

export const PATCH_POLICY: PatchPolicy = policyFrom(DEFAULT_SETTINGS.policies, {});

/** The stricter gate behind an approved exception: any length, protected paths too, but the whole suite (P49). */
export const exceptional = (policy: PatchPolicy): PatchPolicy => ({
  ...policy,
  maxLines: Number.MAX_SAFE_INTEGER,
  allowedPaths: [...policy.allowedPaths, ...policy.protectedPaths],
  protectedPaths: [],
  test: policy.fullTest ?? policy.test,
});

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

export const matches = (path: string, globs: string[]): boolean => globs.some((glob) => pattern(glob).test(path));

const isPart = (path: string, name: string): boolean => path.split("/").some((part) => part.toLowerCase() === name);

/** Does git itself, or a place outside of the repository, lie there? Nobody's decision allows that. */
function isBarred(path: string): boolean {
  const parts = path.split("/");
  return (
    path.startsWith("/") || parts.some((part) => part === "" || part === "." || part === "..") || isPart(path, ".git")
  );
}

/** `.muster` is nobody's patch unless a glob names it: a wildcard does not. */
const isOurs = (path: string, globs: string[]): boolean =>
  path.split("/")[0]?.toLowerCase() === ".muster" &&
  !matches(
    path,
    globs.filter((glob) => glob.startsWith(".muster/")),
  );

export const isAllowedPath = (path: string, globs: string[]): boolean =>
  !isBarred(path) && !isOurs(path, globs) && matches(path, globs);

/** May a decision of both peers and the user let a patch change this? */
export const isProtected = (path: string, { protectedPaths }: Pick<PatchPolicy, "protectedPaths">): boolean =>
  !isBarred(path) && matches(path, protectedPaths);

/** Why this path may not be changed; null = it may. */
export function pathRefusal(path: string, policy: PatchPolicy): PatchRefusal | null {
  if (!isAllowedPath(path, policy.allowedPaths)) return notAllowed(path);
  return isProtected(path, policy) ? notAllowed(path, " (protected)") : null;
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
  const refusal = pathsOf(diff)
    .map((path) => pathRefusal(path, policy))
    .find((found) => found !== null);
  return refusal ?? diff;
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
