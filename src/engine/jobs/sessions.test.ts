import { afterEach, beforeEach, expect, test } from "bun:test";
import { ANN, BOB } from "../../../test/fakes/history.ts";
import { House } from "../../../test/fakes/house.ts";
import { PairHouse } from "../../../test/fakes/pair-house.ts";
import { refusalOf } from "../../../test/fakes/refusal.ts";
import { PERSON } from "../../core/ids.ts";
import type { PaneStatus } from "../../core/ports.ts";
import { Sessions, type SessionsWorld } from "./sessions.ts";

let it: House;
let names: string[];
let panes: PaneStatus[];
let ended: string[];
let sessions: Sessions;

const paneOf = (agent: string, more: Partial<PaneStatus> = {}): PaneStatus => ({
  ...{ agent, incarnation: 1, pane: `%${agent}`, pid: 70, isDead: false, code: null, signal: null, isPiped: true },
  ...more,
});

const world = (): SessionsWorld => ({
  engine: it.engine,
  names: async () => names,
  panes: async () => panes,
  folderOf: async (pane) => `/folder/of/${pane}`,
  close: async (pane) => void ended.push(`pane ${pane}`),
  end: async (name) => void ended.push(`session ${name}`),
  driver: (driver) => ({ driver, canCompact: true }),
});

beforeEach(() => {
  it = new House();
  [names, panes, ended] = [[], [], []];
  sessions = new Sessions(world());
});
afterEach(() => it.end());

test("A21 a session is an agent's when the log knows the agent of its pane, else unknown", async () => {
  it.start(ANN);
  names = [`muster-${ANN}`, `muster-${BOB}`, "muster-orphan", "else"];
  panes = [paneOf(ANN), paneOf(BOB, { isDead: true, pid: 71 })];
  expect(await sessions.rows()).toEqual([
    { name: `muster-${ANN}`, kind: "agent", agent: ANN, pane: `%${ANN}`, pid: 70, isDead: false },
    { name: `muster-${BOB}`, kind: "unknown", agent: BOB, pane: `%${BOB}`, pid: 71, isDead: true },
    { name: "muster-orphan", kind: "unknown" },
    { name: "else", kind: "unknown" },
  ]);
});

test("A21 the window of a team that runs is told from others, and is stopped as a team", async () => {
  const pair = new PairHouse();
  const parts = { ...world(), engine: pair.engine };
  names = ["muster-pair", "mustax-pair"];
  const found = new Sessions(parts);
  expect((await found.rows()).map(({ kind }) => kind)).toEqual(["window", "unknown"]);
  expect(await refusalOf(found.kill("pair", PERSON))).toEqual([
    ...["state", "session muster-pair is a team's window", "muster stop pair"],
  ]);
  panes = [paneOf("pair")];
  expect((await found.rows())[0]?.kind).toBe("unknown");
  panes = [];
  pair.dispatch({ do: "stop", team: "pair", reason: "enough" });
  expect((await found.rows()).map(({ kind }) => kind)).toEqual(["unknown", "unknown"]);
  await pair.end();
});

test("A21 an agent that nobody knows is taken over where it is, with as many runs as its pane says", async () => {
  names = [`muster-${ANN}`];
  panes = [paneOf(ANN, { incarnation: 2 })];
  expect(await sessions.adopt(ANN, "codex")).toEqual({ agent: ANN });
  expect(it.state.agents[ANN]).toMatchObject({
    hire: { agent: ANN, driver: "codex", canCompact: true, cwd: `/folder/of/%${ANN}`, permission: "workspace-write" },
    ...{ incarnation: 2, opening: true },
  });
  expect(it.facts("agent.hired")).toMatchObject([{ by: "system" }]);
});

test("A21 what is known, or holds no living agent, is not taken over", async () => {
  it.start(ANN);
  names = [`muster-${ANN}`, `muster-${BOB}`, "muster-odd", "muster-bare"];
  panes = [paneOf(ANN), paneOf(BOB, { isDead: true }), paneOf("odd")];
  expect(await refusalOf(sessions.adopt(ANN, "codex"))).toEqual([
    ...["state", `session muster-${ANN} is known`, "muster status lists agents"],
  ]);
  for (const name of [`muster-${BOB}`, "muster-odd", "muster-bare"])
    expect(await refusalOf(sessions.adopt(name, "codex"))).toEqual([
      ...["state", `session ${name} holds no living agent`, `muster sessions kill ${name}`],
    ]);
  expect(it.state.agents[BOB]).toBeUndefined();
});

test("A21 killing a session ends an agent as kill does, a foreign pane by itself, and a session without one whole", async () => {
  it.start(ANN);
  names = [`muster-${ANN}`, `muster-${BOB}`, "else"];
  panes = [paneOf(ANN), paneOf(BOB)];
  expect((await sessions.kill(ANN, PERSON)).kind).toBe("agent");
  expect(it.facts("agent.dismissed")).toMatchObject([{ agent: ANN, reason: "killed by user", by: "user" }]);
  await sessions.kill(`muster-${BOB}`, PERSON);
  await sessions.kill("else", PERSON);
  expect(ended).toEqual([`pane %${BOB}`, "session else"]);
});

test("A21 a session that is not there is refused by its name", async () => {
  names = ["muster-x"];
  for (const asked of [sessions.kill("y", PERSON), sessions.adopt("y", "codex")])
    expect(await refusalOf(asked)).toEqual(["missing", "no tmux session y", "muster sessions lists them"]);
});
