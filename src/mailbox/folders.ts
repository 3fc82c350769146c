import { lstatSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TeamName } from "../core/ids.ts";
import { Refusal } from "../core/refusal.ts";

/** The folders of one seat, absolute. */
export interface SeatFolders {
  box: string;
  out: string;
  inbox: string;
  processed: string;
  rejected: string;
}

export const folderOf = (seat: string): string => seat.replace(/^P/, "p");

export function seatFolders(repo: string, seat: string): SeatFolders {
  const box = join(repo, ".muster", "mailbox", folderOf(seat));
  const inside = (name: string) => join(box, name);
  return {
    box,
    out: inside("out"),
    inbox: inside("inbox"),
    processed: inside("processed"),
    rejected: inside("rejected"),
  };
}

export const claimsOf = (repo: string): string => join(repo, ".muster", "state", "claims");

/** Makes one folder if it is missing. A link in its place would lead our renames into somebody else's files (S38). */
function requireFolder(path: string): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found) {
    mkdirSync(path, { mode: 0o700 });
    return true;
  }
  if (found.isDirectory() && found.uid === process.getuid?.()) return false;
  throw new Refusal("state", `${path} is not a folder of its own`, "remove it; Muster makes it again");
}

/** Nothing is made in the place of a repository that was moved or deleted beneath its team (reliability F30). */
export function requireThere(repo: string): void {
  if (lstatSync(repo, { throwIfNoEntry: false })?.isDirectory()) return;
  throw new Refusal("state", `${repo} is gone, moved or deleted; put it back, or end its team`);
}

/** Makes what is missing of a team's mailbox, every step checked; returns the folders that were made. */
export function ensureMailbox(repo: string, seats: string[]): string[] {
  requireThere(repo);
  const muster = join(repo, ".muster");
  const folders = [muster, join(muster, "mailbox"), join(muster, "state"), claimsOf(repo)];
  for (const seat of seats) folders.push(...Object.values(seatFolders(repo, seat)));
  const made = folders.filter(requireFolder);
  // The folder ignores itself: nothing in it can be committed by accident, and no file of the user changes.
  if (made.includes(muster)) writeFileSync(join(muster, ".gitignore"), "*\n", { mode: 0o600 });
  return made;
}

/** Creates the mailbox of a team that is being formed. */
export async function openMailbox(repo: string, _team: TeamName, seats: string[]): Promise<void> {
  ensureMailbox(repo, seats);
}
