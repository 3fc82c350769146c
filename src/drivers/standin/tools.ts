import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { unifiedDiff } from "./diff.ts";
import { endGroup } from "./hooks.ts";
import { readText } from "./letters.ts";
import type { Options } from "./options.ts";
import type { Edit } from "./scenario.ts";

/** What a tool gave back. */
export interface Result {
  text: string;
  response: Record<string, unknown>;
  isError?: boolean;
}

const failed = (text: string): Result => ({ text, response: {}, isError: true });
const LONGEST = 30_000;

/** Why this permission forbids a tool; null = it may. Letters and reading are always allowed. */
export function forbidden(options: Options, tool: string, path?: string): string | null {
  if (tool === "Read") return null;
  const level = options.permission;
  if (level === "read-only") return `${tool} refused: the stand-in was started read-only`;
  if (level === "danger-full-access" || path === undefined) return null;
  const inside = relative(options.cwd, resolve(options.cwd, path));
  return inside === ".." || inside.startsWith("../") ? `${tool} refused: ${path} is outside the working folder` : null;
}

/** Runs a command in its own process group; an abort ends the group. Output and exit code are the command's own. */
export async function runCommand(command: string, cwd: string, signal: AbortSignal): Promise<Result> {
  const child = Bun.spawn(["sh", "-c", command], {
    cwd,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    detached: true,
  });
  const end = () => endGroup(child.pid, "SIGKILL");
  signal.addEventListener("abort", end, { once: true });
  const [stdout, stderr] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  await child.exited;
  signal.removeEventListener("abort", end);
  const text = [stdout, stderr].filter(Boolean).join("\n").slice(0, LONGEST);
  const code = child.exitCode ?? 1;
  if (code !== 0) return { ...failed(`Exit code ${code}\n${text}`.trim()), response: { stdout, stderr, code } };
  return {
    text: text || "(Bash completed with no output)",
    response: { stdout: stdout.slice(0, LONGEST), stderr, interrupted: false, isImage: false, noOutputExpected: false },
  };
}

export function writeText(path: string, text: string, cwd: string): Result {
  const full = resolve(cwd, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, text);
  return { text: `File written: ${full}`, response: { filePath: full, content: text } };
}

/** The text after an edit; null = the place to edit is not there exactly once. */
function edited(before: string | null, edit: Edit): string | null {
  if (edit.find === undefined) return edit.text ?? "";
  const parts = (before ?? "").split(edit.find);
  return parts.length === 2 ? parts.join(edit.replace ?? "") : null;
}

export function editText(edit: Edit, cwd: string): Result {
  const after = edited(readText(resolve(cwd, edit.path)), edit);
  return after === null
    ? failed(`String to replace not found exactly once in ${edit.path}`)
    : writeText(edit.path, after, cwd);
}

/** One unified diff for all edits against the files as they are; nothing is changed. */
export function diffOf(edits: Edit[], cwd: string): string {
  const files = new Map<string, { before: string | null; after: string | null }>();
  for (const edit of edits) {
    const before = readText(resolve(cwd, edit.path));
    const file = files.get(edit.path) ?? { before, after: before };
    file.after = edited(file.after, edit) ?? file.after;
    files.set(edit.path, file);
  }
  return [...files].map(([path, file]) => unifiedDiff(path, file.before, file.after)).join("");
}
