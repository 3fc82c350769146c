import { spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PROJECT } from "../init/scaffold.ts";

/** What PeerA is asked where a person leaves the brief to it. */
export const DRAFT = `PROJECT.md is missing. Please draft it: read the repository, then write PROJECT.md at its top with what the project is for, who
uses it, what is in and out of scope, and how one sees that it works. Ask the user one question if something decisive cannot be
read off the repository. Hand it over as a patch.`;

/** Makes PROJECT.md and opens the person's editor on it, if they have named one. Returns what is left to do. */
export function writeBrief(repo: string): string[] {
  const path = join(repo, "PROJECT.md");
  if (!existsSync(path)) writeFileSync(path, PROJECT);
  const [editor, ...words] = (process.env.VISUAL || process.env.EDITOR || "").split(/\s+/).filter(Boolean);
  if (!editor) return [`${path} is made; fill it in, the team gets it with its next SYSTEM text`];
  spawnSync(editor, [...words, path], { stdio: "inherit" });
  return [];
}
