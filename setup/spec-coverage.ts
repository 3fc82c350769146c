import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Glob } from "bun";
import { ARMY_FAULTS, ARMY_FEATURES, ARMY_WAITING } from "./army-rows.ts";
import { FAULTS, FEATURES, STATES, WAITING } from "./spec-rows.ts";

const ROOT = join(import.meta.dir, "..");

/** Where the document stands. */
export const COVERAGE_PATH = join(ROOT, "docs", "spec-coverage.md");

/** Tests of a row that are named; the others are counted. */
const NAMED = 4;

export interface NamedTest {
  file: string;
  title: string;
}

/** One row: its id, what it is about, and the tests that bear the id. */
export interface CoverageRow {
  id: string;
  about: string;
  tests: NamedTest[];
}

const HEAD = `# What shows each row of the specification

Made from the titles of all tests by \`bun --no-install setup/spec-coverage.ts\`; a test says when it is out of date, and when a row has
no test. An id in a test's title (\`P42\`, \`fault 5\`, \`F29\`) means: this test fails when the behaviour of that row is taken away. Tests in
\`test/real\` need the real CLI, and are skipped without it.
`;

/** A title as it stands between its quotes, on one line. */
const TITLE = /\b(?:test|it)(?:\.\w+)*\(\s*(?:"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\\n]|\\.)*)`)/g;

/** The titles of a test file; what a template puts in is shown as three dots. */
export const titlesIn = (source: string): string[] =>
  [...source.matchAll(TITLE)].map(([, plain, template]) =>
    (plain ?? template ?? "").replace(/\$\{[^}]*\}+/g, "...").replace(/\\(.)/g, "$1"),
  );

/** The rows that a title names. */
export const idsIn = (title: string): string[] => [
  ...new Set([
    ...[...title.matchAll(/\b(?:[PA]\d{1,3}|F\d{1,2})\b/g)].map(([id]) => id),
    // `A-fault 5` is a fault of the other list, the one of armies.
    ...[...title.matchAll(/\b(A-)?fault (\d{1,2})\b/g)].map(([, army = "", number]) => `${army}fault ${number}`),
  ]),
];

/** Every test of the tree, by file and place. */
function allTests(): NamedTest[] {
  const files = ["src", "test", "setup"].flatMap((folder) =>
    [...new Glob("**/*.test.{ts,tsx}").scanSync(join(ROOT, folder))].map((path) => `${folder}/${path}`),
  );
  return files
    .sort()
    .flatMap((file) => titlesIn(readFileSync(join(ROOT, file), "utf8")).map((title) => ({ file, title })));
}

/** All rows in their order, with their tests. */
export function coverage(tests = allTests()): CoverageRow[] {
  const byId = new Map<string, NamedTest[]>();
  for (const test of tests) for (const id of idsIn(test.title)) byId.set(id, [...(byId.get(id) ?? []), test]);
  const rows: [id: string, about: string][] = [
    ...FEATURES.map((about, at): [string, string] => [`P${at + 1}`, about]),
    ...FAULTS.map((about, at): [string, string] => [`fault ${at + 1}`, about]),
    ...Object.entries(STATES),
    ...ARMY_FEATURES.map((about, at): [string, string] => [`A${at + 1}`, about]),
    ...ARMY_FAULTS.map((about, at): [string, string] => [`A-fault ${at + 1}`, about]),
  ];
  return rows.map(([id, about]) => ({ id, about, tests: byId.get(id) ?? [] }));
}

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("<", "&lt;");

function rowOf({ id, about, tests }: CoverageRow): string {
  const named = tests.slice(0, NAMED).map(({ file, title }) => `\`${file}\`: ${cell(title)}`);
  const more = tests.length > NAMED ? [`and ${tests.length - NAMED} more`] : [];
  const shown =
    tests.length > 0 ? [...named, ...more].join("<br>") : `none: ${WAITING[id] ?? ARMY_WAITING[id] ?? "**missing**"}`;
  return `| ${id} | ${cell(about)} | ${shown} |`;
}

/** docs/spec-coverage.md as the tests say it. */
export const coverageDocument = (rows = coverage()): string => {
  const shown = rows.filter(({ tests }) => tests.length > 0).length;
  const total = `\n${shown} of ${rows.length} rows have tests.\n`;
  return `${HEAD}${total}\n| row | about | tests |\n|---|---|---|\n${rows.map(rowOf).join("\n")}\n`;
};

if (import.meta.main) await Bun.write(COVERAGE_PATH, coverageDocument());
