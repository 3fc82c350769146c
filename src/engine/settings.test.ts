import { afterEach, beforeEach, expect, test } from "bun:test";
import { House } from "../../test/fakes/house.ts";
import type { SettingsRead } from "../core/settings/settings.ts";
import { SettingsReactor } from "./settings.ts";

let it: House;
let read: () => SettingsRead;

const said = (hash: string, more: Partial<SettingsRead> = {}): SettingsRead => ({
  ...{ hash, changes: {}, problems: [] },
  ...more,
});

beforeEach(() => {
  it = new House();
  read = () => said("h1");
  it.dispatch({ do: "form", team: "pair", topology: "pair", repo: "/r", seats: [], hires: [], letters: [] });
});

const begin = async (): Promise<void> => {
  it.run(new SettingsReactor({ state: () => it.state, settings: async () => read() }) as never);
  await it.settle();
};

afterEach(() => it.end());

test("P62 settings are read when a team runs, and again when their files changed", async () => {
  await begin();
  expect(it.facts("settings.loaded")).toHaveLength(1);
  read = () => said("h2", { changes: { policies: { patch_queue: { max_diff_lines: 20 } } } });
  await it.clock.pass(9_999);
  expect(it.facts("settings.loaded")).toHaveLength(1);
  await it.clock.pass(1);
  await it.settle();
  expect(it.state.teams.pair?.settings.policies.patch_queue.max_diff_lines).toBe(20);
  await it.clock.pass(60_000);
  expect(it.facts("settings.loaded")).toHaveLength(2);
});

test("P62 wrong files leave the old settings and are said once, with their line; mended ones are taken", async () => {
  read = () => said("h1", { changes: { policies: { patch_queue: { max_diff_lines: 20 } } } });
  await begin();
  const text = "/r/.muster/settings/policies.yaml:3:9 patch_queue.mode: expected one of optional, got 7";
  read = () => said("h2", { problems: [{ level: "error", text }] });
  await it.clock.pass(10_000);
  await it.clock.pass(10_000);
  await it.settle();
  expect(it.facts("settings.refused")).toMatchObject([{ team: "pair", errors: [text] }]);
  expect(it.state.teams.pair).toMatchObject({ problems: [text] });
  expect(it.state.teams.pair?.settings.policies.patch_queue.max_diff_lines).toBe(20);
  read = () => said("h3", { problems: [{ level: "warning", text: "policies.yaml:1:1 x: unknown key" }] });
  await it.clock.pass(10_000);
  await it.settle();
  expect(it.state.teams.pair).toMatchObject({ problems: ["policies.yaml:1:1 x: unknown key"] });
  expect(it.state.teams.pair?.settings.policies.patch_queue.max_diff_lines).toBe(150);
});

test("P62 files that cannot be read at all are said, and the settings stay", async () => {
  read = () => {
    throw new Error("it is a symbolic link");
  };
  await begin();
  expect(it.state.teams.pair?.problems).toEqual(["settings: it is a symbolic link"]);
});

test("P62 a team that ended is not looked at any more", async () => {
  await begin();
  it.dispatch({ do: "stop", team: "pair", reason: "done" });
  read = () => said("h2");
  await it.clock.pass(10_000);
  await it.settle();
  expect(it.facts("settings.loaded")).toHaveLength(1);
});
