import { expect, test } from "bun:test";
import { bulletsOf, isNamed, refsIn, saying, sectionsOf } from "./markdown.ts";

test("a fence is closed by its own mark alone; what follows is text again", () => {
  const titles = (text: string) => sectionsOf(text).map(({ title }) => title);
  expect(titles("```js\n# in\n```\n# out")).toEqual(["", "out"]);
  expect(titles("````\n```\n# in\n````\n# out")).toEqual(["", "out"]);
  expect(titles("```\n# in\n``` x\n# in")).toEqual([""]);
  expect(titles("  ~~~\n# in\n  ~~~\n# out")).toEqual(["", "out"]);
  expect(titles("# a\nsee # b\n#c\n####### d\n## e ##")).toEqual(["", "a", "e"]);
});

test("a name is known without case, marks, brackets and what stands behind it, but never by its beginning alone", () => {
  expect(isNamed("Risk Radar & Mitigations (up/down/flat)", "risk radar mitigations")).toBe(true);
  expect(isNamed("Goal / Scope of it", "Goal")).toBe(true);
  expect(isNamed("Goals", "Goal")).toBe(false);
  expect(isNamed("The Goal", "Goal")).toBe(false);
  expect(isNamed("(Goal)", "Goal")).toBe(false);
});

test("bullets have a label and what belongs to it, marked or not", () => {
  expect(
    bulletsOf([
      "- North Star:  fast ",
      "  and small",
      "",
      "* **Guardrails:** none",
      "-   Extra: x",
      "Plain: y",
      "see: no",
      "words",
      "- A sentence with http://x.y",
    ]),
  ).toEqual([
    { label: "North Star", text: "fast\nand small" },
    { label: "Guardrails", text: "none" },
    { label: "Extra", text: "x" },
    { label: "Plain", text: "y\nsee: no\nwords" },
    { label: "A sentence with http", text: "//x.y" },
  ]);
  expect(bulletsOf(["words before any label"])).toEqual([]);
  expect(bulletsOf(["- Goal:", "  one thing"])).toEqual([{ label: "Goal", text: "one thing" }]);
});

test("comments, placeholders and dots say nothing", () => {
  expect(saying(["", " a ", "<!-- x -->", "b <!-- x -->", "<what it is>", "...", "- …", "-", "- c", "* "])).toEqual([
    ...["a", "b <!-- x -->", "- c"],
  ]);
});

test("a decision by RFD is a reference, too", () => {
  expect(refsIn("by rfd-prot-12ab34cd.")).toEqual(["rfd-prot-12ab34cd"]);
});

test("a heading's title has no blanks around it, and a fence may be followed by blanks", () => {
  expect(sectionsOf("##   Two  words \t ##  \n```\n# in\n```  \n# out").map(({ title }) => title)).toEqual([
    ...["", "Two  words", "out"],
  ]);
  expect(isNamed("Goal(up)Scope", "Goal Scope")).toBe(true);
});

test("a label begins its line, and blank lines add nothing to what it says", () => {
  expect(bulletsOf(["- Goal: x", "see - Label: y", "   ", "", "\t z "])).toEqual([
    { label: "Goal", text: "x\nsee - Label: y\nz" },
  ]);
});

test("a line says something when there are words beside its placeholder or comment", () => {
  const said = ["<a> words", "<!-- x --> words", "x", "see ...", "... and more", "words <a>"];
  expect(saying(said)).toEqual(said);
  expect(saying(["<!-- a long one -->", "<!-- > -->", "<!---->", "<>", "* ...", "-…"])).toEqual([]);
});
