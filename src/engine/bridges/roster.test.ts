import { afterEach, beforeEach, expect, test } from "bun:test";
import { BridgeLab } from "../../../test/fakes/bridge-lab.ts";
import { PERSON } from "../../core/ids.ts";
import { backoff } from "./connection.ts";
import { variablesOf } from "./roster.ts";

let lab: BridgeLab;
beforeEach(() => {
  lab = new BridgeLab();
});
afterEach(() => lab.end());

const row = async () => (await lab.roster.rows("/r"))[0];

test("P85 one instance for each token: a second one is refused and names the process (fault 18)", async () => {
  await lab.start();
  const other = new BridgeLab();
  for (const [key] of lab.locks) other.locks.set(key, 4711);
  await expect(other.roster.start(other.place, PERSON)).rejects.toThrow("runs already with this token: process 4711");
  expect(other.bridges).toHaveLength(0);
  other.secrets.set("TELEGRAM_BOT_TOKEN", "another one");
  await other.start();
  expect(other.bridges).toHaveLength(1);
  await other.end();
});

test("P9 started twice it is said to run already, and one instance runs", async () => {
  expect(await lab.roster.start(lab.place, PERSON)).toBe("started");
  await lab.settle();
  expect(await lab.roster.start(lab.place, PERSON)).toBe("already running");
  expect([lab.bridges.length, lab.bridge.starts, lab.bridge.isListening]).toEqual([1, 1, true]);
  expect(lab.house.facts("bridge.wanted")).toMatchObject([{ platform: "telegram", isOn: true }]);
});

test("P9 stop ends it and lets the token go; start takes it again", async () => {
  await lab.start();
  expect(lab.roster.stop(lab.place, PERSON)).toBe("stopped");
  await lab.settle();
  expect([lab.bridge.isListening, lab.locks.size, (await row())?.state]).toEqual([false, 0, "off"]);
  expect(lab.roster.stop(lab.place, PERSON)).toBe("not running");
  await lab.start();
  expect([lab.bridges.length, lab.locks.size]).toEqual([2, 1]);
});

test("P9 without its token it names the variable; without being built it says so", async () => {
  lab.secrets.clear();
  await expect(lab.roster.start(lab.place, PERSON)).rejects.toThrow("telegram has no token: TELEGRAM_BOT_TOKEN");
  expect(await row()).toEqual({
    ...{ platform: "telegram", state: "off", isWanted: false, missing: ["TELEGRAM_BOT_TOKEN"], trouble: "", chats: [] },
  });
  await expect(lab.roster.start({ repo: "/r", platform: "slack" }, PERSON)).rejects.toThrow(
    "live chats are not built yet",
  );
  await expect(lab.roster.start({ repo: "/other", platform: "telegram" }, PERSON)).rejects.toThrow(
    "no team runs in /other",
  );
  expect(lab.house.facts("bridge.wanted")).toEqual([]);
});

test("P85 what a person started runs again after a restart; what was stopped stays so", async () => {
  await lab.start();
  await lab.restart();
  expect([lab.bridges.length, lab.bridge.isListening]).toEqual([2, true]);
  lab.roster.stop(lab.place, PERSON);
  await lab.restart();
  expect(lab.bridges).toHaveLength(2);
});

test("P85 autostart starts it with the team, and it ends with the team", async () => {
  await lab.end();
  lab = new BridgeLab({ changes: { telegram: { autostart: true } } });
  await lab.settle();
  expect([lab.bridges.length, (await row())?.isWanted]).toEqual([1, true]);
  lab.house.dispatch({ do: "stop", team: "pair", reason: "done" });
  await lab.settle();
  expect([lab.bridge.isListening, lab.locks.size]).toEqual([false, 0]);
  expect(lab.house.facts("bridge.stopped")).toMatchObject([{ reason: "it is not wanted any more" }]);
});

test("P62 a settings file that says autostart from now on starts it", async () => {
  await lab.settle();
  expect(lab.bridges).toHaveLength(0);
  const changes = { telegram: { autostart: true } };
  lab.house.observe({ type: "settings.loaded", team: "pair", hash: "h9", changes, warnings: [] });
  await lab.settle();
  expect(lab.bridges).toHaveLength(1);
});

