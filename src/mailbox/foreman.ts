import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { Refusal } from "../core/refusal.ts";
import { claimFile } from "./claims.ts";
import { decodeLetter } from "./decode.ts";
import { ensureMailbox } from "./folders.ts";

const BOX = "to_peer.md";

const boxOf = (repo: string): string => join(repo, ".muster", "mailbox", "foreman");

/** Makes the folder in which the Foreman of a repository writes. */
export function openForemanMailbox(repo: string): void {
  ensureMailbox(repo, ["foreman"]);
}

const isThere = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );

/**
 * Takes what the Foreman wrote into the folder of its run, by rename, and reads it there; what a dead daemon took before is
 * found again. null = it wrote nothing. A Refusal says why it cannot be read.
 */
export async function takeForemanLetter(
  repo: string,
  folder: string,
  read: (path: string) => Promise<Uint8Array>,
): Promise<string | null> {
  const target = join(folder, BOX);
  if (!(await isThere(target)) && !(await claimFile(join(boxOf(repo), BOX), target))) return null;
  const decoded = await read(target)
    .then(decodeLetter)
    .catch((error: Error) => {
      throw new Refusal("failed", error.message, `it is ${target}`);
    });
  if (decoded) return decoded.text;
  throw new Refusal("failed", "it is not text", `it is ${target}`);
}
