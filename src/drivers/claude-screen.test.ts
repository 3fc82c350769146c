import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Screen } from "../core/ports.ts";
import { read } from "./claude-screen.ts";

const screenOf = (ansi: string[]): Screen => ({
  ansi,
  plain: ansi.map((line) => Bun.stripANSI(line).trimEnd()),
  cursor: { x: 0, y: 0 },
  title: "",
  cols: 120,
  rows: 40,
  unread: null,
});
/** Screens of Claude Code 2.1.328, 120x40, recorded by `tmux capture-pane -p -e`. */
const recorded = (name: string): Screen => {
  const path = join(import.meta.dir, "../../test/fixtures/claude", `${name}.ansi`);
  return screenOf(readFileSync(path, "utf8").replace(/\n$/, "").split("\n"));
};

const LONG =
  "hello this is a draft of a person that is so long that it must wrap around the composer's width of one hundred and twenty columns, certainly";

describe("the composer", () => {
  const texts: [string, string][] = [
    ["idle-fresh", ""],
    ["busy-tool", ""],
    ["busy-queued", ""],
    ["hint-resend", ""],
    ["draft-lines", "line one\nline two  with two blanks\n  indented three"],
    ["draft-wrapped", LONG],
    ["draft-long-word", `aaaa ${"x".repeat(250)} end`],
    ["draft-ours", "From lead ⟦m:m-1⟧ SCRIPT: sleep 4 ⟦/m:m-1⟧"],
    ["draft-pasted-block", "[Pasted text #1]"],
    ["busy-draft", "From lead ⟦m:m-3⟧ queued one ⟦/m:m-3⟧"],
    ["blocked-idle", "From lead ⟦m:a-1⟧ hi there ⟦/m:a-1⟧"],
  ];
  for (const [name, composer] of texts)
    test(`of ${name} is read without frame, hint and wraps`, () => {
      expect(read(recorded(name))).toEqual({ composer, isDialog: false });
    });

  const RULE = "─".repeat(120);
  const box = (...lines: string[]): Screen => screenOf(["history", RULE, ...lines, RULE, "  status"]);

  test("a draft of one letter under the cursor is no hint", () => {
    expect(read(box("❯\u00a0\u001b[7mx\u001b[0m")).composer).toBe("x");
  });
  test("a dim grey that is a colour of 24 bits is no hint", () => {
    expect(read(box("❯\u00a0\u001b[38;2;2;2;2mdraft\u001b[0m")).composer).toBe("draft");
  });
  test("a style holds on over the end of a line", () => {
    const screen = box("❯\u00a0\u001b[2mhint of", "  two lines\u001b[0m");
    expect(read(screen).composer).toBe("");
  });
  test("a draft beside a dim completion is a draft", () => {
    expect(read(box("❯\u00a0/cl\u001b[2mear\u001b[0m")).composer).toBe("/clear");
  });
  test("wide letters count two columns", () => {
    const text = `${"日".repeat(58)}本`;
    expect(read(box(`❯\u00a0${"日".repeat(58)}`, "  本")).composer).toBe(text);
  });
  test("a rule inside the history is not taken for the composer", () => {
    expect(read(screenOf([RULE, "❯\u00a0old", RULE, "text", RULE, "❯\u00a0new", RULE])).composer).toBe("new");
  });

  // Seen with 2.1.328 at 100 columns: words end just where the line does, and the blank between them is on no screen.
  test("that was wrapped at a full line has the blank which its last word had", () => {
    const rule = "─".repeat(100);
    const words = `draft ${"日本語 wide ".repeat(7)}日本語`;
    expect(Bun.stringWidth(words)).toBe(96);
    const screen = { ...screenOf([rule, `❯ ${words}`, "  wide and the end", rule]), cols: 100 };
    expect(read(screen).composer).toBe(`${words} wide and the end`);
  });
});

describe("dialogs", () => {
  for (const name of ["dialog-permission-bash", "dialog-directory", "dialog-question", "dialog-trust", "dialog-bypass"])
    test(`P61 ${name} takes keys, and there is no composer`, () => {
      expect(read(recorded(name))).toEqual({ composer: null, isDialog: true });
    });
  test("an empty screen of a start is neither", () => {
    expect(read(screenOf(["", ""]))).toEqual({ composer: null, isDialog: false });
  });
});
