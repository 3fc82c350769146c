import { expect, test } from "bun:test";
import { parseDiff } from "./diff.ts";
import {
  exceptional,
  isAllowedPath,
  isProtected,
  judgePatch,
  notAllowed,
  PATCH_POLICY,
  titleOf,
} from "./patch-policy.ts";

/** A diff of one file with so many added lines. */
const adding = (count: number, path = "src/a.txt"): string =>
  [`--- a/${path}`, `+++ b/${path}`, `@@ -1 +1,${count + 1} @@`, " one", ...Array(count).fill("+x"), ""].join("\n");
const reason = (text: string, policy = PATCH_POLICY): string => {
  const judged = judgePatch(text, policy);
  return "kind" in judged ? `${judged.kind}(${judged.reason})` : "taken";
};

test("P42 a patch of 150 changed lines is taken, one of 151 is not", () => {
  expect(reason(adding(150))).toBe("taken");
  expect(reason(adding(151))).toBe("reject(too-many-lines: 151 > 150; split it or open an RFD)");
  expect(reason(adding(3), { ...PATCH_POLICY, maxLines: 2 })).toStartWith("reject(too-many-lines: 3 > 2");
});

test("P43 every path of a patch must be allowed, the old names too", () => {
  expect(reason(adding(1, "Makefile"))).toBe("reject(path-not-allowed: Makefile)");
  const renamed = "diff --git a/secret b/src/a.txt\nsimilarity index 100%\nrename from secret\nrename to src/a.txt\n";
  expect(reason(renamed)).toBe("reject(path-not-allowed: secret)");
  expect(reason(`${adding(1)}${adding(1, ".muster/settings/x")}`)).toBe("reject(path-not-allowed: .muster/settings/x)");
  expect(notAllowed("x", " (link)").reason).toBe("path-not-allowed: x (link)");
});

test("what a fresh repository lets patches touch", () => {
  for (const path of ["src/a/b.ts", "tests/x", "docs/a.md", "infra/x", "README.md", "AGENTS.md", "PROJECT.md"])
    expect([path, isAllowedPath(path, PATCH_POLICY.allowedPaths)]).toEqual([path, true]);
  for (const path of ["src", "package.json", "docs.md", "README.md/x", "a/README.md", "./src/a", "src/./a", "src//a"])
    expect([path, isAllowedPath(path, PATCH_POLICY.allowedPaths)]).toEqual([path, false]);
  expect(isAllowedPath("a.b", ["a?b"])).toBe(false);
  expect(isAllowedPath("xa+b(c)[d]{e}^$|y", ["*a+b(c)[d]{e}^$|*"])).toBe(true);
  expect(isAllowedPath("src/a\nb", ["src/**"])).toBe(true);
});

test("P40 what is not a diff says why, and nothing is repaired", () => {
  expect(reason("just words\n")).toBe(
    "reject(not-a-diff: it has no file headers (diff --git, or --- and +++ with @@))",
  );
  expect(reason(adding(1).replace("+x", "+\0"))).toBe("reject(not-a-diff: it holds a NUL character)");
  expect(reason(adding(2).replace("+x\n", ""))).toStartWith("reject(not-a-diff: the hunk of line 3");
});

test("P40 a diff copied from a screen with its frame is refused, frames in the text itself are not", () => {
  const framed = (reason: string) => `reject(ui-frame: ${reason}; write the diff to a file instead of copying it)`;
  expect(reason(`╭────╮\n${adding(1)}`)).toBe(framed("line 1 begins with a frame of the screen"));
  expect(reason(adding(1).replace("@@\n one", "@@\n  │ one"))).not.toStartWith("reject(ui-frame");
  expect(reason(`words\n  │ x\n${adding(1)}`)).toBe("taken");
  expect(reason(`words\n│ x\n${adding(1)}`)).toBe(framed("line 2 begins with a frame of the screen"));
  const walled = adding(3)
    .split("\n")
    .map((line) => (/^[ +]x?/.test(line) && !line.startsWith("+++") ? `${line} │` : line));
  expect(reason(walled.join("\n"))).toBe("taken");
  const boxed = adding(3).replace(/^(---|\+\+\+|[ +]).*$/gm, "$& │");
  expect(reason(boxed)).toBe(framed("every line ends in a frame of the screen"));
});

