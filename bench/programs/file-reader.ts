import { openSync, readdirSync, readSync, watch } from "node:fs";
import { join } from "node:path";
import { Stamps } from "./stamps.ts";

/** Reads all files of a folder as they grow, by fs.watch and a second look (Bun 1.4.4 drops events of one path in 1 ms). */
const [folder = ""] = process.argv.slice(2);
const AGAIN_MS = 2;
const stamps = new Stamps();
const files = new Map<string, { fd: number; at: number; timer?: Timer }>();
const chunk = new Uint8Array(64 * 1024);

function fileOf(name: string) {
  const known = files.get(name) ?? { fd: openSync(join(folder, name), "r"), at: 0 };
  files.set(name, known);
  return known;
}

function read(name: string): boolean {
  const file = fileOf(name);
  const began = file.at;
  for (let count = readSync(file.fd, chunk, 0, chunk.length, file.at); count > 0; ) {
    file.at += count;
    stamps.take(name, chunk.subarray(0, count));
    count = readSync(file.fd, chunk, 0, chunk.length, file.at);
  }
  return file.at > began;
}

function again(name: string): void {
  const file = fileOf(name);
  file.timer ??= setTimeout(() => {
    file.timer = undefined;
    if (read(name)) again(name);
  }, AGAIN_MS);
}

watch(folder, (_, name) => {
  if (name === null) return;
  read(name);
  again(name);
});
for (const name of readdirSync(folder)) read(name);
await stamps.tellAtEnd();
