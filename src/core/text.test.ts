import { expect, test } from "bun:test";
import { Seeded } from "../../test/simulation/random.ts";
import { bytesOf, preview, previewEnds, visible } from "./text.ts";

const marker = (code: number): string => `⟨U+${code.toString(16).toUpperCase().padStart(4, "0")}⟩`;

/** Joiners and variation selectors, without which scripts and emoji fall apart. */
const isNeeded = (code: number): boolean =>
  [0x034f, 0x17b4, 0x17b5, 0x180f, 0x200c, 0x200d].includes(code) ||
  (code >= 0x180b && code <= 0x180d) ||
  (code >= 0xfe00 && code <= 0xfe0f);

/** What becomes of one character, said by Unicode's categories instead of by ranges. */
function expected(code: number): string {
  const char = String.fromCodePoint(code);
  if (char === "\n" || char === "\t") return char;
  if (char === "\r") return "\n";
  if (code >= 0xd800 && code <= 0xdfff) return "\ufffd";
  if (/\p{Control}/u.test(char)) return "\ufffd";
  if (/\p{Bidi_Control}|\p{Default_Ignorable_Code_Point}|\p{Zl}|\p{Zp}/u.test(char))
    return isNeeded(code) ? char : marker(code);
  return /[\ufff9-\ufffb]/.test(char) ? marker(code) : char;
}

test("S26 of all characters exactly the controls, the hidden and the reordering ones are shown", () => {
  const wrong: string[] = [];
  for (let code = 0; code <= 0x10ffff; code++) {
    if (visible(String.fromCodePoint(code)) !== expected(code)) wrong.push(code.toString(16));
  }
  expect(wrong).toEqual([]);
});

test("S26 the listed ones become what is promised", () => {
  expect(visible("a\0b\x07\x1b[31m\x7f\x9b201~")).toBe("a\ufffdb\ufffd\ufffd[31m\ufffd\ufffd201~");
  expect(visible("one\rtwo\r\nthree\n\tfour")).toBe("one\ntwo\nthree\n\tfour");
  expect(visible("\u202e\u2066\u200b\ufeff\u061c\u00ad\u{e0041}\u{e0100}")).toBe(
    "⟨U+202E⟩⟨U+2066⟩⟨U+200B⟩⟨U+FEFF⟩⟨U+061C⟩⟨U+00AD⟩⟨U+E0041⟩⟨U+E0100⟩",
  );
  expect(visible("half \ud83d of one")).toBe("half \ufffd of one");
  for (const text of ["👩‍👧 ❤️ 漢字", "می‌خواهم", "é ü ñ", "a;b\\`$(x)#{y}"]) expect(visible(text)).toBe(text);
});

test("S26 whatever the text: the same when repeated, as many lines as it had, and text that encodes without loss", () => {
  const random = new Seeded(26);
  const pool = [
    ...[
      "\0",
      "\r",
      "\n",
      "\r\n",
      "\t",
      "\x1b[201~",
      "\x9b",
      "\x7f",
      "\u202e",
      "\u2066",
      "\u200b",
      "\u200d",
      "\u{e0041}",
    ],
    ...["\ud800", "\udc00", "a", ";", "#{x}", "漢", "👩", "⟨U+202E⟩", " ", "\u2028", "\ufe0f"],
  ];
  const hidden = /[\0-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e0fff}]/u;
  for (let round = 0; round < 10_000; round++) {
    const parts = Array.from({ length: 1 + random.upTo(20) }, () => pool[random.upTo(pool.length)] ?? "");
    const text = parts.join("");
    const shown = visible(text);
    expect(hidden.test(shown)).toBe(false);
    expect(visible(shown)).toBe(shown);
    expect(shown.isWellFormed()).toBe(true);
    expect(shown.split("\n").length).toBe(text.split(/\r\n?|\n/).length);
    expect(Buffer.from(shown).toString()).toBe(shown);
  }
});

test("S26 a line of a megabyte is shown in time, and cut where a line is wanted", () => {
  const line = `${"x".repeat(98)}\x1b\u202e`.repeat(10_500);
  const began = performance.now();
  expect(bytesOf(visible(line))).toBeGreaterThan(1024 * 1024);
  expect([...preview(line)].length).toBe(120);
  expect(performance.now() - began).toBeLessThan(2000);
});

test("of a long text the beginning and the end are shown, within the width", () => {
  expect(previewEnds(" short\n text ", 20)).toBe("short text");
  const shown = previewEnds(`begin ${"x".repeat(600)} Task done`, 60);
  expect([...shown]).toHaveLength(60);
  expect(shown).toMatch(/^begin x+ … x+ Task done$/);
});
