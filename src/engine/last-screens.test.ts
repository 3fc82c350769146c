import { afterEach, beforeEach, expect, test } from "bun:test";
import { ANN, BOB, hireOf } from "../../test/fakes/history.ts";
import { House } from "../../test/fakes/house.ts";
import type { PaneStatus } from "../core/ports.ts";
import { LastScreenReactor } from "./last-screens.ts";

let it: House;
let panes: Partial<PaneStatus>[];
let asked: unknown[];
let files: unknown[];
beforeEach(() => {
  it = new House();
  [panes, asked, files] = [[], [], []];
  const terminals = { list: async () => panes as PaneStatus[] };
  const lines = async (...question: [string, number]) => {
    asked.push(question);
    return ["its last", "words"];
  };
  const keep = async ({ hire }: { hire: { seat?: string } }, text: string) => void files.push([hire.seat, text]);
  it.run(new LastScreenReactor({ terminals, lines, keep }) as never);
  for (const agent of [ANN, BOB]) {
    it.start(agent);
    it.open(agent);
  }
});
afterEach(() => it.end());

const exit = (agent: string) => it.observe({ type: "terminal.exited", agent, incarnation: 1, code: 1, signal: null });
const kept = () => it.log.read(0).filter(({ type }) => type === "terminal.captured");

test("F6 the last 50 lines of a program that ended by itself are kept once, beside the log", async () => {
  panes = [
    { agent: BOB, incarnation: 1, pane: "%1", isDead: true },
    { agent: ANN, incarnation: 1, pane: "%7", isDead: true },
  ];
  exit(ANN);
  await it.settle();
  expect(asked).toEqual([["%7", 50]]);
  expect(kept()).toMatchObject([{ agent: ANN, incarnation: 1 }]);
  expect(it.log.body(it.state.agents[ANN]?.lastScreen?.seq ?? 0)).toBe("its last\nwords");
  it.observe({ type: "agent.changed", agent: ANN, activity: "idle" });
  await it.settle();
  expect(kept()).toHaveLength(1);
});

test("nobody else's pane is read, and none of an agent that a person ended", async () => {
  panes = [
    { agent: BOB, incarnation: 1, pane: "%1", isDead: true },
    { agent: ANN, incarnation: 2, pane: "%1", isDead: true },
    { agent: ANN, incarnation: 1, pane: "%1", isDead: false },
  ];
  exit(ANN);
  it.dispatch({ do: "kill", agent: BOB, reason: "killed by user" });
  exit(BOB);
  await it.settle();
  expect(asked).toEqual([]);
  expect(kept()).toEqual([]);
});

test("P59 of a crashed member of a team its repository keeps the last 1000 lines, and the log 50", async () => {
  panes = [{ agent: "c0000003", incarnation: 1, pane: "%9", isDead: true }];
  it.dispatch({ do: "start", hire: hireOf("c0000003", { team: "t", seat: "PeerB" }) });
  it.open("c0000003");
  exit("c0000003");
  await it.settle();
  expect(asked).toEqual([["%9", 1000]]);
  expect(files).toEqual([["PeerB", "its last\nwords\n"]]);
  expect(kept()).toMatchObject([{ agent: "c0000003" }]);
});
