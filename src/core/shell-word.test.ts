import { expect, test } from "bun:test";
import { quoted, shellWord } from "./shell-word.ts";

const TEXTS = [
  "",
  "plain",
  "a b",
  "it's",
  "$(id)",
  "`id`",
  "=ls",
  "-x",
  "~",
  "a\nb",
  "'''",
  "*",
  "ä",
  "/p/q.ts:3",
  "#1",
];

test("whatever a word holds, a shell takes it for one, quoted always or only where it must be", () => {
  for (const write of [quoted, shellWord]) {
    const ran = Bun.spawnSync(["sh", "-c", `printf '%s\\0' ${TEXTS.map(write).join(" ")}`]);
    expect(ran.stdout.toString().split("\0").slice(0, -1)).toEqual(TEXTS);
  }
});

test("a person reads no quotes where none are needed", () => {
  expect(["plain", "/p/q.ts:3", "claude-opus@1", "a=b"].map(shellWord)).toEqual([
    ...["plain", "/p/q.ts:3", "claude-opus@1", "a=b"],
  ]);
  expect(["=ls", "a b", ""].map(shellWord)).toEqual(["'=ls'", "'a b'", "''"]);
});
