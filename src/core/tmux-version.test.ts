import { expect, test } from "bun:test";
import { parseVersion, sufficesTmux } from "./tmux-version.ts";

test("versions of tmux are read", () => {
  expect(parseVersion("tmux 3.3a")).toEqual([3, 3]);
  expect(parseVersion("tmux next-3.6")).toEqual([3, 6]);
  expect(parseVersion("tmux 2.9a")).toEqual([2, 9]);
  expect(parseVersion("tmux master")).toEqual([99, 0]);
  expect(parseVersion("screen")).toBeNull();
});

test("tmux 3.2 is the oldest that suffices", () => {
  const told = ["tmux 3.2", "tmux 4.0", "tmux next-3.6", "tmux master", "tmux 3.1c", "tmux 2.9", "screen", ""];
  expect(told.map(sufficesTmux)).toEqual([true, true, true, true, false, false, false, false]);
});
