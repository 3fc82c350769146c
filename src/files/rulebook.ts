import { mkdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Refusal } from "../core/refusal.ts";
import { readForeignText } from "./safe-read.ts";

const folderOf = (repo: string): string => join(repo, ".muster", "rules");

/** The user's own rules of a repository; empty when there are none. Throws a Refusal when they cannot be read. */
export async function readLocalRules(repo: string): Promise<string> {
  const path = join(folderOf(repo), "local.md");
  if (!(await stat(path).catch(() => null))) return "";
  return readForeignText(path).catch((error) => {
    throw new Refusal("failed", `${path} cannot be read: ${error.message}`, "mend it, or move it away");
  });
}

async function isChanged(path: string, text: string): Promise<boolean> {
  return (await readForeignText(path).catch(() => null)) !== text;
}

/**
 * Writes the rules files of a repository, each whole, by rename. Made from the settings, they are replaced when these change;
 * `local.md` is never touched. Throws a Refusal when the folder cannot be used.
 */
export async function writeRulebook(repo: string, files: Record<string, string>): Promise<void> {
  const folder = folderOf(repo);
  await readLocalRules(repo);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    for (const [name, text] of Object.entries(files)) {
      const path = join(folder, name);
      if (!(await isChanged(path, text))) continue;
      const draft = join(folder, `.${name}.tmp`);
      await rm(draft, { force: true });
      await writeFile(draft, text, { mode: 0o600, flag: "wx" });
      await rename(draft, path);
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Refusal("failed", `the rules in ${folder} cannot be written: ${why}`, "make that folder yours again");
  }
}
