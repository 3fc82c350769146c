import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { Refusal } from "../core/refusal.ts";
import type { Page } from "../server/parts.ts";

const SOURCE = join(import.meta.dir, "..");
/** Folders whose change makes another page. */
const PARTS = ["web", "core", "client"];
/** What the page may load; chunks of the program have a digest in their names. */
const isAsset = (name: string): boolean => /\.(js|css|svg|png|webmanifest|gz)$/.test(name);

/** What makes the page an app of a phone: manifest and icons. */
const APP = "app";

/** Names, sizes and times of the sources: another digest is another page. */
function digest(): string {
  const hash = new Bun.CryptoHasher("sha256");
  for (const part of PARTS) {
    for (const name of readdirSync(join(SOURCE, part), { recursive: true }).map(String).sort()) {
      const { size, mtimeMs } = statSync(join(SOURCE, part, name));
      hash.update(`${part}/${name} ${size} ${mtimeMs}\n`);
    }
  }
  return hash.digest("hex").slice(0, 16);
}

/** In a process of its own: the bundler's memory goes with it. */
async function bundle(names: string[], draft: string, how: string): Promise<void> {
  const entries = names.map((name) => join(SOURCE, "web", name));
  const argv = ["build", ...entries, "--outdir", draft, "--target=browser", "--minify", "--production", how];
  const child = Bun.spawn([process.execPath, ...argv, "--entry-naming=[name].[ext]"], {
    cwd: join(SOURCE, ".."),
    stdio: ["ignore", "ignore", "pipe"],
  });
  const words = await new Response(child.stderr).text();
  if ((await child.exited) !== 0) {
    console.error("page:", words);
    throw new Refusal("failed", "the page could not be built", "the daemon's log has why");
  }
}

/** Programs and styles lie there packed, too: a phone's tunnel carries a third of the bytes. */
function pack(folder: string): void {
  for (const name of readdirSync(folder).filter((one) => /\.(js|css)$/.test(one)))
    writeFileSync(join(folder, `${name}.gz`), Bun.gzipSync(readFileSync(join(folder, name))));
}

async function build(target: string): Promise<void> {
  const draft = `${target}.${process.pid}`;
  // What runs first is whole: a script that waits for no module.
  await bundle(["early.ts"], draft, "--format=iife");
  await bundle(["main.tsx", "push/worker.ts"], draft, "--splitting");
  for (const name of ["index.html", "icon.svg", ...readdirSync(join(SOURCE, "web", APP)).map((one) => `${APP}/${one}`)])
    await Bun.write(join(draft, basename(name)), Bun.file(join(SOURCE, "web", name)));
  pack(draft);
  rmSync(target, { recursive: true, force: true });
  renameSync(draft, target);
}

/** Removes pages of older sources. */
function clear(folder: string, kept: string): void {
  for (const name of readdirSync(folder)) {
    if (name !== kept) rmSync(join(folder, name), { recursive: true, force: true });
  }
}

/** What a file names by static imports, and theirs: told to the browser at once, instead of one after the other. */
function loadedAtOnce(target: string, name = "main.js", known = new Set<string>()): Set<string> {
  const source = readFileSync(join(target, name), "utf8");
  for (const [, next = ""] of source.matchAll(/(?:from|import)"\.\/([\w.-]+\.js)"/g)) {
    if (known.has(next)) continue;
    known.add(next);
    loadedAtOnce(target, next, known);
  }
  return known;
}

function shellIn(target: string): string {
  const known = loadedAtOnce(target);
  const links = [...known].map((name) => `<link rel="modulepreload" href="/assets/${name}" />`);
  return readFileSync(join(target, "index.html"), "utf8").replace("<!-- PRELOADS -->", links.join(""));
}

async function load(folder: string): Promise<Page> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const name = digest();
  const target = join(folder, name);
  if (!existsSync(join(target, "main.js"))) await build(target);
  clear(folder, name);
  const shell = shellIn(target);
  const assets = new Map(
    readdirSync(target)
      .filter(isAsset)
      .map((asset) => [asset, Bun.file(join(target, asset))]),
  );
  return { shell: (nonce) => shell.replaceAll("NONCE", nonce), asset: (asset) => assets.get(asset) };
}

/**
 * The page, built at its first request and kept as files under the home: a daemon that nobody looks at pays neither time nor
 * memory for it, and one that is looked at only streams files.
 */
export function pageIn(folder: string): () => Promise<Page> {
  let page: Promise<Page> | null = null;
  return () => {
    page ??= load(folder).catch((error) => {
      page = null;
      throw error;
    });
    return page;
  };
}