test("a title is the first words before a diff, without the marks of mail", () => {
  const diff = parseDiff(adding(1));
  const titles: [string, string][] = [
    [adding(1), "change src/a.txt"],
    [`\n# Mend it\nmore\n${adding(1)}`, "Mend it"],
    [`From abc Mon\nDate: x\nSubject: [PATCH 1/2] mend\n\n${adding(1)}`, "mend"],
    [`Subject: mend\n${adding(1)}`, "mend"],
    [`title: mend\n${adding(1)}`, "mend"],
    [`---\n\n${adding(1)}`, "change src/a.txt"],
  ];
  for (const [text, title] of titles) expect(titleOf(text, diff)).toBe(title);
  const many = parseDiff(["a", "b", "c", "d"].map((name) => adding(1, name)).join(""));
  expect(titleOf("", many)).toBe("change a, b, c ...");
  expect(titleOf("no diff at all", null)).toBe("a patch");
});

test("P49 an approved exception may have any length and change protected paths, and passes the whole suite", () => {
  const policy = {
    ...PATCH_POLICY,
    allowedPaths: ["src/**"],
    protectedPaths: ["infra/**"],
    test: "some",
    fullTest: "all",
  };
  expect(exceptional(policy)).toEqual({
    ...policy,
    ...{ maxLines: Number.MAX_SAFE_INTEGER, allowedPaths: ["src/**", "infra/**"], protectedPaths: [], test: "all" },
  });
  expect(exceptional({ ...policy, fullTest: undefined }).test).toBe("some");
});

test("P48 a protected path that is allowed is refused as such; what nobody may change is not called protected", () => {
  const policy = { ...PATCH_POLICY, allowedPaths: ["**"], protectedPaths: ["infra/**", "**"] };
  expect(reason(adding(1, "infra/x"), policy)).toBe("reject(path-not-allowed: infra/x (protected))");
  expect(isProtected("infra/x", policy)).toBe(true);
  expect(isProtected("a/.git/x", policy)).toBe(false);
  expect(isProtected("src/x", { protectedPaths: ["infra/**"] })).toBe(false);
});

test("P43 a path ends where it ends, and only a glob that begins with the own folder opens it", () => {
  expect(isAllowedPath("/a", ["**"])).toBe(false);
  expect(isAllowedPath("a/", ["**"])).toBe(false);
  expect(isAllowedPath(".muster/x", ["**"])).toBe(false);
  expect(isAllowedPath(".Muster/x", ["**", "x/.muster/"])).toBe(false);
  expect(isAllowedPath(".muster/x", [".muster/**"])).toBe(true);
  expect(isAllowedPath("a/.muster/x", ["**"])).toBe(true);
});

test("P40 a frame is what a line begins with, or what two lines and more end in", () => {
  expect(reason(`words ── x\n${adding(1)}`)).toBe("taken");
  expect(reason(`x│\n${adding(1)}`)).toBe("taken");
  const lines = (...body: string[]) => body.join("\n");
  expect(reason(lines("+a │ ", "-b ║", " c ┃\t"))).toContain("every line ends in a frame");
  expect(reason(lines("+a │", "-b │"))).toContain("not-a-diff");
  expect(reason(lines("+a │ x", "-b │", " c │"))).toContain("not-a-diff");
});

test("a title is looked for before the diff, in forty lines, and keeps words that only look like marks", () => {
  const diff = parseDiff(adding(1));
  const title = (text: string) => titleOf(text, diff);
  expect(title(`### Mend  it \n${adding(1)}`)).toBe("Mend  it");
  expect(title(`mend # it\n${adding(1)}`)).toBe("mend # it");
  expect(title(`it comes From here\n${adding(1)}`)).toBe("it comes From here");
  expect(title(`see --- it\nmore\n${adding(1)}`)).toBe("see --- it");
  expect(title(`mend\nIndex: x\n${adding(1)}`)).toBe("mend");
  expect(title(`mend\n${"\n".repeat(38)}${adding(1)}`)).toBe("mend");
  expect(title(`mend\n${"\n".repeat(39)}${adding(1)}`)).toBe("change src/a.txt");
  const three = parseDiff(["a", "b", "c"].map((name) => adding(1, name)).join(""));
  expect(titleOf("", three)).toBe("change a, b, c");
});
