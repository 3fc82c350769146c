import { existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "../core/environment.ts";

const PATIENCE_MS = 3000;
const MOST = 16 * 1024 * 1024;
const IMAGE = /\.(png|jpe?g|gif|webp)$/i;

/** Programs that print the clipboard's image, and the variable without which they cannot work. */
const TOOLS: { argv: string[]; needs?: string }[] = [
  { argv: ["wl-paste", "--type", "image/png"], needs: "WAYLAND_DISPLAY" },
  { argv: ["xclip", "-selection", "clipboard", "-t", "image/png", "-o"], needs: "DISPLAY" },
  { argv: ["pngpaste", "-"] },
];

const isPng = (bytes: Uint8Array): boolean =>
  Buffer.from(bytes.subarray(0, 4)).equals(Buffer.from("\x89PNG", "latin1"));

async function read(argv: string[], env: Environment): Promise<Uint8Array | null> {
  const asked = Bun.spawn(argv, { env, stdin: "ignore", stdout: "pipe", stderr: "ignore", timeout: PATIENCE_MS });
  const bytes = await new Response(asked.stdout).bytes();
  return (await asked.exited) === 0 && isPng(bytes) && bytes.length <= MOST ? bytes : null;
}

/** The image of the clipboard as PNG; null = none, or no program here can read it. */
export async function clipboardImage(env: Environment): Promise<Uint8Array | null> {
  for (const { argv, needs } of TOOLS) {
    const [name = ""] = argv;
    if ((needs && !env[needs]) || !Bun.which(name, { PATH: env.PATH ?? "" })) continue;
    const bytes = await read(argv, env).catch(() => null);
    if (bytes) return bytes;
  }
  return null;
}

/** Keeps an image where the team's members can read it; the result is its path from the repository. */
export function keepImage(repo: string, bytes: Uint8Array, at: Date): string {
  const folder = ".muster/work/pasted";
  mkdirSync(join(repo, folder), { recursive: true, mode: 0o700 });
  const stamp = at.toISOString().replace(/\D/g, "").slice(0, 17);
  const path = `${folder}/${stamp}.png`;
  writeFileSync(join(repo, path), bytes, { mode: 0o600, flag: "wx" });
  return path;
}

/** The image file that a pasted text names, as terminals paste a file that is dropped on them; null = another text. */
export function pastedImage(text: string): string | null {
  const name = text.trim();
  if (name.includes("\n") || !IMAGE.test(name.replace(/['"]$/, ""))) return null;
  const path = name
    .replace(/^file:\/\//, "")
    .replace(/^(['"])(.*)\1$/, "$2")
    .replace(/\\(.)/g, "$1");
  return path.startsWith("/") && existsSync(path) && statSync(path).isFile() ? path : null;
}
