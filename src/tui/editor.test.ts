import { expect, test } from "bun:test";
import { Editor } from "./editor.ts";
import { History } from "./history.ts";

/** Presses keys one after the other; `|` is where the cursor stands. */
function edited(text: string, ...keys: string[]): string {
  const editor = new Editor();
  editor.insert(text);
  for (const key of keys) if (!editor.press(key)) editor.insert(key);
  return `${editor.before}|${editor.text.slice(editor.before.length)}`;
}

test("the line is moved in and cut as in a shell", () => {
  const all: [string[], string][] = [
    [["ctrl-a"], "|one two three"],
    [["home", "right"], "o|ne two three"],
    [["ctrl-a", "ctrl-f", "ctrl-f", "ctrl-b"], "o|ne two three"],
    [["left", "left", "X"], "one two thrX|ee"],
    [["ctrl-a", "ctrl-e"], "one two three|"],
    [["ctrl-a", "end"], "one two three|"],
    [["ctrl-a", "left"], "|one two three"],
    [["right"], "one two three|"],
    [["ctrl-w"], "one two |"],
    [["ctrl-w", "ctrl-w"], "one |"],
    [["alt-backspace"], "one two |"],
    [["alt-b", "ctrl-k"], "one two |"],
    [["alt-b", "ctrl-u"], "|three"],
    [["ctrl-a", "alt-f"], "one| two three"],
    [["ctrl-a", "ctrl-right", "ctrl-right", "ctrl-left"], "one |two three"],
    [["ctrl-a", "delete"], "|ne two three"],
    [["ctrl-a", "ctrl-d"], "|ne two three"],
    [["backspace"], "one two thre|"],
    [["ctrl-a", "backspace"], "|one two three"],
    [["delete"], "one two three|"],
    [["ctrl-w", "ctrl-a", "ctrl-y"], "three|one two "],
    [["ctrl-j", "x"], "one two three\nx|"],
    [["alt-enter", "x", "ctrl-a", "ctrl-k"], "one two three\n|"],
  ];
  for (const [keys, result] of all) expect([keys, edited("one two three", ...keys)]).toEqual([keys, result]);
  expect(new Editor().press("f9")).toBe(false);
});

test("what a reader takes for one character is deleted and passed over as one", () => {
  expect(edited("a👨‍👩‍👧b", "left", "left")).toBe("a|👨‍👩‍👧b");
  expect(edited("a👨‍👩‍👧", "backspace")).toBe("a|");
  expect(edited("e\u0301", "backspace")).toBe("|");
  // A mark that is typed joins the letter before it.
  expect(edited("e", "\u0301", "left")).toBe("|e\u0301");
  expect(edited("日本", "left", "語")).toBe("日語|本");
});

test("lines of one text are walked through by column; beyond them there is nothing", () => {
  const editor = new Editor();
  editor.set("first\nab\nthird");
  expect(editor.moveLine(1)).toBe(false);
  expect(editor.moveLine(-1)).toBe(true);
  expect(editor.before).toBe("first\nab");
  expect(editor.moveLine(-1)).toBe(true);
  expect(editor.before).toBe("fi");
  expect(editor.moveLine(-1)).toBe(false);
  expect(editor.moveLine(1)).toBe(true);
  expect(editor.before).toBe("first\nab");
});

test("what is inserted is shown as it is, and is not endless", () => {
  const editor = new Editor();
  editor.insert("a\tb\x1b\u202e\r\nc");
  expect(editor.text).toBe("a  b\ufffd⟨U+202E⟩\nc");
  editor.set("x");
  editor.insert("y".repeat(70_000));
  expect(editor.text.length).toBe(64 * 1024);
  editor.replaceBefore(2, "Z");
  expect(editor.text.endsWith("yZ")).toBe(true);
});

test("older lines come back, and the draft after them; the same line twice is kept once", () => {
  const history = new History();
  for (const line of ["one", "two", "two", "Three"]) history.add(line);
  expect(history.step(-1, "draft")).toBe("Three");
  expect(history.step(-1, "Three")).toBe("two");
  expect(history.step(-1, "two")).toBe("one");
  expect(history.step(-1, "one")).toBeUndefined();
  expect([history.step(1, ""), history.step(1, ""), history.step(1, "")]).toEqual(["two", "Three", "draft"]);
  expect(history.step(1, "draft")).toBeUndefined();
  expect(history.find("t")).toEqual({ line: "Three", at: 2 });
  expect(history.find("T", 2)).toEqual({ line: "two", at: 1 });
  expect(history.find("t", 1)).toBeUndefined();
  for (let n = 0; n < 600; n += 1) history.add(`line ${n}`);
  expect(history.find("one")).toBeUndefined();
  expect(history.find("line 100")?.line).toBe("line 100");
});
