import { expect, test } from "bun:test";
import { lineWidth, textOf } from "./cells.ts";
import { type Entry, entryLines, letterText } from "./entry.ts";
import { Timeline } from "./timeline.ts";

const entry = (n: number, more: Partial<Entry> = {}): Entry => ({
  ...{ seq: n, at: 1_700_000_000_000, who: "PeerA", tone: "plain", text: `line ${n}`, ref: "" },
  ...more,
});

function filled(count: number): Timeline {
  const timeline = new Timeline();
  for (let n = 1; n <= count; n += 1) timeline.add(entry(n));
  timeline.rows(60, 5);
  return timeline;
}

const shown = (timeline: Timeline, rows = 5): string[] =>
  timeline.rows(60, rows).map((row) => textOf(row).replace(/^.*line /, ""));

test("the newest lines are shown, and scrolling stays where it is while news come", () => {
  const timeline = filled(20);
  expect(shown(timeline)).toEqual(["16", "17", "18", "19", "20"]);
  expect(timeline.scroll(3)).toBe(true);
  expect(shown(timeline)).toEqual(["13", "14", "15", "16", "17"]);
  timeline.add(entry(21));
  expect(shown(timeline)).toEqual(["13", "14", "15", "16", "17"]);
  expect(timeline.isAtEnd).toBe(false);
  timeline.toEnd();
  expect(shown(timeline).at(-1)).toBe("21");
  timeline.toTop();
  expect(shown(timeline)[0]).toBe("1");
  expect(timeline.scroll(1)).toBe(false);
  timeline.prepend([entry(-1), entry(0)]);
  expect(shown(timeline)[0]).toBe("1");
  expect(timeline.scroll(-999)).toBe(true);
  expect(timeline.isAtEnd).toBe(true);
  expect([timeline.oldest, timeline.newest]).toEqual([-1, 21]);
});

test("P82 a line is chosen, followed and found; the chosen one is always on the screen", () => {
  const timeline = filled(30);
  timeline.choose(true);
  expect(timeline.selected?.seq).toBe(30);
  for (let n = 0; n < 10; n += 1) expect(timeline.step(1)).toBe(true);
  expect(timeline.selected?.seq).toBe(20);
  expect(shown(timeline)).toContain("20");
  expect(timeline.find("LINE 7", 1)).toBe(true);
  expect(timeline.selected?.seq).toBe(7);
  expect(shown(timeline)).toContain("7");
  expect(timeline.find("line 7", 1)).toBe(false);
  expect(timeline.find("line 2", -1)).toBe(true);
  expect(timeline.selected?.seq).toBe(20);
  timeline.toTop();
  expect(timeline.selected?.seq).toBe(1);
  expect(timeline.step(1)).toBe(false);
  timeline.toEnd();
  expect(timeline.step(-1)).toBe(false);
  timeline.scroll(10);
  timeline.choose(false);
  timeline.choose(true);
  expect(timeline.selected?.seq).toBe(20);
});

test("P82 scrolling takes the choice along, and what is chosen stays on the screen while news come", () => {
  const timeline = filled(30);
  timeline.choose(true);
  timeline.scroll(10);
  expect(shown(timeline)).toEqual(["16", "17", "18", "19", "20"]);
  expect(timeline.selected?.seq).toBe(20);
  timeline.scroll(-10);
  expect(timeline.selected?.seq).toBe(30);
  for (let n = 31; n <= 60; n += 1) timeline.add(entry(n));
  expect(shown(timeline)).toContain("30");
  for (let n = 61; n <= 9000; n += 1) timeline.add(entry(n));
  expect([timeline.size, timeline.isCut]).toEqual([4000, true]);
});

test("memory stays flat over 100,000 lines; while older ones are looked at, the end is left out and said to be", () => {
  const timeline = new Timeline();
  for (let n = 1; n <= 100_000; n += 1) timeline.add(entry(n));
  expect(timeline.size).toBeLessThanOrEqual(1100);
  expect(timeline.newest).toBe(100_000);
  timeline.rows(60, 5);
  timeline.scroll(10);
  for (let n = 1; n <= 10_000; n += 1) timeline.add(entry(100_000 + n));
  expect(timeline.size).toBe(4000);
  expect(timeline.isCut).toBe(true);
  timeline.clear();
  expect([timeline.isCut, timeline.size, timeline.isAtEnd]).toEqual([false, 0, true]);
});

test("P82 a line says when, who and what, and by which id it is found again", () => {
  const row = (more: Partial<Entry>, width = 80) => entryLines(entry(1, more), width).map(textOf);
  const time = /^\d\d:\d\d {2}/;
  expect(row({ ref: "muster-1764000000-3fa2c1", text: "→ you: hi" })[0]).toMatch(/PeerA {4}→ you: hi 3fa2c1$/);
  expect(row({ ref: "muster-1764000000-3fa2c1", text: "→ you: hi" }, 150)[0]).toEndWith("hi muster-1764000000-3fa2c1");
  expect(row({ ref: "P-0007", who: "P-0007", text: "committed 4be1c02" })[0]).toEndWith("P-0007   committed 4be1c02");
  expect(row({ ref: "P-0007", text: "patch P-0007" })[0]).toEndWith("patch P-0007");
  const narrow = row({ text: "a text that needs more than one row here" }, 40);
  expect(narrow[0]).toMatch(time);
  expect(narrow[1]).toStartWith("       ");
  const letter = row({ text: "first\n  second" });
  expect(letter).toHaveLength(2);
  expect(letter[1]).toBe(`${" ".repeat(16)}  second`);
  for (const width of [1, 2, 8, 20, 50, 90])
    for (const line of entryLines(
      entry(1, { who: "PeerA → PeerB", text: "日本語 ".repeat(20), ref: "x".repeat(30) }),
      width,
    ))
      expect(lineWidth(line)).toBeLessThanOrEqual(width);
});

test("a letter is shown without its tags and the block for machines, and not without end", () => {
  const body = "<TO_USER>\nDone.\n\tcommit 1\x1b\n</TO_USER>\n```insight\nwho: PeerA\n```";
  expect(letterText(body)).toBe("Done.\n  commit 1\ufffd");
  const long = letterText(Array.from({ length: 30 }, (_, n) => `l${n}`).join("\n")).split("\n");
  expect(long).toHaveLength(14);
  expect(long.at(-1)).toBe("… Ctrl-T, Enter: all of it");
});
