import { lstat, readdir, rename } from "node:fs/promises";
import { join } from "node:path";
import type { ResidualAnswer } from "../core/premises.ts";
import { type SeatFolders, seatFolders } from "./folders.ts";
import { isTemporary, orderOf } from "./names.ts";
import { Rejects } from "./rejects.ts";

const isFolder = async (path: string): Promise<boolean> =>
  (await lstat(path).catch(() => null))?.isDirectory() ?? false;

async function namesIn(inbox: string): Promise<string[]> {
  if (!(await isFolder(inbox))) return [];
  const found = await readdir(inbox, { withFileTypes: true });
  const names = found.filter((one) => one.isFile() && !isTemporary(one.name)).map(({ name }) => name);
  return names.sort((left, right) => (orderOf(left) < orderOf(right) ? -1 : 1));
}

/** Unread letters in the inboxes of these seats, oldest first; seats without any are left out. */
export async function residualOf(repo: string, seats: string[]): Promise<Record<string, string[]>> {
  const left: Record<string, string[]> = {};
  for (const seat of seats) {
    const names = await namesIn(seatFolders(repo, seat).inbox);
    if (names.length > 0) left[seat] = names;
  }
  return left;
}

const REASON = "left unread by an earlier team, and discarded at start";

/** Takes letters out of an inbox; none is deleted. */
async function putAway(folders: SeatFolders, names: string[], isKept: boolean): Promise<void> {
  const rejects = new Rejects(folders.rejected, () => Bun.randomUUIDv7());
  for (const name of names) {
    const path = join(folders.inbox, name);
    if (isKept) await rename(path, join(folders.processed, name));
    else await rejects.take(path, name, REASON);
  }
}

/** Does with unread letters what the person wants: they stay, or go to `processed/` or `rejected/`. Returns those that stay. */
export async function settleResidual(
  repo: string,
  seats: string[],
  answer: ResidualAnswer,
): Promise<Record<string, string[]>> {
  const left = await residualOf(repo, seats);
  if (answer === "resume") return left;
  for (const [seat, names] of Object.entries(left)) await putAway(seatFolders(repo, seat), names, answer === "archive");
  return {};
}
