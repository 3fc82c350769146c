import { expect, test } from "bun:test";
import { diffsIn, NotADiff, parseDiff, pathsOf } from "./diff.ts";
import { letterForm } from "./letter/form.ts";
import { isAllowedPath, judgePatch, PATCH_POLICY, titleOf } from "./patch-policy.ts";

const EDIT = "--- a/src/a.txt\n+++ b/src/a.txt\n@@ -1,2 +1,2 @@\n one\n-two\n+TWO\n\\ No newline at end of file\n";

test("a diff's paths are old and new names, renames, modes and binary parts, quoted or not", () => {
  const diff = parseDiff(
    [
      'diff --git "a/gr\\303\\274n b.txt" "b/gr\\303\\274n b.txt"',
      "old mode 100644",
      "new mode 100755",
      "diff --git a/old name.txt b/new name.txt",
      "similarity index 100%",
      "rename from old name.txt",
      "rename to new name.txt",
      "diff --git a/x.bin b/x.bin",
      "new file mode 100644",
      "GIT binary patch",
      "literal 3",
      "KcmZQzWMT#Y01f~L",
      "",
      "literal 0",
      "HcmV?d00001",
      "",
      "diff --git a/gone.txt b/gone.txt",
      "deleted file mode 100644",
      "--- a/gone.txt",
      "+++ /dev/null",
      "@@ -1 +0,0 @@",
      "-one",
      EDIT,
    ].join("\n"),
  );
  expect(pathsOf(diff)).toEqual(["grün b.txt", "old name.txt", "new name.txt", "x.bin", "gone.txt", "src/a.txt"]);
  expect(diff.changed).toBe(5);
});

test("a hunk that counts other lines than it has is not a diff", () => {
  for (const [from, to] of [
    ["-1,2 +1,2", "-1,3 +1,2"],
    ["-1,2 +1,2", "-1,1 +1,2"],
    [" one", "one"],
  ]) {
    expect(() => parseDiff(EDIT.replace(from ?? "", to ?? ""))).toThrow(/hunk/);
  }
  expect(() => parseDiff("@@ -1 +1 @@\n-a\n+b\n")).toThrow("without a file");
});

test("diffs in a text are cut out with their exact lines", () => {
  const text = `Here it is:\n${EDIT}and more words\n\n${EDIT.replaceAll("src/a", "src/b")}`;
  expect(diffsIn(text.split("\n"))).toEqual([EDIT, EDIT.replaceAll("src/a", "src/b")]);
});

test("P43 globs: one star stays in its folder, and nobody patches .git, .muster or outside", () => {
  const globs = ["src/*.ts", "docs/**", "README.md", "**"];
  expect(isAllowedPath("src/a.ts", globs.slice(0, 3))).toBe(true);
  expect(isAllowedPath("src/b/a.ts", globs.slice(0, 3))).toBe(false);
  expect(isAllowedPath("READMEXmd", globs.slice(0, 3))).toBe(false);
  for (const path of [".git/config", "a/.GIT/x", ".muster/x", "../x", "/x", "a/../x", "a//b"]) {
    expect(isAllowedPath(path, globs)).toBe(false);
  }
});

test("a patch's title is what stands before its diff, else its files", () => {
  const diff = parseDiff(EDIT);
  expect(titleOf(`Subject: [PATCH] shout\n\n${EDIT}`, diff)).toBe("shout");
  expect(titleOf(EDIT, diff)).toBe("change src/a.txt");
  expect(judgePatch(EDIT, PATCH_POLICY)).toMatchObject({ changed: 2 });
});

test("F17 no beginning of a letter counts as a whole one", () => {
  const whole = "<TO_PEER>\nwords\n</TO_PEER>\n\n```insight\nwho: PeerA\nkind: note\n```\n";
  for (let end = 0; end < whole.length - 1; end += 1) expect(letterForm(whole.slice(0, end))).not.toBe("complete");
  expect(letterForm(whole)).toBe("complete");
  const quoting = `<TO_PEER>\n> see\n${whole}`;
  expect(letterForm(quoting)).toBe("open");
});

const named = (...lines: string[]) => parseDiff(`${lines.join("\n")}\n`).files;
const HUNK_OF_ONE = ["@@ -1 +1 @@", "-a", "+b"];

