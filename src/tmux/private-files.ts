import { createHash } from "node:crypto";
import { chmodSync, lstatSync, mkdirSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { Refusal } from "../core/refusal.ts";

/** The kernel takes 107 bytes of a socket's path; ours are shorter. */
const LONGEST = 100;

/** Makes a folder that only its owner can enter; refuses one of somebody else or a link in its place. */
export function privateFolder(path: string): string {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const stat = lstatSync(path);
  const isOurs = stat.isDirectory() && stat.uid === (process.getuid?.() ?? stat.uid);
  if (!isOurs) throw new Refusal("forbidden", `${path} is not your own folder`, "move what is in its place away");
  if ((stat.mode & 0o077) !== 0) chmodSync(path, 0o700);
  return path;
}

/** Where a socket of this home is: inside it, or, when that path is too long, in a private runtime folder. */
export function socketPath(folder: string, name = "tmux.sock"): string {
  const inside = join(folder, name);
  if (Buffer.byteLength(inside) <= LONGEST) return inside;
  const digest = createHash("sha256").update(folder).digest("hex").slice(0, 16);
  const place = `muster-${userInfo().uid}-${digest}`;
  const runtime = join(process.env.XDG_RUNTIME_DIR ?? tmpdir(), place, name);
  return Buffer.byteLength(runtime) <= LONGEST ? runtime : join("/tmp", place, name);
}
