import { expect, test } from "bun:test";
import { diffsIn, parseDiff, pathsOf } from "./diff.ts";
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
