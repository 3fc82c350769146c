import { expect, test } from "bun:test";
import { observe } from "./commands.ts";
import { decide } from "./decide.ts";
import type { Event, Fact } from "./facts.ts";
import { fold } from "./fold.ts";
import { DAEMON, PERSON } from "./ids.ts";
import { changesIn, changesLine, isAgreed, type Review, reviewLines } from "./review.ts";
import { emptyState, type State } from "./state.ts";

const REPO = "/r";
const folded = (...facts: Fact[]): State =>
  facts.reduce(
    (state, fact, seq) => fold(state, { ...fact, seq: seq + 1, at: 1, by: "system" } as Event),
    emptyState(),
  );
const reviewed = (hash: string, files: string[], digests?: string[]): Fact => ({
  ...{ type: "repository.reviewed", repo: REPO, hash, files },
  ...(digests ? { digests } : {}),
});
const trusted = (hash: string): Fact => ({ type: "repository.trusted", repo: REPO, hash });

const review = (files: Record<string, string>, head = "x"): Review => ({
  hash: JSON.stringify(files),
  files: Object.entries(files).map(([file, digest]) => ({ file, digest, size: 1, head })),
});

test("S44 what was agreed to is known file by file, and only what was shown under that hash", () => {
  const known = folded(reviewed("h1", ["a", "b"], ["1", "2"]), trusted("h1"), reviewed("h2", ["a"], ["9"]))
    .repositories[REPO];
  expect(known).toEqual({
    ...{ trusted: "h1", agreed: { a: "1", b: "2" } },
    seen: { hash: "h2", files: ["a"], digests: ["9"] },
  });
  expect(folded(reviewed("h1", ["a"], ["1"]), trusted("h9")).repositories[REPO]?.agreed).toBeUndefined();
});

test("S44 logs of older versions fold: the agreement counts, and its files are learnt when they are seen again", () => {
  const old = folded(reviewed("h1", ["a"]), trusted("h1"));
  expect(old.repositories[REPO]).toEqual({ trusted: "h1", seen: { hash: "h1", files: ["a"], digests: undefined } });
  const again = observe({ type: "repository.reviewed", repo: REPO, hash: "h1", files: ["a"], digests: ["1"] });
  expect(decide(old, again, DAEMON)).toHaveLength(1);
  const learnt = folded(reviewed("h1", ["a"]), trusted("h1"), reviewed("h1", ["a"], ["1"]));
  expect(learnt.repositories[REPO]?.agreed).toEqual({ a: "1" });
  expect(decide(learnt, again, DAEMON)).toEqual([]);
  expect(decide(learnt, { do: "trust", repo: REPO, hash: "h1" }, PERSON)).toEqual([]);
});

test("S44 files are new, changed or gone against what was agreed to; without that they are just there", () => {
  const now = review({ a: "1", b: "9", constructor: "3" });
  const changes = changesIn(now, { a: "1", b: "2", c: "3" });
  expect(changes).toEqual([
    { file: "b", is: "changed" },
    { file: "constructor", is: "new" },
    { file: "c", is: "gone" },
  ]);
  expect(changesLine(changes)).toBe("changed: b; new: constructor; gone: c");
  expect(changesLine(changesIn(now, undefined))).toBe("a, b, constructor");
  expect(isAgreed(now, { trusted: now.hash })).toBe(true);
  expect([isAgreed(now, { trusted: "other" }), isAgreed(now, undefined)]).toEqual([false, false]);
  expect(isAgreed(review({}), undefined)).toBe(true);
});

test("S44 what is shown is bounded and safe, whatever the files hold", () => {
  const nasty = `\u001b[2J${"漢\u202e".repeat(400)}\n${"{}\r\n".repeat(2000)}`;
  const many = review(
    Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`.claude/${n}\u001b\n${"y".repeat(300)}`, ""])),
    nasty,
  );
  const lines = reviewLines("/r\u001b]0;x\u0007", many, changesIn(many, undefined));
  expect(lines.length).toBeLessThanOrEqual(1 + 40 + 12 * 9 + 1);
  for (const line of lines) {
    expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
    expect([...line].length).toBeLessThan(150);
  }
  expect(lines.at(-1)).toBe("  … and 260 more");
  expect(changesLine(changesIn(many, undefined))).toEndWith(" and 295 more");
});

