import { lstat, readdir, readlink, realpath, stat } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import type { Environment } from "../core/environment.ts";
import { Refusal } from "../core/refusal.ts";
import type { Review, ReviewedFile } from "../core/review.ts";
import { readForeign } from "../files/safe-read.ts";
import { sha256 } from "./system.ts";

/** Folders of CLIs: in a repository its own, in a person's home theirs, which nobody has to agree to. */
const OF_CLIS = [".claude", ".codex", ".gemini", ".factory", ".opencode"];

/** Files and folders by which a repository configures the agents that open it (security S44). */
const CONFIGURATION = [
  ...[".claude", ".mcp.json", ".codex", ".gemini", ".factory", ".opencode", "opencode.json", "opencode.jsonc"],
  ...[".envrc", ".aider.conf.yml", ".git/hooks"],
];

/** Nobody reads more than these, so nobody can agree to them. */
const MOST = 5000;
const LARGEST = 4 * 1024 * 1024;
/** Bytes of a file's beginning that may be shown. */
const HEAD = 2048;

/** git's own samples do nothing. */
const isInert = (file: string): boolean => /(^|\/)\.git\/hooks\/[^/]*\.sample$/.test(file);

function headOf(bytes: Uint8Array): string | null {
  const head = bytes.subarray(0, HEAD);
  if (head.includes(0)) return null;
  try {
    // As a stream: a letter that the cut goes through is not a fault.
    return new TextDecoder("utf-8", { fatal: true }).decode(head, { stream: true });
  } catch {
    return null;
  }
}

/** A file that cannot be read is known by its place on the disk: its times cannot all be set back. */
async function contentOf(path: string): Promise<Pick<ReviewedFile, "digest" | "size" | "head">> {
  try {
    const bytes = await readForeign(path, LARGEST);
    return { digest: sha256(bytes), size: bytes.length, head: headOf(bytes) };
  } catch {
    const { size, ino, mtimeMs, ctimeMs } = await lstat(path);
    return { digest: sha256(`unreadable ${size} ${ino} ${mtimeMs} ${ctimeMs}`), size, head: null };
  }
}

/** Goes through a repository's configuration, through its links too: what they lead to is what the CLI reads. */
class Walk {
  readonly files: ReviewedFile[] = [];
  private readonly entered = new Set<string>();

  constructor(private readonly repo: string) {}

  async take(path: string): Promise<void> {
    const found = await lstat(path).catch(() => null);
    if (found?.isSymbolicLink()) await this.link(path);
    else if (found?.isDirectory()) await this.folder(path, path);
    else if (found) this.add(path, await contentOf(path));
  }

  private async link(path: string): Promise<void> {
    const words = `link ${await readlink(path)}`;
    const real = await realpath(path).catch(() => null);
    const found = real && (await stat(real).catch(() => null));
    if (!real || !found) return this.add(path, { digest: sha256(words), size: 0, head: words });
    if (found.isDirectory()) {
      this.add(path, { digest: sha256(words), size: 0, head: words });
      return this.folder(real, path);
    }
    const { digest, size, head } = await contentOf(real);
    this.add(path, { digest: sha256(`${words} ${digest}`), size, head });
  }

  /** `shown`: the path by which it was reached. */
  private async folder(real: string, shown: string): Promise<void> {
    const place = await realpath(real);
    if (this.entered.has(place)) return;
    this.entered.add(place);
    for (const bytes of (await readdir(real, { encoding: "buffer" })).sort(Buffer.compare)) {
      const name = bytes.toString();
      if (Buffer.from(name).equals(bytes)) await this.take(join(shown, name));
      else this.add(join(shown, name), { digest: sha256(bytes), size: 0, head: null });
    }
  }

  private add(path: string, content: Omit<ReviewedFile, "file">): void {
    const file = relative(this.repo, path);
    if (isInert(file)) return;
    this.files.push({ file, ...content });
    if (this.files.length <= MOST) return;
    const hint = "take out what does not belong there";
    throw new Refusal("state", `${this.repo} brings more than ${MOST} files of agent configuration`, hint);
  }
}

/** The folder itself and those above it, up to the one where git begins: CLIs look there, too. */
async function foldersOf(repo: string, home: string): Promise<string[]> {
  const folders: string[] = [];
  for (let at = repo; ; at = dirname(at)) {
    folders.push(at);
    if (await lstat(join(at, ".git")).catch(() => null)) return folders;
    if (at === home || at === dirname(at)) return [repo];
  }
}

/** What a repository brings that would change how agents behave in it, and one hash over all of it. */
export async function reviewRepository(repo: string, env: Environment): Promise<Review> {
  const home = await realpath(env.HOME ?? "/").catch(() => "/");
  const walk = new Walk(repo);
  for (const folder of await foldersOf(repo, home)) {
    const names = folder === home ? CONFIGURATION.filter((name) => !OF_CLIS.includes(name)) : CONFIGURATION;
    for (const name of names) await walk.take(join(folder, name));
  }
  const hash = new Bun.CryptoHasher("sha256");
  for (const { file, digest } of walk.files) hash.update(`${file}\0${digest}\n`);
  hash.update(String(walk.files.length));
  return {
    hash: hash.digest("hex"),
    files: walk.files.map(({ digest, ...file }) => ({ ...file, digest: digest.slice(0, 16) })),
  };
}
