import { afterEach, beforeEach, expect, test } from "bun:test";
import { ANN, BOB } from "../../test/fakes/history.ts";
import { PairHouse } from "../../test/fakes/pair-house.ts";
import type { SettingsChanges } from "../core/settings/settings.ts";
import { bindingsNow } from "./bindings.ts";
import type { Parts } from "./parts.ts";

let house: PairHouse;
let count = 0;
beforeEach(() => {
  // Started by flags: the settings name other drivers.
  house = new PairHouse({ driver: "standin" });
});
afterEach(() => house.end());

const load = (changes: SettingsChanges): void => {
  house.observe({ type: "settings.loaded", team: "pair", hash: `h${count++}`, changes, warnings: [] });
};
const role = (peerA: object): SettingsChanges => ({ cli_profiles: { roles: { peerA } } });
const now = (seat = "PeerA") => {
  const environments = { of: () => ({ PATH: process.env.PATH }) };
  return bindingsNow({ engine: house.engine, log: house.log, environments } as unknown as Parts, house.team, seat);
};
const restart = async (): Promise<void> => {
  house.dispatch({ do: "restart", agent: ANN, changes: await now() });
};

test("P62 what was started by flags stays so as long as its settings are left alone", async () => {
  expect(await now()).toEqual({ permission: "workspace-write" });
  load({ cli_profiles: { console_echo: false } });
  expect(await now()).toEqual({ permission: "workspace-write" });
  expect(await now("PeerC")).toEqual({});
});

test("P62 what the settings bind differently since the last start is different at the next one", async () => {
  load(role({ actor: "mock:play.yaml", permissions: "read-only" }));
  expect(await now()).toEqual({
    driver: "standin",
    scenario: "play.yaml",
    permission: "read-only",
    canCompact: true,
    account: expect.any(String),
  });
  expect(await now("PeerB")).toEqual({ permission: "workspace-write" });
  await restart();
  house.open(ANN, 2);
  expect(house.state.agents[ANN]?.hire).toMatchObject({ scenario: "play.yaml", permission: "read-only" });
  expect(await now()).toEqual({ permission: "read-only" });
  load(role({ permissions: "workspace-write", actor: "mock:play.yaml" }));
  expect(await now()).toEqual({ permission: "workspace-write" });
});

test("P62 a program that is not there, an unknown driver, a level nobody allowed are refused before anything ends", async () => {
  load({ cli_profiles: { commands: { peerA: "no-such-cli --x" } } });
  await expect(now()).rejects.toThrow("driver standin needs no-such-cli, which is no program in PATH");
  load({ cli_profiles: { commands: { peerA: "env" } } });
  expect(await now()).toEqual({ permission: "workspace-write", command: "env" });
  load(role({ actor: "gemini" }));
  await expect(now()).rejects.toThrow("no driver named gemini");
  load(role({ permissions: "danger-full-access" }));
  await expect(now()).rejects.toMatchObject({
    code: "state",
    hint: 'muster run --accept "full access" allows it, once',
  });
  house.dispatch({ do: "permit", repo: "/r" });
  expect(await now()).toEqual({ permission: "danger-full-access" });
  expect(house.state.agents[BOB]?.isRestarting).toBeUndefined();
});
