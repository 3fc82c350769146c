import { expect, test } from "bun:test";
import { toolInput } from "./tool-input.ts";

test("the only value of an input is shown by itself", () => {
  expect(toolInput('{"command":"rm -rf build"}')).toBe("rm -rf build");
  expect(toolInput('{"count":3}')).toBe("3");
});

test("of several values each has its line, and none is left out", () => {
  const input = JSON.stringify({ command: "ls", description: "looks", env: { A: "b" } });
  expect(toolInput(input)).toBe('command: ls\ndescription: looks\nenv: {"A":"b"}');
});

test("what is no object, is empty, or was cut stays as it is", () => {
  for (const input of ["touch x", '{"command":"rm -rf bu…', "[1]", "{}", "3", ""]) expect(toolInput(input)).toBe(input);
});
