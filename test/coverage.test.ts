import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { ARMY_WAITING } from "../setup/army-rows.ts";
import {
  COVERAGE_PATH,
  type CoverageRow,
  coverage,
  coverageDocument,
  idsIn,
  titlesIn,
} from "../setup/spec-coverage.ts";
import { WAITING } from "../setup/spec-rows.ts";

const waits = (id: string): boolean => WAITING[id] !== undefined || ARMY_WAITING[id] !== undefined;

/** Ids of rows without a test. */
const bare = (rows: CoverageRow[]): string[] => rows.filter(({ tests }) => tests.length === 0).map(({ id }) => id);

test("every row of the specification has a test that bears its id, or says what it waits for", () => {
  expect(bare(coverage()).filter((id) => !waits(id))).toEqual([]);
});

test("docs/spec-coverage.md is as the tests say; bun --no-install setup/spec-coverage.ts makes it anew", () => {
  expect(readFileSync(COVERAGE_PATH, "utf8")).toBe(coverageDocument());
});

test("a row that loses its last test is found", () => {
  const all = coverage();
  expect([all.length, all[0]?.id, all.at(-1)?.id]).toEqual([274, `P${1}`, "A-fault 28"]);
  const less = coverage(all.flatMap(({ id, tests }) => (id === `P${35}` ? [] : tests.slice(0, 1))));
  expect(bare(less).filter((id) => !waits(id))).toContain(`P${35}`);
});

test("titles are found in each of their forms, and ids wherever they stand in one", () => {
  const [one, two, three] = [
    `"P${1} P${2} one \\"quoted\\""`,
    `\`F${29} of \${name}\``,
    `\n  "no id (fault ${5}) at all"`,
  ];
  const source = `test(${one}, () => {});\n  it(${two}, f);\ntest.skipIf(x)("not this");\ntest.serial(${three}`;
  const titles = titlesIn(source);
  expect(titles).toEqual([`P${1} P${2} one "quoted"`, `F${29} of ...`, `no id (fault ${5}) at all`]);
  expect(titles.map(idsIn)).toEqual([[`P${1}`, `P${2}`], [`F${29}`], [`fault ${5}`]]);
  expect(idsIn("P-0001 and p95")).toEqual([]);
});
