import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Refusal } from "../../core/refusal.ts";
import { filesFrom, withReading } from "./reading.ts";

let dir: string;
const write = (path: string, text: string | Uint8Array) => writeFileSync(join(dir, path), text);

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "muster-reading-"));
  for (const folder of ["src", "docs", "node_modules", ".git"]) mkdirSync(join(dir, folder));
  write("src/a.ts", "const a = 1;\n");
  write("src/b.ts", "const b = 2;\n");
  write("src/a.test.ts", "test\n");
  write("src/[odd].ts", "odd\n");
  write("node_modules/a.ts", "foreign\n");
  write(".git/a.ts", "git\n");
  write("big.ts", "x".repeat(500 * 1024 + 1));
  write("fits.ts", "x".repeat(500 * 1024));
  write("fence.md", "a\n````\nb\n````\n");
  write("binary", new Uint8Array([0xff, 0xfe, 0x00, 0xc3]));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** What a refused call says, as a shell and a person see it. */
function refusal(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (error instanceof Refusal) return `${error.code}: ${error.message}; ${error.hint}`;
    throw error;
  }
  return "granted";
}
const reading = (more: object = {}) => ({ files: [] as string[], isInline: false, hasMap: false, ...more });

test("A5 patterns name files of the working folder, each once and in order; ! takes out", () => {
  expect(filesFrom(["src/*.ts", "src/a.ts", "!**/*.test.ts"], dir)).toEqual(["src/[odd].ts", "src/a.ts", "src/b.ts"]);
  expect(filesFrom(["src/[odd].ts"], dir)).toEqual(["src/[odd].ts"]);
  expect(filesFrom(["./src/b.ts"], dir)).toEqual(["src/b.ts"]);
  expect(filesFrom([join(dir, "src", "b.ts")], dir)).toEqual(["src/b.ts"]);
});

test("A5 what lies in .git or node_modules is meant only by a pattern that says so", () => {
  expect(filesFrom(["**/a.ts"], dir)).toEqual(["src/a.ts"]);
  expect(filesFrom(["node_modules/*.ts"], dir)).toEqual(["node_modules/a.ts"]);
});

test("A5 a pattern without a file, and one that ! leaves nothing of, fail and are named", () => {
  expect(refusal(() => filesFrom(["src/*.ts", "lib/*.py"], dir))).toBe(
    `failed: --file lib/*.py finds no file in ${dir}; mend the pattern`,
  );
  expect(refusal(() => filesFrom(["src/*.ts", "!src/*"], dir))).toStartWith(
    "failed: --file: nothing is left of src/*.ts",
  );
  expect(refusal(() => filesFrom(["!src/*"], dir))).toStartWith("usage: --file !src/* takes out of nothing");
});

test("A5 a file over 500 KB fails; one of just that size is named", () => {
  expect(refusal(() => filesFrom(["big.ts"], dir))).toBe(
    "failed: --file big.ts has 512001 bytes; at most 512000; leave it out with !PATH",
  );
  expect(filesFrom(["fits.ts"], dir)).toEqual(["fits.ts"]);
});

test("A5 files are named as reading; --inline puts their content in, in a fence that they do not hold", () => {
  const files = ["src/a.ts", "fence.md"];
  expect(withReading("Look.", reading({ files }), dir)).toBe(
    "Look.\n\nRead these files before you begin:\n- src/a.ts\n- fence.md",
  );
  expect(withReading("Look.", reading({ files, isInline: true }), dir)).toBe(
    "Look.\n\nFile src/a.ts:\n```\nconst a = 1;\n```\n\nFile fence.md:\n`````\na\n````\nb\n````\n`````",
  );
  expect(refusal(() => withReading("Look.", reading({ files: ["binary"], isInline: true }), dir))).toStartWith(
    "failed: --file binary is not text",
  );
  expect(withReading("Look.", reading({ files: ["binary"] }), dir)).toEndWith("- binary");
});

test("A6 --map puts the map's content into the prompt: docs/CODEBASE_MAP.md, else the next best; none fails", () => {
  const mapped = () => withReading("Look.", reading({ hasMap: true }), dir);
  expect(refusal(mapped)).toMatch(/^failed: no map of the code in .*; run the cartographer skill/);
  write("docs/ARCHITECTURE.md", "third\n");
  expect(mapped()).toBe("Look.\n\nMap of this code, from docs/ARCHITECTURE.md:\n```\nthird\n```");
  write("CODEBASE_MAP.md", "second\n");
  expect(mapped()).toContain("second");
  write("docs/CODEBASE_MAP.md", "first\n");
  expect(mapped()).toContain("first");
});

test("A6 of a long map 60 KB go into the prompt, in whole lines, and the rest is named by path and line", () => {
  const row = `${"m".repeat(99)}\n`;
  write("docs/CODEBASE_MAP.md", row.repeat(700));
  const prompt = withReading("Look.", reading({ hasMap: true }), dir);
  expect(prompt.length).toBeLessThan(61 * 1024);
  expect(prompt.match(/^m+$/gm)).toHaveLength(614);
  expect(prompt).toEndWith("It goes on from line 615 of docs/CODEBASE_MAP.md: read the rest there when you need it.");
});