test("a name is read as git wrote it: escapes, times behind a tab, line ends of Windows", () => {
  const name = String.raw`"b/t\tn\nr\rq\"s\\a\ab\bv\vf\f\303\251.txt"`;
  const plain = 't\tn\nr\rq"s\\a\x07b\bv\vf\fé.txt';
  expect(named("--- /dev/null", `+++ ${name}`, ...HUNK_OF_ONE)).toEqual([{ from: null, to: plain }]);
  expect(named("--- a/x.c\t2024-01-01 10:00", "+++ b/d/y.c \t2024", ...HUNK_OF_ONE)).toEqual([
    { from: "x.c", to: "d/y.c" },
  ]);
  expect(named("--- a/x\r", "+++ /dev/null\r", "@@ -1 +0,0 @@\r", "-a\r")).toEqual([{ from: "x", to: null }]);
  expect(named("diff --git a/x b/x\r", "rename from x\r", "rename to long name\r")).toEqual([
    { from: "x", to: "long name" },
  ]);
  expect(named("diff --git a/same b/same\r")).toEqual([{ from: "same", to: "same" }]);
});

test("a first line names both sides: alike, each by itself, quoted; lines of copies and renames say more", () => {
  expect(named("diff --git a/one two b/one two")).toEqual([{ from: "one two", to: "one two" }]);
  expect(named("diff --git a/d/one b/d/other")).toEqual([{ from: "d/one", to: "d/other" }]);
  expect(named("diff --git a/ab b/cd")).toEqual([{ from: "ab", to: "cd" }]);
  expect(named("diff --git a/one")).toEqual([{ from: "one", to: "one" }]);
  expect(named('diff --git "a/x" "b/x" more')).not.toEqual([{ from: "x", to: "x" }]);
  expect(named(String.raw`diff --git "a/o\"ne" "b/\303\251"`)).toEqual([{ from: 'o"ne', to: "é" }]);
  expect(named("diff --git a/x b/x", "copy from d/x", String.raw`copy to "\303\251 y"`)).toEqual([
    { from: "d/x", to: "é y" },
  ]);
  expect(named("diff --git a/x b/x", String.raw`rename from "\303\251"`, "rename to z")).toEqual([
    { from: "é", to: "z" },
  ]);
});

test("lines about modes and likeness stand between a file's name and its hunks", () => {
  for (const line of [
    ...["old mode 100644", "new mode 100755", "deleted file mode 100644", "new file mode 100644"],
    ...["similarity index 90%", "dissimilarity index 90%", "index 0000..1111"],
  ]) {
    const diff = parseDiff(["diff --git a/x b/x", line, "--- a/x", "+++ b/y", ...HUNK_OF_ONE, ""].join("\n"));
    expect(diff).toEqual({ files: [{ from: "x", to: "y" }], changed: 2 });
  }
  const other = ["diff --git a/x b/x", "so index 1", "--- a/x", "+++ b/x", ...HUNK_OF_ONE, ""];
  expect(parseDiff(other.join("\n")).files).toHaveLength(2);
});

test("only added and removed lines count; a blank line that lost its blank is context", () => {
  const counted = (...lines: string[]) => parseDiff(["--- a/x", "+++ b/x", ...lines, ""].join("\n")).changed;
  expect(counted("@@ -1,4 +1,4 @@ of a function", " a", "", "-b", "\\ No newline at end of file", "+c", " d")).toBe(2);
  expect(counted("@@ -1,2 +1,2 @@", "\r", "-b\r", "+c\r")).toBe(2);
  expect(counted("@@ -1 +1,3 @@", " a", "+b", "+c", "@@ -9,2 +11 @@", " x", "-y")).toBe(3);
  expect(counted("@@ -1 +1 @@", "-a", "+b", "\\ No newline at end of file", "@@ -5 +5 @@", "-c", "+d")).toBe(4);
  expect(counted("@@ -10 +120 @@", "-a", "+b")).toBe(2);
  expect(counted("@@ -1,0 +2 @@", "+b", "-- ", "words")).toBe(1);
});

