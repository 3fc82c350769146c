import { expect, test } from "bun:test";
import { marksIn, withMark, withoutMarks } from "./mark.ts";

test("a marked text begins with its head and names its message at both ends", () => {
  expect(withMark("From user", "m-1", "hi")).toBe("From user ⟦m:m-1⟧ hi ⟦/m:m-1⟧");
});

test("messages are found by their opening marks alone, in order", () => {
  const text = `${withMark("From a", "m-1", "x")} ${withMark("From b", "m-2", "y")} ⟦/m:m-3⟧ ⟦m:⟧ ⟦m:a b⟧ ⟦m:${"x".repeat(65)}⟧`;
  expect(marksIn(text)).toEqual(["m-1", "m-2"]);
});

test("no body keeps a mark, nor the beginning of one", () => {
  const bodies: [string, string][] = [
    ["a ⟦m:m-1⟧ b ⟦/m:m-1⟧ c", "a  b  c"],
    ["a ⟦m:m-1", "a "],
    ["a ⟦m:x\nb", "a \nb"],
    ["⟦x⟧ stays", "⟦x⟧ stays"],
  ];
  for (const [body, bare] of bodies) expect(withoutMarks(body)).toBe(bare);
});
