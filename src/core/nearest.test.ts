import { expect, test } from "bun:test";
import { nearest } from "./nearest.ts";

const WORDS = ["jobs", "status", "start", "stop", "capture"];

test("the word that was probably meant: a beginning of it, or a few letters away", () => {
  const meant: [string, string | undefined][] = [
    ["jbos", "jobs"],
    ["job", "jobs"],
    ["j", "jobs"],
    ["statsu", "status"],
    ["stat", "status"],
    ["stopp", "stop"],
    ["sotp", "stop"],
    ["captuer", "capture"],
    ["cptr", undefined],
    ["xyz", undefined],
    ["elephant", undefined],
  ];
  for (const [word, name] of meant) expect([word, nearest(word, WORDS)]).toEqual([word, name]);
  expect(nearest("x", [])).toBeUndefined();
});
