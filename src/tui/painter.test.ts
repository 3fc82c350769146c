import { expect, test } from "bun:test";
import { Painter } from "./painter.ts";

const size = { columns: 10, rows: 3 };
const rows = (...texts: string[]) => texts.map((text) => [{ text }]);

test("only rows that changed are written, and nothing when nothing did", () => {
  const painter = new Painter(true);
  const cursor = { row: 2, column: 3 };
  const first = painter.paint({ rows: rows("a", "b", "c"), cursor }, size);
  expect(first).toBe("\x1b[?25l\x1b[2J\x1b[1;1H\x1b[2Ka\x1b[2;1H\x1b[2Kb\x1b[3;1H\x1b[2Kc\x1b[3;4H\x1b[?25h");
  expect(painter.paint({ rows: rows("a", "b", "c"), cursor }, size)).toBe("");
  expect(painter.paint({ rows: rows("a", "X", "c"), cursor }, size)).toBe(
    "\x1b[?25l\x1b[2;1H\x1b[2KX\x1b[3;4H\x1b[?25h",
  );
  expect(painter.paint({ rows: rows("a", "X", "c"), cursor: { row: 0, column: 99 } }, size)).toBe(
    "\x1b[1;10H\x1b[?25h",
  );
  expect(painter.paint({ rows: rows("a", "X"), cursor: null }, size)).toBe("\x1b[?25l\x1b[3;1H\x1b[2K\x1b[?25l");
  painter.forget();
  expect(painter.paint({ rows: rows("a"), cursor: null }, size)).toStartWith("\x1b[?25l\x1b[2J");
});

test("no row is longer than the terminal, whatever a frame says", () => {
  const painted = new Painter(false).paint({ rows: rows("0123456789abc"), cursor: null }, size);
  expect(painted).toContain("012345678");
  expect(painted).not.toContain("9");
});

test("no control character of a text leaves, and signs of our own are ASCII where the terminal has no others", () => {
  const drawn = new Painter(false).paint({ rows: rows("a\x1b]0;x\x07", "b\nc\x9b"), cursor: null }, size);
  const painted = drawn.replace(/\x1b\[\d+G/g, "");
  expect(painted).toContain("a\ufffd]0;x\ufffd");
  expect(painted).toContain("b c\ufffd");
  expect(new Painter(false, false).paint({ rows: rows("─│…›→▌·é"), cursor: null }, size)).toContain("-|~>>|-é");
});