test("a binary part counts its lines of data and ends with them", () => {
  const binary = (...lines: string[]) => parseDiff(["diff --git a/x b/x", ...lines].join("\n"));
  const data = ["GIT binary patch", "literal 12", "one", "two", "", "delta 3", "three", ""];
  expect(binary(...data, "").changed).toBe(3);
  expect(binary(...data.map((line) => `${line}\r`), "").changed).toBe(3);
  expect(binary("GIT binary patch", "literal 1", "cut short").changed).toBe(1);
  expect(binary(...data, "diff --git a/y b/y", "index 1..2", "").files).toHaveLength(2);
  expect(binary("no GIT binary patch", "literal 1", "x").changed).toBe(0);
  expect(binary("GIT binary patch of", "literal 1", "x").changed).toBe(0);
  expect(binary("Binary files a/x and b/x differ", "diff --git a/y b/y", "")).toEqual({
    files: [
      { from: "x", to: "x" },
      { from: "y", to: "y" },
    ],
    changed: 0,
  });
  expect(diffsIn(["diff --git a/x b/x", "Binary files a and b differ", ""])).toEqual([
    "diff --git a/x b/x\nBinary files a and b differ\n",
  ]);
  expect(diffsIn(["diff --git a/x b/x", "Binary files a and b differ\r", ""])).toEqual([
    "diff --git a/x b/x\nBinary files a and b differ\r\n",
  ]);
  expect(diffsIn(["diff --git a/x b/x", "so Binary files a and b differ", ""])).toEqual(["diff --git a/x b/x\n"]);
  expect(diffsIn(["diff --git a/x b/x", "Binary files a and b differ, too", ""])).toEqual(["diff --git a/x b/x\n"]);
});

test("what is no diff says at which line and why", () => {
  const said = (...lines: string[]) => {
    try {
      return parseDiff(lines.join("\n"));
    } catch (error) {
      expect(error).toBeInstanceOf(NotADiff);
      return (error as Error).message;
    }
  };
  const head = ["--- a/x", "+++ b/x"];
  const cut = "the hunk of line 3 is cut short at line 5";
  expect(said(...head, "@@ -1,2 +1,2 @@", " a")).toBe(cut);
  expect(said(...head, "@@ -1,2 +1,2 @@", " a", "")).toBe(cut);
  expect(said(...head, "@@ -1,2 +1,2 @@", " a", "what")).toBe(cut);
  const more = "the hunk of line 3 has other lines than it counts";
  expect(said(...head, "@@ -1,0 +1,2 @@", "+a", " b", "")).toBe(more);
  expect(said(...head, "@@ -1,2 +1,0 @@", "-a", " b", "")).toBe(more);
  expect(said("words", "@@ -1 +1 @@", "-a", "+b")).toBe("line 2 is a hunk without a file");
  const none = "it has no file headers (diff --git, or --- and +++ with @@)";
  expect(said("only words")).toBe(none);
  expect(said("--- a/x", "words", "+++ b/x")).toBe(none);
  expect(said("--- a/x", "+++ b/x", "words")).toBe(none);
  expect(said("--- a/x", "+++ b/x")).toBe(none);
  expect(said("--- a/x", "words", "@@ -1 +1 @@")).toBe("line 3 is a hunk without a file");
  expect(said("words", "+++ b/x", "@@ -1 +1 @@")).toBe("line 3 is a hunk without a file");
  expect(said("-- a/x", "+++ b/x", "@ -1 +1 @@")).toBe(none);
});

test("a broken diff in a text is handed on as far as it goes, and words around it are not", () => {
  const head = "--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n";
  expect(diffsIn(`words\n${head} a\n\nmore words\n${EDIT}`.split("\n"))).toEqual([`${head} a\n\n`, EDIT]);
  const two = `${EDIT}${EDIT.replaceAll("src/a", "src/b")}`;
  expect(diffsIn(`see\n${two}`.split("\n"))).toEqual([two]);
  expect(diffsIn(["only", "words"])).toEqual([]);
});

test("a path that two files name is told once, and nothing is told of /dev/null", () => {
  const diff = parseDiff(`${EDIT}${EDIT}--- /dev/null\n+++ b/new\n${HUNK_OF_ONE.join("\n")}\n`);
  expect(pathsOf(diff)).toEqual(["src/a.txt", "new"]);
});
