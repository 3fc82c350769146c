import { expect, test } from "bun:test";
import { type Input, Keys } from "./keys.ts";

const feed = (keys: Keys, text: string): Input[] => keys.feed(Buffer.from(text));

test("letters, keys and a paste come out in order", () => {
  expect(feed(new Keys(), "ab\r\x1b[200~x\ny\x1b[201~\n\x15\x1b[A\x1b\r\x7f")).toEqual([
    { text: "ab" },
    { key: "enter" },
    { paste: "x\ny" },
    { key: "newline" },
    { key: "clear" },
    { key: "up" },
    { key: "newline" },
    { key: "backspace" },
  ]);
});

test("input may be split anywhere, also inside letters and sequences", () => {
  const bytes = Buffer.from("é日\x1b[200~a\x1b[20日\n\x1b[201~z\x1b[D\r");
  const keys = new Keys();
  const inputs = [...bytes].flatMap((byte) => keys.feed(Buffer.from([byte])));
  expect(inputs).toEqual([
    { text: "é" },
    { text: "日" },
    { paste: "a\x1b[20日\n" },
    { text: "z" },
    { key: "left" },
    { key: "enter" },
  ]);
});

test("a lone Escape is undecided until it is flushed", () => {
  const keys = new Keys();
  expect(feed(keys, "\x1b")).toEqual([]);
  expect(keys.isUndecided).toBe(true);
  expect(keys.flush()).toEqual([{ key: "escape" }]);
  expect(feed(keys, "\x1bx")).toEqual([{ key: "escape" }, { text: "x" }]);
});

test("answers to terminal queries are nobody's text", () => {
  expect(feed(new Keys(), "\x1b]11;rgb:0/0/0\x07\x1b[?1;2c\x1bP>|tmux\x1b\\\x1b_Gi=31\x1b\\a")).toEqual([
    { text: "a" },
  ]);
});

test("an unbracketed run of more than 800 letters counts as a paste", () => {
  expect(feed(new Keys(), "x".repeat(801))).toEqual([{ paste: "x".repeat(801) }]);
  expect(feed(new Keys(), "x".repeat(800))).toEqual([{ text: "x".repeat(800) }]);
});

test("a paste of 5 MB in small reads is taken in one piece", () => {
  const keys = new Keys();
  feed(keys, "\x1b[200~");
  for (let n = 0; n < 1280; n++) expect(feed(keys, "y".repeat(4096))).toEqual([]);
  const [input] = feed(keys, "\x1b[201~");
  expect(input && "paste" in input && input.paste.length).toBe(1280 * 4096);
});
