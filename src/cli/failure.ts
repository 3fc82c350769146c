import { REFUSALS, Refusal } from "../core/refusal.ts";
import { line } from "./style.ts";

/** What the system says when a file cannot be had; the same words in every command. */
const OF_SYSTEM: Record<string, string> = {
  EACCES: "permission denied",
  EPERM: "not permitted",
  EROFS: "the file system is read-only",
  ENOSPC: "no space is left",
  EDQUOT: "the quota is used up",
  ENOENT: "no such file or folder",
  ENOTDIR: "a part of the path is not a folder",
  EISDIR: "it is a folder",
  EEXIST: "something else is there already",
  ENAMETOOLONG: "the path is too long",
  ELOOP: "too many links",
  EMFILE: "too many files are open",
};

/** An error of the file system is no bug: the person's disk or path is as it is. */
function asRefusal(error: unknown): unknown {
  const { code, path } = (error ?? {}) as { code?: string; path?: string };
  const why = code !== undefined && Object.hasOwn(OF_SYSTEM, code) ? OF_SYSTEM[code] : undefined;
  if (!why) return error;
  return new Refusal("failed", `${path ?? "standard output"}: ${why}`, "make room for it or choose another place");
}

const isBrokenPipe = (error: unknown): boolean => (error as { code?: string } | null)?.code === "EPIPE";

const shown = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));

/** Says what went wrong and what to do next; the result is the exit code. A reader that left has what it wanted. */
export function fail(thrown: unknown, word: string, isJson: boolean): number {
  if (isBrokenPipe(thrown)) return 0;
  const error = asRefusal(thrown);
  const isRefusal = error instanceof Refusal;
  const { code, message, hint } = isRefusal
    ? error
    : { code: "internal", message: "internal error", hint: `this is a bug in Muster: ${shown(error)}` };
  const details = isRefusal ? error.details : [];
  if (!isJson) for (const row of details) console.error(line(row));
  if (isJson) console.log(JSON.stringify({ error: { code, message, hint, ...(details.length > 0 && { details }) } }));
  else if (isRefusal) console.error(line(`muster: ${word}: ${message}${hint ? `; ${hint}` : ""}`));
  else console.error(`muster: ${word}: ${message}; ${hint}`);
  return isRefusal ? REFUSALS[error.code].exit : 1;
}
