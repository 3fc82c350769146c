import { afterEach, beforeEach, expect, test } from "bun:test";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Upload } from "../core/bridges/port.ts";
import { FolderChatFiles, plainName } from "./files.ts";

const NOW = 1_700_000_000_000;
const IN = ".muster/work/upload/inbound";
const OUT = ".muster/work/upload/outbound";
let repo = "";
let files: FolderChatFiles;
const at = (...parts: string[]) => join(repo, ...parts);

beforeEach(() => {
  repo = mkdtempSync(join(tmpdir(), "muster-files-"));
  mkdirSync(at(OUT), { recursive: true });
  files = new FolderChatFiles(
    async (path, limit = Number.POSITIVE_INFINITY) => {
      const bytes = await readFile(path);
      if (bytes.length > limit) throw new Error("too long");
      return bytes;
    },
    () => NOW,
  );
});
afterEach(() => rmSync(repo, { recursive: true, force: true }));

function drop(name: string, text: string, age = 5000): void {
  writeFileSync(at(OUT, name), text);
  utimesSync(at(OUT, name), (NOW - age) / 1000, (NOW - age) / 1000);
}
const waiting = (): Promise<Upload[]> => files.waiting(repo, OUT);

const keep = (name: string, chat = "-100 7") =>
  files.keep(repo, IN, {
    ...{ name, mime: "text/plain", bytes: new TextEncoder().encode("hello") },
    ...{ platform: "telegram" as const, chat, mid: "tg-5-abc", sender: "mia", at: NOW },
  });

test("P91 a file of a chat is kept private, with what is known of it, and in the index", async () => {
  const digest = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
  const kept = await keep("notes.txt");
  expect(kept).toEqual({ path: `${IN}/telegram/-100_7/20231114/tg-5-abc__notes.txt`, sha256: digest });
  expect([readFileSync(at(kept.path), "utf8"), statSync(at(kept.path)).mode & 0o777]).toEqual(["hello", 0o600]);
  const meta = JSON.parse(readFileSync(at(`${kept.path}.meta.json`), "utf8"));
  expect(meta).toEqual({
    ...{ ...kept, size: 5, mime: "text/plain", name: "notes.txt", platform: "telegram", chat: "-100 7" },
    ...{ mid: "tg-5-abc", sender: "mia", ts: "2023-11-14T22:13:20.000Z" },
  });
  await keep("more.txt");
  const index = readFileSync(at(".muster/state/inbound-index.jsonl"), "utf8").trim().split("\n");
  expect(index.map((line) => JSON.parse(line).name)).toEqual(["notes.txt", "more.txt"]);
  expect(JSON.parse(index[0] ?? "")).toEqual(meta);
});

test("P91 a name is nothing but a name", () => {
  expect(
    [
      "../../etc/passwd",
      "C:\\x\\y.txt",
      ".bashrc",
      "a\u202eb\n;rm -rf $(x).txt",
      "",
      "..",
      "報告 v2.pdf",
      `${"x".repeat(200)}.txt`,
    ].map(plainName),
  ).toEqual([
    ...["passwd", "y.txt", "bashrc", "a_b_rm -rf _x_.txt", "file", "file", "報告 v2.pdf", `${"x".repeat(76)}.txt`],
  ]);
});

test("P91 a folder that is a link, or leads out of the repository, takes no file", async () => {
  mkdirSync(at("elsewhere"));
  mkdirSync(at(IN), { recursive: true });
  symlinkSync(at("elsewhere"), at(IN, "telegram"));
  await expect(keep("x.txt")).rejects.toThrow("is not a folder of its own");
  await expect(files.waiting(repo, "../out")).rejects.toThrow("leads out of the repository");
  expect(readdirSync(at("elsewhere"))).toEqual([]);
});

test("P92 a dropped file waits with its caption, route and kind; the oldest is first", async () => {
  drop("b.png", "png", 9000);
  drop("b.png.caption.txt", "a: the curve\nof today\n");
  drop("b.png.sendas", "photo\n");
  drop("a.txt", "hello");
  drop("a.txt.route", "both\n");
  drop("a.txt.sendas", "photo");
  drop(".hidden", "x");
  drop("young.txt", "x", 500);
  drop("half.txt.part", "x");
  mkdirSync(at(OUT, "folder"));
  symlinkSync("/etc/passwd", at(OUT, "link.txt"));
  expect(
    (await waiting()).map(({ name, caption, route, sendAs, mime, size }) => [name, caption, route, sendAs, mime, size]),
  ).toEqual([
    ["b.png", "the curve\nof today", "a", "photo", "image/png", 3],
    ["a.txt", "", "both", "document", "text/plain", 5],
  ]);
});

test("P92 fault 19: a file goes only when its upload is confirmed, and leaves a receipt", async () => {
  drop("a.txt", "hello");
  drop("a.txt.caption.txt", "hi");
  const [upload] = await waiting();
  if (!upload) throw new Error("nothing waits");
  expect(new TextDecoder().decode(await files.read(repo, OUT, upload, 5))).toBe("hello");
  await expect(files.read(repo, OUT, upload, 4)).rejects.toThrow("too long");
  expect(existsSync(at(OUT, "a.txt"))).toBe(true);
  await files.done(repo, OUT, upload, { chats: ["telegram:7"] });
  expect(readdirSync(at(OUT))).toEqual(["a.txt.sent.json"]);
  expect(JSON.parse(readFileSync(at(OUT, "a.txt.sent.json"), "utf8"))).toEqual({ chats: ["telegram:7"] });
});

test("P92 a receipt without its removal, as after a crash, is no second upload", async () => {
  drop("a.txt", "hello");
  drop("a.txt.sent.json", "{}");
  expect(await waiting()).toEqual([]);
  expect(readdirSync(at(OUT))).toEqual(["a.txt.sent.json"]);
});

test("P92 what failed for good stays with its reason and waits no more", async () => {
  drop("a.txt", "hello");
  const [upload] = await waiting();
  if (upload) await files.failed(repo, OUT, upload, "nobody answers");
  expect(await waiting()).toEqual([]);
  expect(readdirSync(at(OUT)).sort()).toEqual(["a.txt", "a.txt.error.json"]);
  expect(JSON.parse(readFileSync(at(OUT, "a.txt.error.json"), "utf8"))).toMatchObject({ reason: "nobody answers" });
});

test("P91 P92 after their days files go; what still waits stays", async () => {
  const { path } = await keep("old.txt");
  const day = 86_400_000;
  const touch = (name: string, age: number) => utimesSync(at(name), (NOW - age) / 1000, (NOW - age) / 1000);
  for (const name of [path, `${path}.meta.json`]) touch(name, 14 * day + 1000);
  const young = await keep("young.txt");
  for (const name of [young.path, `${young.path}.meta.json`]) touch(name, 14 * day - 1000);
  for (const name of ["waits.txt", "sent.txt.sent.json", "failed.txt", "failed.txt.error.json"])
    drop(name, "x", 15 * day);
  await files.sweep(repo, { inbound: IN, outbound: OUT }, { inbound: 14, outbound: 14 }, NOW);
  expect([existsSync(at(path)), existsSync(at(`${path}.meta.json`)), existsSync(at(young.path))]).toEqual([
    false,
    false,
    true,
  ]);
  expect(readdirSync(at(OUT))).toEqual(["waits.txt"]);
});
