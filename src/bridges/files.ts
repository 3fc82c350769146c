import { createHash } from "node:crypto";
import { lstat, mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { join, relative } from "node:path";
import type { ChatFiles, FileOrigin, KeptFile, Upload } from "../core/bridges/port.ts";
import type { Millis } from "../core/ids.ts";
import { Refusal } from "../core/refusal.ts";

/** Reads a file that somebody else wrote; throws when it is none, or longer. */
type Read = (path: string, limit?: number) => Promise<Uint8Array>;

const DAY_MS = 86_400_000;
const SIDECARS = [".caption.txt", ".route", ".sendas", ".sent.json", ".error.json", ".meta.json"];
const SIDECAR_LIMIT = 16 * 1024;
/** A larger file is not read to be told from another one. */
const LARGEST = 100 * 1024 * 1024;
/** Whoever writes into the folder is done by then. */
const STILL_MS = 1000;

const TYPES: Record<string, string> = {
  ...{ txt: "text/plain", md: "text/markdown", log: "text/plain", csv: "text/csv", json: "application/json" },
  ...{ png: "image/png", jpg: "image/jpeg", jpeg: "image/jpeg", pdf: "application/pdf", zip: "application/zip" },
  ...{ diff: "text/x-diff", patch: "text/x-diff", html: "text/html", yaml: "text/yaml", yml: "text/yaml" },
};

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
const typeOf = (name: string): string =>
  TYPES[name.split(".").at(-1)?.toLowerCase() ?? ""] ?? "application/octet-stream";

/** A name that is nothing but a name: no folder, no dot in front, nothing a shell or a terminal would act on. */
export function plainName(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? "";
  const plain = last
    .normalize("NFC")
    .replaceAll(/[^\p{L}\p{N}._ -]+/gu, "_")
    .replace(/^[. -]+/, "")
    .trim();
  return [...plain].slice(-80).join("") || "file";
}

const plainFolder = (name: string): string => name.replaceAll(/[^A-Za-z0-9-]+/g, "_").slice(0, 64) || "chat";

/** Each folder on the way is the repository's own: a link would lead our files to somebody else's. */
async function ownFolder(repo: string, ...parts: string[]): Promise<string> {
  let at = repo;
  for (const part of parts.flatMap((one) => one.split("/")).filter(Boolean)) {
    if (part === "..")
      throw new Refusal("failed", `${parts.join("/")} leads out of the repository`, "name a folder in it");
    at = join(at, part);
    await mkdir(at, { mode: 0o700 }).catch(() => {});
    if (!(await lstat(at)).isDirectory()) throw new Refusal("failed", `${at} is not a folder of its own`, "remove it");
  }
  return at;
}

/** Written beside and renamed; never over a link. */
async function write(path: string, bytes: Uint8Array | string): Promise<void> {
  const draft = `${path}.part`;
  await rm(draft, { force: true });
  const file = await open(draft, "wx", 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
}

async function append(path: string, line: string): Promise<void> {
  const found = await lstat(path).catch(() => null);
  if (found && !found.isFile()) throw new Refusal("failed", `${path} is not a file of its own`, "remove it");
  const file = await open(path, "a", 0o600);
  try {
    await file.writeFile(line);
  } finally {
    await file.close();
  }
}

/** Files of chats, in a repository's work folder (P91, P92). */
export class FolderChatFiles implements ChatFiles {
  constructor(
    private readonly read_: Read,
    private readonly now: () => Millis,
  ) {}

  async keep(
    repo: string,
    folder: string,
    file: { name: string; mime: string; bytes: Uint8Array } & FileOrigin,
  ): Promise<KeptFile> {
    const { name, mime, bytes, platform, chat, mid, sender, at } = file;
    const day = new Date(at).toISOString().slice(0, 10).replaceAll("-", "");
    const place = await ownFolder(repo, folder, platform, plainFolder(chat), day);
    const path = join(place, `${mid}__${plainName(name)}`);
    const digest = sha256(bytes);
    await write(path, bytes);
    const kept = { path: relative(repo, path), sha256: digest };
    const meta = {
      ...kept,
      size: bytes.length,
      mime,
      name,
      platform,
      chat,
      mid,
      sender,
      ts: new Date(at).toISOString(),
    };
    await write(`${path}.meta.json`, `${JSON.stringify(meta, null, 2)}\n`);
    await append(join(await ownFolder(repo, ".muster/state"), "inbound-index.jsonl"), `${JSON.stringify(meta)}\n`);
    return kept;
  }

  async waiting(repo: string, folder: string): Promise<Upload[]> {
    const place = await ownFolder(repo, folder);
    const all = (await readdir(place, { withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map(({ name }) => name);
    const names = all.filter((name) => !name.startsWith(".") && !name.endsWith(".part"));
    const files = names.filter((name) => !SIDECARS.some((end) => name.endsWith(end)));
    const open = files.filter((name) => !all.includes(`${name}.error.json`) && !all.includes(`${name}.sent.json`));
    // A receipt without its removal: the daemon ended between the two.
    for (const name of files.filter((one) => all.includes(`${one}.sent.json`))) await this.remove(place, name);
    const uploads = await Promise.all(open.map((name) => this.upload(place, name)));
    return uploads.flatMap((one) => one ?? []).sort((a, b) => a.at - b.at || a.name.localeCompare(b.name));
  }

  async read(repo: string, folder: string, { name }: Upload, limit: number): Promise<Uint8Array> {
    return this.read_(join(await ownFolder(repo, folder), name), limit);
  }

  async done(repo: string, folder: string, { name }: Upload, receipt: Record<string, unknown>): Promise<void> {
    const place = await ownFolder(repo, folder);
    await write(join(place, `${name}.sent.json`), `${JSON.stringify(receipt)}\n`);
    await this.remove(place, name);
  }

  async failed(repo: string, folder: string, { name }: Upload, reason: string): Promise<void> {
    const place = await ownFolder(repo, folder);
    const at = new Date(this.now()).toISOString();
    await write(join(place, `${name}.error.json`), `${JSON.stringify({ file: name, reason, at })}\n`);
  }

  async sweep(
    repo: string,
    folders: { inbound: string; outbound: string },
    days: { inbound: number; outbound: number },
    now: Millis,
  ): Promise<void> {
    await this.sweepFolder(await ownFolder(repo, folders.inbound), now - days.inbound * DAY_MS, () => true);
    const isOver = (name: string) => name.endsWith(".sent.json") || name.endsWith(".error.json");
    await this.sweepFolder(await ownFolder(repo, folders.outbound), now - days.outbound * DAY_MS, isOver);
  }

  private async upload(place: string, name: string): Promise<(Upload & { at: Millis }) | null> {
    const found = await lstat(join(place, name)).catch(() => null);
    if (!found || this.now() - found.mtimeMs < STILL_MS) return null;
    const word = async (end: string) => {
      const bytes = await this.read_(join(place, `${name}${end}`), SIDECAR_LIMIT).catch(() => new Uint8Array());
      return new TextDecoder().decode(bytes).trim();
    };
    const [said, route, sendAs] = [await word(".caption.txt"), await word(".route"), await word(".sendas")];
    const [, to, rest] = /^(a|b|both)\s?[:：]\s*([\s\S]*)$/i.exec(said) ?? [];
    const routed = (to ?? route.replace(/[:：]$/, "")).toLowerCase();
    const mime = typeOf(name);
    return {
      name,
      sha256: found.size > LARGEST ? "" : sha256(await this.read_(join(place, name), LARGEST)),
      size: found.size,
      mime,
      caption: rest ?? said,
      route: routed === "a" || routed === "b" || routed === "both" ? routed : "",
      sendAs: sendAs === "photo" && mime.startsWith("image/") ? "photo" : "document",
      at: found.mtimeMs,
    };
  }

  private async remove(place: string, name: string): Promise<void> {
    for (const end of ["", ".caption.txt", ".route", ".sendas"]) await rm(join(place, name + end), { force: true });
  }

  private async sweepFolder(folder: string, before: Millis, isOver: (name: string) => boolean): Promise<void> {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) await this.sweepFolder(path, before, isOver);
      else if (entry.isFile() && isOver(entry.name) && (await lstat(path)).mtimeMs < before)
        await this.removeOver(path);
    }
  }

  /** What failed goes with the note that says so. */
  private async removeOver(path: string): Promise<void> {
    await rm(path, { force: true });
    if (path.endsWith(".error.json")) await this.remove("/", path.slice(1, -".error.json".length));
  }
}
