import { expect, test } from "bun:test";
import { KeyReader, type Press } from "./keys.ts";

const read = (...pieces: string[]): Press[] => {
  const reader = new KeyReader();
  return [...pieces.flatMap((piece) => reader.read(new TextEncoder().encode(piece))), ...reader.flush()];
};

test("keys have names, text is text", () => {
  const known: [string, string][] = [
    ["\r", "enter"],
    ["\n", "ctrl-j"],
    ["\t", "tab"],
    ["\x1b[Z", "shift-tab"],
    ["\x7f", "backspace"],
    ["\b", "backspace"],
    ["\x01", "ctrl-a"],
    ["\x1a", "ctrl-z"],
    ["\x00", "ctrl-space"],
    ["\x1b[A", "up"],
    ["\x1bOB", "down"],
    ["\x1b[1;5C", "ctrl-right"],
    ["\x1b[1;3D", "alt-left"],
    ["\x1b[H", "home"],
    ["\x1b[4~", "end"],
    ["\x1b[3~", "delete"],
    ["\x1b[5~", "page-up"],
    ["\x1b[6~", "page-down"],
    ["\x1bOP", "f1"],
    ["\x1b[11~", "f1"],
    ["\x1bb", "alt-b"],
    ["\x1b\r", "alt-enter"],
    ["\x1b\x7f", "alt-backspace"],
    ["\x1b", "escape"],
  ];
  for (const [bytes, key] of known) expect([bytes, read(bytes)]).toEqual([bytes, [{ key }]]);
  expect(read("a日")).toEqual([{ text: "a日" }]);
  expect(read("ab\rc")).toEqual([{ text: "ab" }, { key: "enter" }, { text: "c" }]);
  expect(read("\x1b\x1b[A")).toEqual([{ key: "escape" }, { key: "up" }]);
});

test("what means nothing here is left out, and what follows is still read", () => {
  expect(read("\x1b[200x\x1b[99;9qa")).toEqual([{ text: "a" }]);
  expect(read("\x1c\x1fa")).toEqual([{ text: "a" }]);
  expect(read("\x1b[1")).toEqual([]);
});

test("a sequence or a letter may come in pieces; a paste is one press, its line ends LF, and no key in it counts", () => {
  expect(read("\x1b", "[", "A")).toEqual([{ key: "up" }]);
  const bytes = new TextEncoder().encode("日");
  const reader = new KeyReader();
  expect([...reader.read(bytes.subarray(0, 1)), ...reader.read(bytes.subarray(1))]).toEqual([{ text: "日" }]);
  expect(read("\x1b[200~one\r\ntw", "o\x03\x1b[A\rx\x1b[201", "~y")).toEqual([
    { paste: "one\ntwo\x03\x1b[A\nx" },
    { text: "y" },
  ]);
});

test("only a lone Escape or half a sequence waits for more; half a paste waits without end", () => {
  const reader = new KeyReader();
  reader.read(new TextEncoder().encode("\x1b"));
  expect(reader.isWaiting).toBe(true);
  expect(reader.flush()).toEqual([{ key: "escape" }]);
  expect(reader.isWaiting).toBe(false);
  reader.read(new TextEncoder().encode("\x1b[200~half"));
  expect(reader.isWaiting).toBe(false);
  expect(reader.flush()).toEqual([]);
});