test("P89 a connection that breaks is made again, later each time", async () => {
  await lab.start();
  lab.bridge.cut();
  await lab.settle();
  expect(lab.bridge.isListening).toBe(false);
  await lab.pass(999);
  expect(lab.bridge.starts).toBe(1);
  await lab.pass(1);
  expect([lab.bridge.starts, lab.bridge.isListening]).toEqual([2, true]);
  lab.bridge.cut();
  await lab.settle();
  await lab.pass(1999);
  expect(lab.bridge.starts).toBe(2);
  await lab.pass(1);
  expect(lab.bridge.starts).toBe(3);
  expect([1, 2, 3, 6, 7, 50].map(backoff)).toEqual([1000, 2000, 4000, 32_000, 60_000, 60_000]);
});

test("P13 the variables are those that the settings name", () => {
  const { team } = lab.house;
  expect(variablesOf(team, "telegram")).toEqual(["TELEGRAM_BOT_TOKEN"]);
  expect(variablesOf(team, "slack")).toEqual(["SLACK_APP_TOKEN", "SLACK_BOT_TOKEN"]);
  expect(variablesOf(team, "discord")).toEqual(["DISCORD_BOT_TOKEN"]);
  expect(variablesOf(team, "wecom")).toEqual(["WECOM_WEBHOOK_URL"]);
});

test("P9 the row of a bridge lists its chats with their rights", async () => {
  await lab.start();
  await lab.subscribe("operate");
  expect(await row()).toMatchObject({ state: "running", chats: [{ chat: "7", right: "operate" }] });
  expect((await lab.roster.rows("/r")).map(({ platform, state }) => `${platform} ${state}`)).toEqual([
    ...["telegram running", "slack not built", "discord not built", "wecom not built"],
  ]);
});

test("P85 only what is built, wanted and not open yet is owed", async () => {
  const owed = () => [...lab.roster.pending(lab.house.state).keys()].length;
  const tuned = (hash: string, changes: object) =>
    lab.house.observe({ type: "settings.loaded", team: "pair", hash, changes, warnings: [] });
  expect(owed()).toBe(0);
  tuned("h1", { slack: { autostart: true } });
  expect(owed()).toBe(0);
  tuned("h2", { slack: { autostart: true }, telegram: { autostart: true } });
  expect(owed()).toBe(1);
  await lab.settle();
  expect([owed(), lab.bridges.length]).toEqual([0, 1]);
});

test("P9 a refusal says in which way it is one, and what to do: not built, no team, a token that another process has", async () => {
  const refused = (platform: "telegram" | "slack", repo = "/r") =>
    lab.roster.start({ repo, platform }, PERSON).then(
      () => [],
      ({ code, message, hint }) => [code, message, hint],
    );
  expect((await refused("slack"))[0]).toBe("state");
  expect(await refused("telegram", "/other")).toEqual(["state", "no team runs in /other", "muster run starts one"]);
  await lab.start();
  const [key = ""] = lab.locks.keys();
  lab.roster.stop(lab.place, PERSON);
  lab.locks.set(key, null as never);
  expect(await refused("telegram")).toEqual([
    ...["state", "telegram runs already with this token: another process", "stop it there first"],
  ]);
  lab.locks.clear();
});

test("P85 when the daemon ends its bridges end, and none of them was stopped by anybody", async () => {
  await lab.start();
  const { bridge } = lab;
  lab.roster.close();
  await lab.settle();
  expect([lab.roster.of(lab.place), bridge.isListening, lab.locks.size]).toEqual([undefined, false, 0]);
  expect(lab.house.facts("bridge.stopped")).toEqual([]);
});

test("P9 where no team runs, a bridge is off and lacks nothing", async () => {
  const [telegram] = await lab.roster.rows("/other");
  expect(telegram).toMatchObject({ state: "off", isWanted: false, missing: [], chats: [] });
});
