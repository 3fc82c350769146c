import { expect, test } from "bun:test";
import { gistOf, likeness, printOf } from "./gist.ts";

test("white space, capitals and the insight fence do not make another letter", () => {
  const print = printOf("Please look at src/a.ts");
  expect(print).toMatch(/^[0-9a-f]{16}$/);
  expect(printOf("  please LOOK at\n src/a.ts ")).toBe(print);
  expect(printOf("Please look at src/a.ts\n```insight\nwho: PeerA\n```")).toBe(print);
  expect(printOf("Please look at src/b.ts")).not.toBe(print);
  expect(printOf("Please look at src/a.t")).not.toBe(print);
});

test("prints are stable: they stand in the log", () => {
  expect(printOf("")).toBe("811c9dc501234567");
  expect(printOf("a")).toBe("e40c292cd085a872");
});

test("a gist is the first 300 letters in one line", () => {
  expect(gistOf(`A\n\nB ${"x".repeat(400)}`)).toHaveLength(300);
  expect(gistOf("A\n\nB")).toBe("a b");
});

test("likeness counts the words that both have", () => {
  expect(likeness("one two three four", "four three two one")).toBe(1);
  expect(likeness("one two", "three four")).toBe(0);
  expect(likeness("one two three", "one two four")).toBeCloseTo(2 / 3);
  expect(likeness("one", "one two three")).toBe(0.5);
  expect(likeness("", "")).toBe(1);
});
