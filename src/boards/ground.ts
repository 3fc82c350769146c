import { type BigIntStats, chmodSync, lstatSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Refusal } from "../core/refusal.ts";

/** What is at a path, itself and not what a link points to; undefined = nothing. */
export function statOf(path: string): BigIntStats | undefined {
  try {
    return lstatSync(path, { bigint: true, throwIfNoEntry: false });
  } catch (error) {
    // A part of the path is a file.
    if ((error as { code?: string }).code === "ENOTDIR") return undefined;
    throw error;
  }
}

/** Changes with the file, unless it is written twice within one tick of the file system's clock (up to 10 ms) with the same length. */
export const versionOf = ({ ino, size, mtimeNs, ctimeNs }: BigIntStats): string =>
  `${ino}.${size}.${mtimeNs}.${ctimeNs}`;

/**
 * The folder `path` of a repository, each of its parts a real folder: a link would lead our reading and writing elsewhere
 * (security S38). false = it is not there.
 */
export function hasFolder(repo: string, path: string): boolean {
  let at = repo;
  for (const part of path.split("/")) {
    at = join(at, part);
    const found = statOf(at);
    if (!found) return false;
    if (!found.isDirectory())
      throw new Refusal("state", `${at} is not a folder of its own`, "boards are not behind links");
  }
  return true;
}

/** Makes the folder, part by part. */
export function ensureFolder(repo: string, path: string): void {
  const parts = path.split("/");
  for (let count = 1; count <= parts.length; count += 1) {
    const folder = parts.slice(0, count).join("/");
    if (!hasFolder(repo, folder)) mkdirSync(join(repo, folder));
  }
}

/** Makes a file that is not there yet; false = something is. */
export function makeFile(path: string, text: string): boolean {
  try {
    writeFileSync(path, text, { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === "EEXIST") return false;
    throw error;
  }
}

let count = 0;

/** Written beside and renamed, with the mode the file has: a reader never sees half of it. */
export function putFile(path: string, text: string): void {
  const mode = Number(statOf(path)?.mode ?? 0o644n) & 0o777;
  const draft = join(dirname(path), `.muster-${process.pid}-${count++}.tmp`);
  try {
    writeFileSync(draft, text, { mode, flag: "wx" });
    // The daemon's umask takes everybody else's rights away, and this file is the repository's.
    chmodSync(draft, mode);
    renameSync(draft, path);
  } finally {
    rmSync(draft, { force: true });
  }
}