test("S44 a short file is shown whole, a long one says that it goes on", () => {
  const shown = (head: string, size = head.length) =>
    reviewLines(REPO, { hash: "", files: [{ file: "f", digest: "", size, head }] }, [{ file: "f", is: "there" }]).slice(
      2,
    );
  expect(shown('{\n\t"a": 1\n}\n')).toEqual(["    | {", '    |   "a": 1', "    | }"]);
  expect(shown("x".repeat(250))).toEqual([
    `    | ${"x".repeat(100)}`,
    `    | ${"x".repeat(100)}`,
    `    | ${"x".repeat(50)}`,
  ]);
  expect(shown("1\n2\n3\n4\n5\n6\n7\n8\n9")).toEqual([..."12345678"].map((n) => `    | ${n}`).concat("    | …"));
  expect(shown("short", 5000).at(-1)).toBe("    | …");
  expect(shown("")).toEqual(["    |"]);
});

const file = (name: string, more: Partial<Review["files"][number]> = {}) => ({
  ...{ file: name, digest: "1", size: 1, head: "x" },
  ...more,
});

test("S44 the files are named with their size, what became of them, and how many are as agreed", () => {
  const files = [file("a", { size: 2, head: "ab" }), file("b"), file("c", { head: null, size: 9 }), file("d")];
  const changes = [
    ...[{ file: "a", is: "changed" } as const, { file: "c", is: "new" } as const],
    { file: "e", is: "gone" } as const,
  ];
  expect(reviewLines(REPO, { hash: "", files }, changes)).toEqual([
    ...["Agents in /r would be configured by:", "  changed  a  (2 bytes)", "    | ab"],
    ...["  new      c  (9 bytes)", "    (no text)", "  gone     e", "  2 more as agreed"],
  ]);
  expect(reviewLines(REPO, { hash: "", files: [file("a")] }, [{ file: "a", is: "there" }])).toEqual([
    ...["Agents in /r would be configured by:", "  a  (1 bytes)", "    | x"],
  ]);
  const both = [{ file: "a", is: "there" } as const, { file: "e", is: "gone" } as const];
  expect(reviewLines(REPO, { hash: "", files: [file("a")] }, both)[1]).toBe("  there    a  (1 bytes)");
});

test("S44 forty files are named without a rest, and five stand in a line", () => {
  const names = (count: number) => Array.from({ length: count }, (_, n) => `f${n}`);
  const lines = (count: number) => {
    const files = names(count).map((name) => file(name));
    return reviewLines(REPO, { hash: "", files }, changesIn({ hash: "", files }, undefined));
  };
  expect(lines(40)).toHaveLength(1 + 40 + 12);
  expect(lines(40).at(-1)).toBe("  f39  (1 bytes)");
  expect(lines(41).at(-1)).toBe("  … and 1 more");
  const line = (count: number) => changesLine(names(count).map((name) => ({ file: name, is: "new" })));
  expect([line(0), line(5), line(6)]).toEqual([
    ...["", "new: f0, f1, f2, f3, f4", "new: f0, f1, f2, f3, f4 and 1 more"],
  ]);
});

test("S44 eight rows are shown whole; a row more, or bytes that are not shown, are told by dots", () => {
  const rows = (head: string, size = head.length) =>
    reviewLines(REPO, { hash: "", files: [file("f", { head, size })] }, [{ file: "f", is: "there" }]).slice(2);
  const eight = "1\n2\n3\n4\n5\n6\n7\n8";
  expect(rows(eight)).toEqual([..."12345678"].map((n) => `    | ${n}`));
  expect(rows(`${eight}\n9`)).toHaveLength(9);
  expect(rows("x".repeat(800))).toHaveLength(8);
  expect(rows("x".repeat(801)).at(-1)).toBe("    | …");
  expect(rows("ab", 3).at(-1)).toBe("    | …");
});
