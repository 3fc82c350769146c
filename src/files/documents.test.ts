import { expect, test } from "bun:test";
import { splitDocuments } from "./documents.ts";

test("several documents in one file are taken apart", () => {
  expect(splitDocuments('{"a":1}\n{"b":"}{"} [1,{"c":2}]')).toEqual({
    documents: ['{"a":1}', '{"b":"}{"}', '[1,{"c":2}]'],
    rest: "",
  });
});

test("a document torn anywhere is left as the rest", () => {
  const whole = '{"text":"say \\"}\\" {","list":[1,2]}';
  for (let end = 1; end < whole.length; end += 1) {
    const { documents, rest } = splitDocuments(`{"first":1}${whole.slice(0, end)}`);
    expect(documents).toEqual(['{"first":1}']);
    expect(rest).toBe(whole.slice(0, end).trim());
  }
});
