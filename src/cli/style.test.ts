import { expect, test } from "bun:test";
import { duration, fit, line, padded, table, wrapped } from "./style.ts";

test("a long text is broken at spaces, and further lines begin under the text", () => {
  expect(wrapped("one two three four five six", 4, 6, 22)).toBe("one two three four\n      five six");
});

test("a word that is longer than a line is broken in the middle, and wide letters count two", () => {
  const lines = wrapped(`${"x".repeat(40)} end`, 0, 0, 20).split("\n");
  expect(lines).toEqual(["x".repeat(20), "x".repeat(20), "end"]);
  for (const one of wrapped("世".repeat(30), 0, 0, 20).split("\n"))
    expect(Bun.stringWidth(one)).toBeLessThanOrEqual(20);
});

test("a text that fits stays as it is, and so does every text without a terminal", () => {
  expect(wrapped("short", 4, 6, 22)).toBe("short");
  expect(wrapped("x ".repeat(500).trim())).not.toContain("\n");
});

test("columns are as wide as their cells as they are seen", () => {
  expect(
    table(
      [
        ["a", "b"],
        ["世界", "c"],
      ],
      80,
    ),
  ).toBe("a     b\n世界  c");
  expect(padded("世", 4)).toBe("世  ");
});

test("only the last cell is cut, to what is left of the line", () => {
  const [row = ""] = table([["id", "x".repeat(50)]], 20).split("\n");
  expect(Bun.stringWidth(row)).toBe(20);
  expect(Bun.stringWidth(fit("世界世界", 5))).toBeLessThanOrEqual(5);
});

test("foreign text stays on its line and does nothing to the terminal", () => {
  expect(line("a\nb\x1b[31m")).toBe("a \\n b\ufffd[31m");
});

test("durations are told in the two largest units", () => {
  expect([900, 61_000, 3_725_000, -5].map(duration)).toEqual(["0s", "1m 1s", "1h 2m", "0s"]);
});
