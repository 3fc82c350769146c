import { expect, test } from "bun:test";
import { backspace, EMPTY, insert, layout, move, paste, submission } from "./composer.ts";

test("text goes in at the cursor, which moves by letters as a reader sees them", () => {
  let box = insert(EMPTY, "a👩‍👧b");
  box = move(move(box, "left"), "left");
  expect(box.cursor).toBe(1);
  box = insert(box, "x");
  expect(box.text).toBe("ax👩‍👧b");
  expect(backspace(move(box, "right")).text).toBe("axb");
});

test("home and end stay in their line", () => {
  const box = { ...insert(EMPTY, "ab\ncd\nef"), cursor: 4 };
  expect(move(box, "home").cursor).toBe(3);
  expect(move(box, "end").cursor).toBe(5);
});

test("a paste keeps its lines, turns TAB into blanks and loses controls", () => {
  expect(paste(EMPTY, "a\tb\r\nc\rd\x00\x1b[31m").text).toBe("a    b\nc\nd[31m");
});

test("three lines or 800 letters are plain; more becomes a token and reaches the model marked as foreign", () => {
  expect(paste(EMPTY, "1\n2\n3").text).toBe("1\n2\n3");
  expect(paste(EMPTY, "x".repeat(800)).text).toBe("x".repeat(800));
  const box = insert(paste(insert(EMPTY, "see "), "1\n2\n3\n$& 4"), " !");
  expect(box.text).toBe("see [Pasted text #1 +3 lines] !");
  expect(submission(box)).toBe('see \n\n<pasted_content id="0001">\n1\n2\n3\n$& 4\n</pasted_content id="0001">\n !');
  expect(paste(EMPTY, "x".repeat(801)).text).toBe("[Pasted text #1 +0 lines]");
});

test("blanks around a prompt are trimmed when it is sent", () => {
  expect(submission(insert(EMPTY, " \n a b \n"))).toBe("a b");
});

test("layout wraps between letters and finds the cursor", () => {
  const { rows, cursor } = layout({ ...insert(EMPTY, "abcdefg\nx"), cursor: 5 }, 4);
  expect(rows).toEqual([
    { text: "abcd", isWrapped: false },
    { text: "efg", isWrapped: true },
    { text: "x", isWrapped: false },
  ]);
  expect(cursor).toEqual({ x: 1, y: 1 });
});
