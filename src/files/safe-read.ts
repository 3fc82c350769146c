import { closeSync, constants, fstatSync, lstatSync, openSync, readSync } from "node:fs";

/** Why a foreign file was not read; said to its writer. */
export class Unreadable extends Error {}

/** Largest foreign file read unless a caller says otherwise. */
const LIMIT = 256 * 1024;

function readPiece(file: number, from: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const count = readSync(file, bytes, filled, length - filled, from + filled);
    if (count === 0) break;
    filled += count;
  }
  return bytes.subarray(0, filled);
}

/**
 * Opens a file that somebody else wrote. Only a plain file of our own user with one name: no links, FIFOs (which would hang
 * the daemon for ever) or devices (security S36). Throws Unreadable otherwise. Whoever gets it closes it.
 */
function openForeign(path: string): { file: number; size: number } {
  if (lstatSync(path).isSymbolicLink()) throw new Unreadable("it is a symbolic link");
  const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const found = fstatSync(file);
    if (!found.isFile()) throw new Unreadable("it is not a plain file");
    if (found.nlink > 1) throw new Unreadable("it has more than one name (hard link)");
    if (found.uid !== process.getuid?.()) throw new Unreadable("it belongs to another user");
    return { file, size: found.size };
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

/**
 * The bytes of a file that somebody else wrote, unless it is too long. Read without a thread: its five turns cost more than a
 * millisecond of each letter, the reading itself some microseconds.
 */
export async function readForeign(path: string, limit = LIMIT): Promise<Uint8Array> {
  const { file, size } = openForeign(path);
  try {
    if (size > limit) throw new Unreadable(`it has ${size} bytes; at most ${limit}`);
    return readPiece(file, 0, size);
  } finally {
    closeSync(file);
  }
}

/** A piece of a foreign file however long it is, and the size of all of it in bytes. */
export function readForeignPart(path: string, from: number, length: number): { bytes: Uint8Array; size: number } {
  const { file, size } = openForeign(path);
  try {
    return { bytes: readPiece(file, from, Math.max(0, Math.min(length, size - from))), size };
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
