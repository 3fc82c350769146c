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
