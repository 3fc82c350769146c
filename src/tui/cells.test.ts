import { expect, test } from "bun:test";
import { visible } from "../core/text.ts";
import { ansi, clusters, fit, type Line, lineWidth, oneLine, pad, rowsOf, textOf, widthOf } from "./cells.ts";

const PIECES = [
  ...[
    "a",
    "Z",
    " ",
    "  ",
    "word ",
    "日",
    "本語",
    "한",
    "é",
    "e\u0301",
    "👍🏽",
    "👨‍👩‍👧",
    "❤️",
    "🇩🇪",
    "\u200d",
    "\u0301",
    "क्षि",
  ],
  ...[
    "ไทย",
    "\u200f",
    "שלום",
    "مرحبا",
    "\u202e",
    "\t",
    "\n",
    "…",
    "│",
    "\x1b[31m",
    "\u0000",
    "ﷺ",
    "verylongwordwithoutblank",
  ],
];

/** The same texts in each run. */
function* randomTexts(count: number): Iterable<string> {
  let seed = 42;
  const next = (below: number) => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return (seed >>> 8) % below;
  };
  for (let n = 0; n < count; n += 1) yield Array.from({ length: next(40) }, () => PIECES[next(PIECES.length)]).join("");
}

test("P84 whatever a text holds, no row of it is wider than its room, and nothing of it is lost", () => {
  for (const text of randomTexts(600)) {
    const safe = oneLine(text);
    for (const width of [2, 3, 7, 20, 61]) {
      const rows = rowsOf(safe, Math.max(2, width - 1), width);
      for (const [index, row] of rows.entries())
        expect([text, width, widthOf(row)]).toEqual([
          text,
          width,
          Math.min(widthOf(row), index === 0 ? Math.max(2, width - 1) : width),
        ]);
      const dense = (words: string) => words.replaceAll(" ", "");
      expect(dense(rows.join(""))).toBe(dense(safe));
      const line: Line = [{ text: safe, style: "good" }, { text: safe }];
      expect(lineWidth(fit(line, width))).toBeLessThanOrEqual(width);
    }
  }
});

test("P84 the parts of a text are as wide as the whole", () => {
  for (const text of randomTexts(200)) {
    const safe = visible(text);
    expect(clusters(safe).join("")).toBe(safe);
    expect(widthOf(safe)).toBe(clusters(safe).reduce((sum, one) => sum + Bun.stringWidth(one), 0));
  }
  expect(["abc", "日本", "e\u0301", "👨‍👩‍👧", ""].map(widthOf)).toEqual([3, 4, 1, 2, 0]);
});

test("rows are broken at blanks, a word that no row holds anywhere, and a wide letter never in the middle", () => {
  expect(rowsOf("one two three", 7)).toEqual(["one two", "three"]);
  expect(rowsOf("one two three", 3, 9)).toEqual(["one", "two three"]);
  expect(rowsOf("File /very/long/path/name", 10)).toEqual(["File /very", "/long/path", "/name"]);
  expect(rowsOf("日本語", 5)).toEqual(["日本", "語"]);
  expect(rowsOf("日", 1)).toEqual([""]);
  expect(rowsOf("", 5)).toEqual([""]);
  expect(rowsOf("a  b", 9)).toEqual(["a  b"]);
});

test("a cut line says so, and keeps the looks of its parts", () => {
  const line: Line = [{ text: "good", style: "good" }, { text: " news" }];
  expect(fit(line, 9)).toBe(line);
  expect(fit(line, 8)).toEqual([
    { text: "good", style: "good" },
    { text: " ne", style: undefined },
    { text: "…", style: "dim" },
  ]);
  expect(textOf(fit(line, 3))).toBe("go…");
  expect(fit(line, 0)).toEqual([]);
  expect(textOf(fit([{ text: "日本" }], 3))).toBe("日…");
  expect(pad("日", 4)).toBe("日  ");
  expect(pad("long", 2)).toBe("long");
});

test("a terminal gets colours by what a part means, and the column again after letters of which terminals think differently", () => {
  expect(ansi([{ text: "x", style: "good" }, { text: "y" }], true)).toBe("\x1b[32mx\x1b[0my");
  expect(
    ansi(
      [
        { text: "x", style: "good" },
        { text: "y", style: "bold" },
      ],
      false,
    ),
  ).toBe("x\x1b[1my\x1b[0m");
  expect(ansi([{ text: "日 " }, { text: "👨‍👩‍👧x" }], true)).toBe("日 👨‍👩‍👧\x1b[6Gx");
  expect(ansi([{ text: "❤️" }], true)).toBe("❤️\x1b[3G");
});

test("foreign text on a row is safe and honest", () => {
  expect(oneLine("a\x1b[31m\nb\tc\u202e")).toBe("a\ufffd[31m b c⟨U+202E⟩");
});
