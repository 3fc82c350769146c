import { expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { COMMANDS } from "../src/cli/commands.ts";
import { VERSION } from "../src/version.ts";
import { TABLE } from "./import-table.ts";
import { codeOf, ROOT, sourcesIn } from "./sources.ts";

const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");
const manifest = JSON.parse(read("package.json")) as Record<
  "dependencies" | "devDependencies",
  Record<string, string>
> & {
  version: string;
};
const all = ["src", "test", "setup", "bench"]
  .filter((folder) => existsSync(join(ROOT, folder)))
  .flatMap((folder) => sourcesIn(join(ROOT, folder)).map(({ path, text }) => ({ path: `${folder}/${path}`, text })));

/** Rows of a document's tables, cell by cell, without their markup. */
const rowsOf = (path: string): string[][] =>
  read(path)
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.replaceAll("`", "").trim()),
    );

test("ARCHITECTURE.md shows the import table as it is tested", () => {
  const shown = new Map(rowsOf("ARCHITECTURE.md").map(([part = "", , may = ""]) => [part, may]));
  for (const [part, { may }] of Object.entries(TABLE))
    expect([part, shown.get(part)]).toEqual([part, may.join(", ") || "nothing"]);
});

test("every folder of src has its line in ARCHITECTURE.md", () => {
  const shown = rowsOf("ARCHITECTURE.md").map(([part]) => part);
  for (const part of readdirSync(join(ROOT, "src"))) expect(shown).toContain(part);
});

test("the product's version is the same in the program and in package.json", () => {
  expect(VERSION).toBe(manifest.version);
});

test("docs/dependencies.md lists exactly the dependencies, at their pinned versions", () => {
  const listed = rowsOf("docs/dependencies.md").map(([name, version]) => `${name} ${version}`);
  const pinned = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
  const wanted = pinned.map(([name, version]) => `${name} ${version}`);
  expect(listed.filter((row) => / \d+\.\d+\.\d+$/.test(row)).sort()).toEqual(wanted.sort());
  for (const [name, version] of pinned) expect(`${name} ${version}`).toMatch(/ \d+\.\d+\.\d+$/);
});

/** Words that say nothing; GLOSSARY.md has better ones. */
const EMPTY_WORDS = ["Manager", "Service", "Helper", "Util", "Handler", "Context", "Data", "Info", "Base"];
const EXPORTED =
  /^export (?:declare )?(?:abstract )?(?:async )?(?:const|let|function\*?|class|interface|type) +([A-Za-z0-9_$]+)/gm;

const emptyNames = (text: string): string[] =>
  [...codeOf(text).matchAll(EXPORTED)]
    .map((match) => match[1] ?? "")
    .filter((name) => {
      const words = name.match(/[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])/g) ?? [];
      return words.some((word) => EMPTY_WORDS.some((empty) => new RegExp(`^${empty}s?$`, "i").test(word)));
    });

test("no exported name has a word that says nothing", () => {
  expect(all.flatMap(({ path, text }) => emptyNames(text).map((name) => `${path}: ${name}`))).toEqual([]);
  expect(emptyNames("export const openDatabase = 1;")).toEqual([]);
  expect(emptyNames("export class AgentManager {}\nexport function baseUrl() {}\nexport type Utils = 1;")).toHaveLength(
    3,
  );
});

test("no file has more than 300 lines", () => {
  const long = all.filter(({ text }) => text.trimEnd().split("\n").length > 300);
  expect(long.map(({ path }) => path)).toEqual([]);
});

/** Folders of one machine and hosts of package registries; written in pieces, or this file would be found. */
const ONE_MACHINE = new RegExp(
  [
    // A repository's own `.muster` is no folder of a machine.
    `(?<!\\.muster)/(work|workspace|root|Users|home)/[a-z][a-z0-9._-]*/[a-z]`,
    `//registry\\.`,
    `npmjs\\.${"org"}`,
    `yarnpkg\\.${"com"}`,
  ].join("|"),
  "i",
);

test("no tracked file names a folder of one machine or the host of a registry", () => {
  const listed = Bun.spawnSync(["git", "ls-files", "-z"], { cwd: ROOT });
  expect(listed.exitCode).toBe(0);
  const tracked = listed.stdout
    .toString()
    .split("\0")
    .filter((path) => path && existsSync(join(ROOT, path)));
  expect(tracked.length).toBeGreaterThan(50);
  const found = tracked.flatMap((path) =>
    read(path)
      .split("\n")
      .flatMap((line, index) => (ONE_MACHINE.test(line) ? [`${path}:${index + 1}: ${line.trim().slice(0, 120)}`] : [])),
  );
  expect(found).toEqual([]);
});

/** Rows of attacks and faults; `in part` and `not yet` claim nothing about a test of their own. */
const claimed = (document: string): { id: string; test: string }[] =>
  rowsOf(document)
    .filter(([id = "", , , shown = ""]) => /^[SF]\d+$/.test(id) && /^(in part: )?(src|test)\//.test(shown))
    .map(([id = "", , , shown = ""]) => ({ id, test: shown }));

test("a row of attacks or faults names a test that bears its id", () => {
  const rows = [...claimed("docs/security.md"), ...claimed("docs/reliability.md")];
  expect(rows.length).toBeGreaterThan(0);
  for (const { id, test: shown } of rows) {
    const [path = ""] = shown.replace("in part: ", "").split(",");
    expect(existsSync(join(ROOT, path)) ? path : `${id} names ${path}, which is not there`).toBe(path);
    if (!shown.startsWith("in part"))
      expect(new RegExp(`\\b${id}\\b`).test(read(path)) ? id : `${path} lacks ${id}`).toBe(id);
  }
});

test("a test that bears the id of an attack or fault stands in its document", () => {
  const documents = read("docs/security.md") + read("docs/reliability.md");
  const ids = all.flatMap(({ path, text }) =>
    [...text.matchAll(/^\s*test(?:\.\w+)?\(\s*["'`]([SF]\d{1,2})\b/gm)].map((match) => ({ path, id: match[1] ?? "" })),
  );
  expect(ids.length).toBeGreaterThan(0);
  for (const { path, id } of ids) {
    const row = documents.split("\n").find((line) => line.startsWith(`| ${id} |`));
    expect(row?.includes(path) ? id : `${id} in ${path} is not in its document`).toBe(id);
  }
});

test("every command that a text of ours names is there", () => {
  const known = [...Object.keys(COMMANDS), "daemon", "standin"];
  for (const { path, text } of sourcesIn(join(ROOT, "src"))) {
    for (const [, word = ""] of text.matchAll(/["'`(][^"'`\n]*\bmuster ([a-z][a-z-]*)\b/g)) {
      const isProse = /^(or|hook|hooks)$/.test(word);
      expect(isProse || known.includes(word) ? word : `${path} names muster ${word}`).toBe(word);
    }
  }
});
