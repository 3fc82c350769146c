import { closeSync, constants, fstatSync, lstatSync, openSync, readSync } from "node:fs";

/** Why a foreign file was not read; said to its writer. */
export class Unreadable extends Error {}

/** Largest foreign file read unless a caller says otherwise. */
const LIMIT = 256 * 1024;

function readAll(file: number, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let filled = 0;
  while (filled < size) {
    const count = readSync(file, bytes, filled, size - filled, filled);
    if (count === 0) break;
    filled += count;
  }
  return bytes.subarray(0, filled);
}

/**
 * The bytes of a file that somebody else wrote. Only a plain file of our own user with one name, not too long: no links,
 * FIFOs (which would hang the daemon for ever), devices or sparse monsters (security S36). Throws Unreadable otherwise. Read
 * without a thread: its five turns cost more than a millisecond of each letter, the reading itself some microseconds.
 */
export async function readForeign(path: string, limit = LIMIT): Promise<Uint8Array> {
  if (lstatSync(path).isSymbolicLink()) throw new Unreadable("it is a symbolic link");
  const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const found = fstatSync(file);
    if (!found.isFile()) throw new Unreadable("it is not a plain file");
    if (found.nlink > 1) throw new Unreadable("it has more than one name (hard link)");
    if (found.uid !== process.getuid?.()) throw new Unreadable("it belongs to another user");
    if (found.size > limit) throw new Unreadable(`it has ${found.size} bytes; at most ${limit}`);
    return readAll(file, found.size);
  } finally {
    closeSync(file);
  }
}

/** The same as text; anything but UTF-8 is refused. */
export async function readForeignText(path: string, limit = LIMIT): Promise<string> {
  const bytes = await readForeign(path, limit);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Unreadable("it is not UTF-8");
  }
}

/** A foreign JSON object; null when it is missing, torn or something else. For records that are written over and over. */
export async function readForeignRecord(path: string): Promise<Record<string, unknown> | null> {
  try {
    const value: unknown = JSON.parse(await readForeignText(path));
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}
