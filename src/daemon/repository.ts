import { createHash } from "node:crypto";
import { lstat, readdir, readlink } from "node:fs/promises";
import { join, relative } from "node:path";
import type { Review } from "../engine/operations.ts";
import { readForeign } from "../files/safe-read.ts";

/** Files and folders by which a repository configures the agents that open it (security S44). */
const CONFIGURATION = [
  ...[".claude", ".mcp.json", ".codex", ".gemini", ".factory", ".opencode", "opencode.json", "opencode.jsonc"],
  ...[".envrc", ".aider.conf.yml", ".git/hooks"],
];

/** More files than this in one configuration is itself a reason to look. */
const FILES_LIMIT = 500;

async function filesUnder(path: string): Promise<string[]> {
  const found = await lstat(path).catch(() => null);
  if (!found) return [];
  if (!found.isDirectory()) return [path];
  const names = (await readdir(path)).sort();
  const inside = await Promise.all(names.map((name) => filesUnder(join(path, name))));
  return inside.flat();
}

/** git's own samples do nothing. */
const isInert = (path: string): boolean => path.startsWith(".git/hooks/") && path.endsWith(".sample");

async function digest(path: string): Promise<string> {
  const found = await lstat(path);
  if (found.isSymbolicLink()) return `link ${await readlink(path)}`;
  try {
    const bytes = await readForeign(path, 1024 * 1024);
    return createHash("sha256").update(bytes).digest("hex");
  } catch (error) {
    return `unreadable ${found.size} ${found.mtimeMs} ${String(error)}`;
  }
}

/** What a repository brings that would change how agents behave in it, and one hash over all of it. */
export async function reviewRepository(repo: string): Promise<Review> {
  const paths = (await Promise.all(CONFIGURATION.map((name) => filesUnder(join(repo, name))))).flat();
  const files = paths.map((path) => relative(repo, path)).filter((path) => !isInert(path));
  const hash = createHash("sha256");
  for (const file of files.slice(0, FILES_LIMIT)) hash.update(`${file}\0${await digest(join(repo, file))}\n`);
  hash.update(String(files.length));
  return { hash: hash.digest("hex"), files };
}
