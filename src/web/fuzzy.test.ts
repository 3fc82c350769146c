import { expect, test } from "bun:test";
import { fuzzyFind, fuzzyScore } from "./fuzzy.ts";

const found = (typed: string, ...texts: string[]) => fuzzyFind(typed, texts, (text) => text);

test("A103 letters count in their order, wherever they stand; others fit not at all", () => {
  expect(found("agt", "New agent", "Go to Agents", "Timeline")).toEqual(["New agent", "Go to Agents"]);
  expect(fuzzyScore("xyz", "New agent")).toBeNull();
  expect(found("", "b", "a")).toEqual(["b", "a"]);
});

test("A103 beginnings of words and neighbours come before letters that are strewn about", () => {
  expect(found("na", "begin a task", "New agent")).toEqual(["New agent", "begin a task"]);
  expect(found("tim", "start interim work", "Timeline")).toEqual(["Timeline", "start interim work"]);
  expect(found("new ag", "New agent", "Renew a gate")[0]).toBe("New agent");
});

test("A103 case does not matter, and of two that fit alike the shorter comes first", () => {
  expect(found("HOME", "Home of somebody else", "home")).toEqual(["home", "Home of somebody else"]);
});
