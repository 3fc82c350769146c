import { expect, test } from "bun:test";
import { claimsIn } from "./claim.ts";

const BLOCK = `<TO_PEER>
Some words before.
\`\`\`yaml
type: CLAIM
intent: rfd
title: "Drop the old format"
id: rfd-msg-0011aabb
tasks:
  - desc: remove the reader
  - {desc: remove the tests}
files: [src/a.ts, "src/b.ts"]
\`\`\`
title: not this one
</TO_PEER>`;

test("P48 a YAML block of type CLAIM is read with its intent, id, title, tasks and files", () => {
  expect(claimsIn(BLOCK)).toEqual([
    {
      intent: "rfd",
      id: "rfd-msg-0011aabb",
      title: "Drop the old format",
      tasks: ["remove the reader", "remove the tests"],
      files: ["src/a.ts", "src/b.ts"],
    },
  ]);
});

test("P48 a block without a fence ends at an empty line, one of tasks in brackets is read, too", () => {
  const text = "type: claim\nintent: rfd\ntitle: x\ntasks: [{desc: one}, {desc: 'two, three'}]\n\nfiles: [no.ts]";
  expect(claimsIn(text)).toEqual([{ intent: "rfd", title: "x", tasks: ["one", "two, three"], files: [] }]);
});

test("a block of another type is no claim, and neither is a word that only begins so", () => {
  expect(claimsIn("type: EVIDENCE\nintent: rfd\ntitle: x")).toEqual([]);
  expect(claimsIn("CLAIMS are many\nthe CLAIM: of others")).toEqual([]);
});

test("P51 a line that begins with CLAIM names its files in brackets", () => {
  expect(claimsIn("- CLAIM: rework the parser, files:[src/p.ts, src/q.ts]")).toEqual([
    { intent: "", title: "rework the parser", tasks: [], files: ["src/p.ts", "src/q.ts"] },
  ]);
  expect(claimsIn("CLAIM rework it")).toEqual([{ intent: "", title: "rework it", tasks: [], files: [] }]);
});

test("lists under their key end with the next key", () => {
  const text = "type: CLAIM\nfiles:\n- a.ts\n- 'b.ts'\ntitle: t\n- c.ts";
  expect(claimsIn(text)).toEqual([{ intent: "", title: "t", tasks: [], files: ["a.ts", "b.ts"] }]);
});

test("a block that never ends is read as far as a block can be", () => {
  const lines = ["type: CLAIM", "files:", ...Array.from({ length: 200 }, (_, n) => `- f${n}.ts`)];
  expect(claimsIn(lines.join("\n"))[0]?.files).toHaveLength(58);
});

test("P48 quotes and brackets around a value go, those within it stay", () => {
  const read = (line: string) => claimsIn(`type: CLAIM\n${line}`)[0];
  expect(read(`title: "say 'it' a" b"`)?.title).toBe(`say 'it' a" b`);
  expect(read(`files: [src/[id].ts, a"b.ts]`)?.files).toEqual(["src/[id].ts", 'a"b.ts']);
  expect(read("files: one.ts")?.files).toEqual(["one.ts"]);
  expect(read("files: one.ts\n- two.ts")?.files).toEqual(["one.ts"]);
  expect(read(`tasks: [{desc:"a, b"}, {desc : 'c'}, { desc:  d e }]`)?.tasks).toEqual(["a, b", "c", "d e"]);
  expect(read("tasks: [, a,, ]")?.tasks).toEqual(["a"]);
});

test("P48 items of a list are lines with a dash; others say nothing", () => {
  const text = "type: CLAIM\ntasks:\n  - { desc: one }\n  words\n  -\n  - \n  - desc: two\n - three }";
  expect(claimsIn(text)[0]?.tasks).toEqual(["one", "two", "three"]);
});

test("P48 what a block leaves out is empty, and an empty id is none", () => {
  expect(claimsIn("type: CLAIM")).toEqual([{ intent: "", title: "", tasks: [], files: [] }]);
  expect(claimsIn("type: CLAIM\nid:\nTITLE : t")).toEqual([{ intent: "", title: "t", tasks: [], files: [] }]);
  expect(claimsIn("type: CLAIM\n\ntitle: t")).toEqual([{ intent: "", title: "", tasks: [], files: [] }]);
});

test("P48 a block may be indented, its type quoted and in any case; it ends with its fence or the letter's tag", () => {
  for (const type of ["  type: CLAIM", "type :claim", 'type:   "CLAIM"  ', "TYPE: 'Claim'"])
    expect([type, claimsIn(`${type}\ntitle: t`).length]).toEqual([type, 1]);
  for (const type of ["my type: CLAIM", "type: CLAIM it", "type: xCLAIM", "type: CLAIMx", "type x: CLAIM"])
    expect([type, claimsIn(`${type}\ntitle: t`)]).toEqual([type, []]);
  for (const end of ["```", "  ~~~", "</TO_PEER>", "   "])
    expect([end, claimsIn(`type: CLAIM\n${end}\ntitle: t`)[0]?.title]).toEqual([end, ""]);
  for (const line of ["words ```", "words </TO_PEER>"])
    expect([line, claimsIn(`type: CLAIM\n${line}\ntitle: t`)[0]?.title]).toEqual([line, "t"]);
});

test("P51 a line of CLAIM is read with its blanks in any way, and its files may stand anywhere", () => {
  const one = (line: string) => claimsIn(line).map(({ title, files }) => [title, ...files]);
  expect(one("  * CLAIM:   a b  ")).toEqual([["a b"]]);
  expect(one("CLAIM:it")).toEqual([["it"]]);
  expect(one("CLAIM: files [a]")).toEqual([["files [a]"]]);
  expect(one("CLAIM: files:[a]")).toEqual([["", "a"]]);
  expect(one("CLAIM: rework  Files = [ a.ts ] soon")).toEqual([["rework soon", "a.ts"]]);
  expect(one("CLAIM: rework,files :  [a.ts,b.ts]")).toEqual([["rework", "a.ts", "b.ts"]]);
  expect(one("CLAIM: x files:[]")).toEqual([["x"]]);
  expect(one("xCLAIM: it")).toEqual([]);
});
