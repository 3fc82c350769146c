import { expect, test } from "bun:test";
import { frameOf, View } from "./view.ts";

const rowsOf = (frame: string): string[] =>
  frame
    .replace("\x1b[H", "")
    .split("\r\n")
    .map((row) => row.replaceAll("\x1b[K", ""));

test("a frame fills the terminal exactly: the text, nothing, and the foot on the last line", () => {
  const rows = rowsOf(frameOf("one\ntwo\n\n\n", "foot", { columns: 20, rows: 5 }));
  expect(rows).toEqual(["one", "two", "", "", "foot"]);
});

test("a screen that is too high loses its empty lines first, then its top", () => {
  const text = `top\n${"\n".repeat(40)}composer`;
  expect(rowsOf(frameOf(text, "foot", { columns: 20, rows: 4 }))).toEqual(["top", "", "composer", "foot"]);
  expect(rowsOf(frameOf("1\n2\n3\n4\n5", "foot", { columns: 20, rows: 3 }))).toEqual(["4", "5", "foot"]);
});

test("lines are cut by columns, wide letters counted twice", () => {
  const [row = ""] = rowsOf(frameOf("世界世界世界世界", "foot", { columns: 9, rows: 2 }));
  expect(Bun.stringWidth(row)).toBeLessThanOrEqual(9);
  expect(row).toStartWith("世界世界");
});

test("closing gives the terminal back, also while a look is under way, and nothing is written after it", async () => {
  const written: string[] = [];
  const looked = Promise.withResolvers<string>();
  let looks = 0;
  const look = () => {
    looks += 1;
    return looks === 1 ? Promise.resolve("first") : looked.promise;
  };
  const seen = Promise.withResolvers<void>();
  const view = new View(
    (text) => {
      written.push(text);
      if (text.includes("first")) seen.resolve();
    },
    () => ({ columns: 20, rows: 3 }),
    look,
    "foot",
  );
  view.soon();
  await seen.promise;
  view.soon();
  view.close();
  looked.resolve("second");
  await looked.promise;
  expect(written[0]).toBe("\x1b[?1049h\x1b[?25l");
  expect(written.at(-1)).toBe("\x1b[?25h\x1b[?1049l");
  expect(written.join("")).not.toContain("second");
});
