import { expect, test } from "bun:test";
import { blocksOf, commandLine, octal, whileAlive } from "./octal.ts";

/** What tmux's parser makes of a double-quoted word. */
const unquote = (word: string): string => {
  const bytes: number[] = [];
  for (let at = 1; at < word.length - 1; at++) {
    if (word[at] !== "\\") bytes.push(word.charCodeAt(at));
    else {
      bytes.push(Number.parseInt(word.slice(at + 1, at + 4), 8));
      at += 3;
    }
  }
  return Buffer.from(bytes).toString();
};

test("octal words hold nothing to quote, expand or split, and read back as they were", () => {
  let seed = 7;
  const random = (n: number) => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return Math.floor((seed / 2 ** 32) * n);
  };
  const alphabet = [
    "\n",
    "\r",
    ";",
    '"',
    "'",
    "\\",
    "$HOME",
    "#(x)",
    "~",
    "{",
    "}",
    "%if",
    "a",
    " ",
    "é",
    "👩‍🚀",
    "\u001b",
    "\u007f",
    "0",
  ];
  for (let round = 0; round < 3000; round++) {
    const text = Array.from({ length: random(12) }, () => alphabet[random(alphabet.length)]).join("");
    const word = octal(text);
    expect(word).toMatch(/^"(?:[A-Za-z0-9 ]|\\[0-7]{3})*"$/);
    expect(unquote(word)).toBe(text);
  }
});

test("a command line has no newline and only flags of ours stand bare", () => {
  const line = commandLine([
    ["send-keys", "-t", "%1", "-l", "--", "a\n;b"],
    ["kill-session", "-t", "-X cancel"],
  ]);
  expect(line).toBe('send-keys -t "\\0451" -l "\\055\\055" "a\\012\\073b" ; kill-session -t "\\055X cancel"');
});

test("NUL is refused", () => {
  expect(() => octal("a\0b")).toThrow("NUL");
});

test("a command for a living program is refused for one that has ended, and answered in two blocks", () => {
  const guarded = whileAlive("%1", ["paste-buffer", "-b", "x"]);
  expect(guarded.slice(0, 5)).toEqual(["if-shell", "-F", "-t", "%1", "#{pane_dead}"]);
  expect(guarded[5]).toStartWith('has-session -t "');
  expect(guarded[6]).toBe("paste-buffer -b x");
  expect([blocksOf([["a"], ["b"]]), blocksOf([["a"], guarded])]).toEqual([2, 3]);
});
