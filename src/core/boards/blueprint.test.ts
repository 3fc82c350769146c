import { expect, test } from "bun:test";
import { settingsFrom } from "../settings/settings.ts";
import { blueprintOf, boardsFolder } from "./blueprint.ts";

test("the boards' folder is a setting, written plainly, and never outside the repository or in .git", () => {
  for (const [dir, folder] of [
    ["docs/por", "docs/por"],
    ["./plans//x/", "plans/x"],
    ["boards", "boards"],
    ["/etc", "docs/por"],
    ["../up", "docs/por"],
    ["a/../../b", "docs/por"],
    [".git/x", "docs/por"],
    ["", "docs/por"],
    [".", "docs/por"],
  ] as const)
    expect([dir, boardsFolder({ dir })]).toEqual([dir, folder]);
});

test("a team plans by its settings, a repository without a team by the defaults", () => {
  expect(blueprintOf()).toMatchObject({ enabled: true, max_steps: 8 });
  expect(blueprintOf({ settings: settingsFrom({ policies: { blueprint: { max_steps: 5 } } }) }).max_steps).toBe(5);
});
