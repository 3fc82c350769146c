import { lstatSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Refusal } from "../core/refusal.ts";

/** Makes a folder if it is missing. A link in its place would lead what we write into somebody else's files (S38). */
function requireFolder(path: string): void {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found) mkdirSync(path, { mode: 0o700 });
  else if (!found.isDirectory() || found.uid !== process.getuid?.())
    throw new Refusal("state", `${path} is not a folder of its own`, "remove it; Muster makes it again");
}

/** A folder of a repository's `.muster`, every step to it checked. */
export function mustersFolder(repo: string, ...steps: string[]): string {
  if (!lstatSync(repo, { throwIfNoEntry: false })?.isDirectory())
    throw new Refusal("state", `${repo} is gone, moved or deleted`, "put it back");
  const muster = join(repo, ".muster");
  const isNew = !lstatSync(muster, { throwIfNoEntry: false });
  let path = repo;
  for (const step of [".muster", ...steps]) {
    path = join(path, step);
    requireFolder(path);
  }
  // The folder ignores itself: nothing in it can be committed by accident.
  if (isNew) writeFileSync(join(muster, ".gitignore"), "*\n", { mode: 0o600 });
  return path;
}

/** A new folder in another one: of this name, or with `-2` and so on behind it. */
export function newFolder(parent: string, name: string): string {
  for (let n = 1; ; n += 1) {
    const path = join(parent, n === 1 ? name : `${name}-${n}`);
    try {
      mkdirSync(path, { mode: 0o700 });
      return path;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}

/** A new file beside others of its kind: `evrun-X.log`, or `evrun-X-2.log`. */
export function newFile(parent: string, name: string, ending: string): string {
  for (let n = 1; ; n += 1) {
    const path = join(parent, `${name}${n === 1 ? "" : `-${n}`}${ending}`);
    try {
      writeFileSync(path, "", { mode: 0o600, flag: "wx" });
      return path;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}
