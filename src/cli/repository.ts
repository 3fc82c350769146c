import { existsSync, realpathSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { Refusal } from "../core/refusal.ts";

/** The repository that a folder is in, as git finds it: the nearest folder above with a `.git`; null = none. */
export function repositoryOf(folder: string): string | null {
  if (existsSync(join(folder, ".git"))) return folder;
  const above = dirname(folder);
  return above === folder ? null : repositoryOf(above);
}

const isBare = (folder: string): boolean => ["HEAD", "objects", "refs"].every((name) => existsSync(join(folder, name)));

/** A team works in a git repository; Muster never makes one. The result is its top folder, without links. */
export function requireRepository(folder: string): string {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (!found?.isDirectory()) throw new Refusal("failed", `${folder} is not a folder`, "give an existing one");
  const root = repositoryOf(realpathSync(folder));
  if (root === null && isBare(folder))
    throw new Refusal(
      "failed",
      `${folder} is a bare repository: it has no files to work on`,
      "clone it, and run there",
    );
  if (root === null) throw new Refusal("failed", `${folder} is not a git repository`, "run git init first");
  return root;
}
