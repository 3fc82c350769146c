import { expect, test } from "bun:test";
import { rebinding } from "./rebinding.ts";
import { type SettingsChanges, settingsFrom } from "./settings.ts";

const changed = (before: SettingsChanges, now: SettingsChanges, seat = "PeerA") =>
  rebinding(settingsFrom(before), settingsFrom(now), seat);
const peerA = (role: object): SettingsChanges => ({ cli_profiles: { roles: { peerA: role } } });

test("P62 what a person left alone is no change, whatever flags the team was started with", () => {
  expect(changed({}, {})).toEqual({});
  expect(changed(peerA({ actor: "standin" }), peerA({ actor: "standin" }))).toEqual({});
  expect(changed({}, { cli_profiles: { roles: { peerB: { actor: "claude" } } } })).toEqual({});
});

test("P62 another driver, level or program of that seat is a change", () => {
  expect(changed({}, peerA({ actor: "mock:x.yaml" }))).toEqual({ actor: "mock:x.yaml" });
  expect(changed({}, peerA({ permissions: "read-only" }))).toEqual({ permission: "read-only" });
  expect(changed({}, { cli_profiles: { commands: { peerA: "mine" } } })).toEqual({ command: "mine" });
  const peer = { peer: { command: "mine --y" } };
  expect(changed({}, { agents: { actors: { claude: peer } } })).toEqual({ command: "mine --y" });
  expect(changed({}, { agents: { actors: { codex: peer } } })).toEqual({});
  expect(changed({}, { agents: { actors: { codex: peer } } }, "PeerB")).toEqual({ command: "mine --y" });
  expect(changed({ cli_profiles: { commands: { peerA: "mine" } } }, {})).toEqual({ command: "" });
});

test("P94 a seat whose driver was taken away goes on as it is until the team starts again", () => {
  for (const actor of ["none", ""])
    expect(changed({}, { cli_profiles: { roles: { peerB: { actor } } } }, "PeerB")).toEqual({});
});
