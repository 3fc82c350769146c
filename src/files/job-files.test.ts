import { afterEach, beforeEach, expect, test } from "bun:test";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isFileOf } from "../core/jobs/record.ts";
import { JobFiles } from "./job-files.ts";

let folder: string;
let files: JobFiles;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "muster-jobs-"));
  mkdirSync(join(folder, "jobs"));
  files = new JobFiles(join(folder, "jobs"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const path = (name: string) => join(folder, "jobs", name);
const names = () => readdirSync(join(folder, "jobs")).sort();

test("A31 a file is replaced whole and private, and left alone when it says that already", async () => {
  await files.write("a.json", "one\n");
  const { ino, mode } = statSync(path("a.json"));
  expect([readFileSync(path("a.json"), "utf8"), mode & 0o777]).toEqual(["one\n", 0o600]);
  await files.write("a.json", "one\n");
  expect(statSync(path("a.json")).ino).toBe(ino);
  await files.write("a.json", "two\n");
  expect(statSync(path("a.json")).ino).not.toBe(ino);
  expect(names()).toEqual(["a.json"]);
});

test("A31 a transcript is copied when it grew, and comes again when its copy is lost; one that is gone leaves the copy", async () => {
  const own = join(folder, "own.jsonl");
  writeFileSync(own, "1\n");
  await files.copy("a.transcript.jsonl", own);
  writeFileSync(own, "1\n2\n");
  await files.copy("a.transcript.jsonl", own);
  expect(readFileSync(path("a.transcript.jsonl"), "utf8")).toBe("1\n2\n");
  rmSync(path("a.transcript.jsonl"));
  await files.copy("a.transcript.jsonl", own);
  rmSync(own);
  await files.copy("a.transcript.jsonl", own);
  expect(readFileSync(path("a.transcript.jsonl"), "utf8")).toBe("1\n2\n");
});

test("A31 a transcript that is a link to somebody's secret is not copied", async () => {
  writeFileSync(join(folder, "secret"), "key");
  symlinkSync(join(folder, "secret"), join(folder, "own.jsonl"));
  await files.copy("a.transcript.jsonl", join(folder, "own.jsonl"));
  expect(names()).toEqual([]);
});

test("A31 drafts that a killed daemon left go with the next start", () => {
  writeFileSync(path("a.json.123.tmp"), "ha");
  writeFileSync(path("a.json"), "whole");
  new JobFiles(join(folder, "jobs"));
  expect(names()).toEqual(["a.json"]);
});

test("A17 all files of one agent go, and none of another whose id begins alike", async () => {
  for (const name of ["a1.json", "a1.log", "a1#2.prompt", "a12.json", "b-a1.json", ".exits"])
    writeFileSync(path(name), "x");
  mkdirSync(path("a1-subagents"));
  writeFileSync(path("a1-subagents/x"), "x");
  mkdirSync(join(folder, "agents"));
  await files.remove((name) => isFileOf("a1", name), [join(folder, "agents"), join(folder, "nowhere")]);
  expect(names()).toEqual([".exits", "a12.json", "b-a1.json"]);
  expect(readdirSync(folder)).toEqual(["jobs"]);
});
