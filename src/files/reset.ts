import { lstat, mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { Refusal } from "../core/refusal.ts";

/** What a team leaves behind; settings and rules are the person's, worktrees are git's. */
const PURGED = ["mailbox", "work", "logs", "state"];
const TASK = /^T\d{3,6}(-|$)/;

async function isFolder(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => null);
  if (!found) return false;
  if (found.isDirectory()) return true;
  throw new Refusal("state", `${path} is not a folder of its own`, "remove it; nothing was deleted");
}

async function archiveTasks(repo: string, at: Date): Promise<string[]> {
  const boards = join(repo, "docs", "por");
  for (const path of [join(repo, "docs"), boards]) if (!(await isFolder(path))) return [];
  const found = await readdir(boards, { withFileTypes: true });
  const names = found.filter((one) => one.isDirectory() && TASK.test(one.name)).map(({ name }) => name);
  if (names.length === 0) return [];
  const stamp = at.toISOString().slice(0, 19).replaceAll(/[-:]/g, "").replace("T", "-");
  const target = join(boards, "_archive", stamp);
  await isFolder(join(boards, "_archive"));
  await mkdir(target, { recursive: true });
  for (const name of names) await rename(join(boards, name), join(target, name));
  return names.sort().map((name) => join("docs", "por", "_archive", stamp, name));
}

/** What a reset did: folders that are empty now, and where task folders went. */
export interface ResetResult {
  purged: string[];
  archived: string[];
}

/** Empties what teams left in a repository. Every folder is looked at before one is touched, and no link is followed. */
export async function resetRepository(repo: string, order: { archive: boolean; at: Date }): Promise<ResetResult> {
  const muster = join(repo, ".muster");
  const purged: string[] = [];
  if (await isFolder(muster)) for (const name of PURGED) if (await isFolder(join(muster, name))) purged.push(name);
  const archived = order.archive ? await archiveTasks(repo, order.at) : [];
  for (const name of purged) {
    const folder = join(muster, name);
    for (const inside of await readdir(folder)) await rm(join(folder, inside), { recursive: true, force: true });
  }
  return { purged: purged.map((name) => join(".muster", name)), archived };
}
