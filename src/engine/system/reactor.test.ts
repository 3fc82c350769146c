import { afterEach, beforeEach, expect, test } from "bun:test";
import { ANN } from "../../../test/fakes/history.ts";
import { PairHouse } from "../../../test/fakes/pair-house.ts";
import type { Team } from "../../core/state.ts";
import { orderOf, RulebookReactor } from "./reactor.ts";
import { systemText } from "./texts.ts";

let it: PairHouse;
let written: string[];
let reactor: RulebookReactor;

beforeEach(() => {
  it = new PairHouse();
  written = [];
  reactor = new RulebookReactor({ state: () => it.state, writeRules: async (repo) => void written.push(repo) });
});
afterEach(() => it.end());

const waiting = () => [...reactor.pending(it.state).keys()];

test("P23 rules are written for teams that run and have their settings, once while nothing changes", async () => {
  expect(waiting()).toEqual(["pair"]);
  await reactor.perform(it.team);
  await reactor.perform(it.team);
  expect(written).toEqual(["/r"]);
  const changes = { policies: { patch_queue: { max_diff_lines: 7 } } };
  it.observe({ type: "settings.loaded", team: "pair", hash: "h2", changes, warnings: [] });
  await reactor.perform(it.team);
  expect(written).toEqual(["/r", "/r"]);
});

test("P23 nothing is written for a team that has ended, is not there, or has no settings yet", async () => {
  const unset = { ...it.state, teams: { pair: { ...it.team, settingsHash: undefined } as unknown as Team } };
  expect(reactor.pending(unset).size).toBe(0);
  it.dispatch({ do: "stop", team: "pair", reason: "done" });
  expect(waiting()).toEqual([]);
  await reactor.perform(it.team);
  await reactor.perform({ ...it.team, name: "nobody" });
  expect(written).toEqual([]);
});

test("P23 a member's program is the one it was started with last; before it is hired, the one of its seat", () => {
  const { hires } = orderOf({ ...it.state, agents: {} }, it.team);
  expect(hires[0]).toEqual({ seat: "PeerA", agent: ANN, driver: "standin" });
  const agent = it.state.agents[ANN];
  if (!agent) throw new Error("nobody");
  const agents = { ...it.state.agents, [ANN]: { ...agent, hire: { ...agent.hire, driver: "codex" } } };
  expect(orderOf({ ...it.state, agents }, it.team).hires[0]?.driver).toBe("codex");
});

test("P24 a brief of 64 KiB stands whole in SYSTEM, a longer one is cut and named, both without blanks around it", () => {
  const project = (brief: string) =>
    systemText(orderOf(it.state, it.team), "PeerA", brief).split("## The project\n")[1];
  const whole = ` ${"x".repeat(64 * 1024 - 2)}\n`;
  expect(project(whole)).toBe(whole.trim());
  expect(project(`${whole}y`)).toBe(`${whole.trim()}\n[cut; the whole text is /r/PROJECT.md]`);
  expect(project(" \n")).toBe("(PROJECT.md is missing: ask the user what this project is for.)");
});
