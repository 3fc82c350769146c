import { beforeEach, expect, test } from "bun:test";
import { ANN, History, hireOf } from "../../../test/fakes/history.ts";
import type { Fact } from "../../core/facts.ts";
import type { Team } from "../../core/state.ts";
import { bridgeWakes, uploadsKey } from "./wakes.ts";
import { chatAt, rulesOf, runningIn } from "./world.ts";

const PLACE = { repo: "/r", platform: "telegram", chat: "7" } as const;
const BRIDGES = ["telegram /r", "slack /r", "discord /r", "wecom /r"];
const CHAT = "telegram:7 /r";

let it: History;
beforeEach(() => {
  it = new History();
  const seats = [{ seat: "PeerA", agent: ANN, driver: "standin" }];
  it.fold([
    { type: "team.formed", team: "t", topology: "solo", repo: "/r", seats },
    { type: "agent.hired", hire: hireOf(ANN, { team: "t", seat: "PeerA" }) },
  ]);
});

const team = (): Team => {
  const found = it.state.teams.t;
  if (!found) throw new Error("no team");
  return found;
};
const set = (changes: Record<string, Record<string, unknown>>) =>
  it.observe({ type: "settings.loaded", team: "t", hash: JSON.stringify(changes), changes, warnings: [] });
const subscribe = (chat = "7", repo = "/r") =>
  it.fold([
    { type: "bridge.subscribed", ...PLACE, chat, repo, hash: "h", right: "read", sender: "mia", after: 0 } as Fact,
  ]);

test("P85 the rules of a chat are its platform's settings, times in milliseconds", () => {
  const given = {
    ...{ redact_patterns: ["x"], max_msg_chars: 900, max_msg_lines: 9, debounce_seconds: 5 },
    ...{ to_user_min_interval_s: 7, show_peer_messages: true },
  };
  set({ telegram: given, slack: { ...given, max_msg_chars: 800 } });
  const rules = { redact: ["x"], maxChars: 900, maxLines: 9, debounce: 5000, minInterval: 7000, isVerbose: true };
  expect(rulesOf(team(), "telegram")).toEqual(rules);
  expect(rulesOf(team(), "slack")).toEqual({ ...rules, maxChars: 800 });
});

test("P85 WeCom has no limits of length, and waits half a minute", () => {
  set({ wecom: { redact_patterns: ["y"], verbose: false } });
  expect(rulesOf(team(), "wecom")).toEqual({
    ...{ redact: ["y"], maxChars: Number.POSITIVE_INFINITY, maxLines: Number.POSITIVE_INFINITY },
    ...{ debounce: 30_000, minInterval: 0, isVerbose: false },
  });
});

test("P90 what a person switched while the team runs wins over the settings", () => {
  set({ wecom: { verbose: false }, telegram: { show_peer_messages: false } });
  it.dispatch({ do: "tune", team: "t", switch: "verbose", isOn: true });
  expect([rulesOf(team(), "wecom").isVerbose, rulesOf(team(), "telegram").isVerbose]).toEqual([true, true]);
});

test("P85 the team of a repository is the one that runs there; a chat is found by its place", () => {
  expect([runningIn(it.state, "/r")?.name, runningIn(it.state, "/other")]).toEqual(["t", undefined]);
  subscribe();
  expect([chatAt(it.state, PLACE)?.chat, chatAt(it.state, { ...PLACE, chat: "8" })]).toEqual(["7", undefined]);
  it.fold([{ type: "team.stopped", team: "t", reason: "x" }]);
  expect(runningIn(it.state, "/r")).toBeUndefined();
});

const wakes = (...facts: Fact[]) => bridgeWakes(it.fold(facts), it.state);

test("P89 a fact about a repository or one of its agents wakes its chats, each once", () => {
  subscribe("7", "/other");
  expect(wakes({ type: "agent.changed", agent: ANN, activity: "busy" })).toEqual([]);
  subscribe();
  const busy: Fact = { type: "agent.changed", agent: ANN, activity: "busy" };
  expect(wakes(busy, { ...busy, activity: "idle" })).toEqual([CHAT]);
  expect(wakes({ type: "agent.changed", agent: "c0000003", activity: "busy" })).toEqual([]);
});

test("P9 what may start or stop a bridge wakes those of every platform there", () => {
  expect(wakes({ type: "bridge.wanted", repo: "/r", platform: "slack", isOn: true })).toEqual(BRIDGES);
  expect(wakes({ type: "team.stopped", team: "t", reason: "x" })).toEqual(BRIDGES);
  expect(wakes({ type: "bridge.stopped", repo: "/r", platform: "slack", reason: "x" })).toEqual([]);
});

test("P92 a bridge that begins, and a chat that is let in, look for files", () => {
  expect(uploadsKey("/r")).toBe("uploads /r");
  expect(wakes({ type: "bridge.started", repo: "/r", platform: "telegram", token: "x" })).toEqual(["uploads /r"]);
  expect(bridgeWakes(subscribe(), it.state)).toEqual([CHAT, "uploads /r"]);
});
