import { expect, test } from "bun:test";
import { existsSync, readdirSync } from "node:fs";
import { scratch } from "./scratch.ts";

test("tests write into memory where it has room and runs programs, unless somebody chose a folder; it goes with all that is in it", () => {
  expect(scratch("/tmp").folder).toBeUndefined();
  const { folder, end } = scratch(undefined);
  if (folder !== undefined) expect(readdirSync(folder)).toEqual(["script"]);
  end();
  expect(existsSync(folder ?? "/nowhere at all")).toBe(false);
});
