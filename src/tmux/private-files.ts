import { chmodSync, lstatSync, mkdirSync } from "node:fs";
import { Refusal } from "../core/refusal.ts";

/** Makes a folder that only its owner can enter; refuses one of somebody else or a link in its place. */
export function privateFolder(path: string): string {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const stat = lstatSync(path);
  const isOurs = stat.isDirectory() && stat.uid === (process.getuid?.() ?? stat.uid);
  if (!isOurs) throw new Refusal("forbidden", `${path} is not your own folder`, "move what is in its place away");
  if ((stat.mode & 0o077) !== 0) chmodSync(path, 0o700);
  return path;
}
