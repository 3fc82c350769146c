import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unifiedDiff } from "./diff.ts";

const folder = mkdtempSync(join(tmpdir(), "diff-"));
afterAll(() => rmSync(folder, { recursive: true }));

const numbers = Array.from({ length: 30 }, (_, n) => `line ${n}\n`);
const CASES: [string, string | null, string][] = [
  ["a change in the middle", numbers.join(""), numbers.join("").replace("line 12\n", "new\nlines\n")],
  ["a line added at the end", numbers.join(""), `${numbers.join("")}last\n`],
  ["a line removed at the start", numbers.join(""), numbers.slice(1).join("")],
  ["a last line without its end", "a\nb", "a\nc"],
  ["an end of line added", "a\nb", "a\nb\n"],
  ["a repeated line", "x\nx\nx\n", "x\nx\nx\nx\n"],
  ["CRLF", "a\r\nb\r\n", "a\r\nB\r\n"],
  ["a new file", null, "new\nfile\n"],
  ["a file emptied", "a\n", ""],
];

for (const [title, before, after] of CASES) {
  test(`git applies ${title}`, () => {
    rmSync(join(folder, "f.txt"), { force: true });
    if (before !== null) writeFileSync(join(folder, "f.txt"), before);
    const stdin = Buffer.from(unifiedDiff("f.txt", before, after));
    const run = Bun.spawnSync(["git", "apply", "-"], {
      cwd: folder,
      stdin,
      env: { ...process.env, GIT_CEILING_DIRECTORIES: folder },
    });
    expect(run.stderr.toString()).toBe("");
    expect(readFileSync(join(folder, "f.txt"), "utf8")).toBe(after);
  });
}

test("equal texts give no diff", () => {
  expect(unifiedDiff("f", "a", "a")).toBe("");
});
