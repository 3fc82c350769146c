import { afterEach, expect, test } from "bun:test";
import { ANN, BOB } from "../../../test/fakes/history.ts";
import { PairHouse } from "../../../test/fakes/pair-house.ts";
import type { TreeLook } from "../../core/tree-look.ts";
import { TreeReactor, treeRules } from "./tree.ts";

let it: PairHouse;
let shown: TreeLook;
let asked: (string | undefined)[];
afterEach(() => it.end());

async function house(mode: "optional" | "required" = "optional"): Promise<void> {
  it = new PairHouse({ changes: { policies: { patch_queue: { mode } } }, rules: treeRules });
  shown = { head: "h1", dirty: ["users.txt"], foreign: [] };
  asked = [];
  const look = async (_: string, since: string | undefined) => {
    asked.push(since);
    return shown;
  };
  it.run(new TreeReactor({ state: () => it.state, look }) as never);
  await it.settle();
}

async function turn(agent: string, look: Partial<TreeLook> = {}): Promise<void> {
  shown = { ...shown, ...look };
  it.observe({ type: "turn.ended", agent, outcome: "done", summary: "" });
  await it.settle();
}

test("P52 what changed without a patch is listed by whose turn it was; the user's own files are nobody's", async () => {
  await house();
  expect(it.team.tree).toEqual({ head: "h1", unqueued: [{ path: "users.txt" }], commits: [] });
  await turn(ANN, { dirty: ["users.txt", "src/a.ts"] });
  await turn(BOB, { dirty: ["users.txt", "src/a.ts", "src/b.ts"] });
  expect(it.team.tree?.unqueued).toEqual([
    { path: "users.txt" },
    { path: "src/a.ts", agent: ANN },
    { path: "src/b.ts", agent: BOB },
  ]);
  await turn(ANN, { dirty: ["src/b.ts"] });
  expect(it.team.tree?.unqueued).toEqual([{ path: "src/b.ts", agent: BOB }]);
});

test("P52 of two who worked at the same time nobody can tell who it was", async () => {
  await house();
  it.observe({ type: "agent.changed", agent: BOB, activity: "busy" });
  await turn(ANN, { dirty: ["src/a.ts"] });
  expect(it.team.tree?.unqueued).toEqual([{ path: "src/a.ts" }]);
});

test("P52 nothing is looked at between turns, and what did not change is no fact", async () => {
  await house();
  const looks = asked.length;
  it.observe({ type: "agent.changed", agent: ANN, activity: "busy" });
  await it.settle();
  expect(asked).toHaveLength(looks);
  await turn(ANN);
  expect(asked).toHaveLength(looks + 1);
  expect(asked.at(-1)).toBe("h1");
  expect(it.facts("tree.seen")).toHaveLength(1);
});

const foreign = [{ id: "0123456789abcdef", subject: "by hand" }];

test("P53 where patches are required, a commit past the line is told to both peers and the user, once", async () => {
  await house("required");
  await turn(ANN, { head: "h2", foreign });
  const text = "Committed past the patch line, which this repository requires:\n0123456789 by hand";
  for (const to of [ANN, BOB, "user"]) expect(it.told(to).map((one) => one.text)).toEqual([text]);
  await turn(BOB, { foreign: [] });
  for (const to of [ANN, BOB, "user"]) expect(it.told(to)).toHaveLength(1);
});

test("P53 where they are optional, peers may commit themselves: it is listed, and nobody is warned", async () => {
  await house();
  await turn(ANN, { head: "h2", foreign });
  expect(it.team.tree).toMatchObject({ head: "h2", commits: foreign });
  expect(it.told("user")).toEqual([]);
});

test("P52 the plans whose status Muster writes are nobody's change", async () => {
  await house();
  await turn(ANN, {
    dirty: ["docs/por/T001-a/task.yaml", "docs/por/scope.yaml", "docs/por/T001-a/SUBPOR.md", "task.yaml"],
  });
  expect(it.team.tree?.unqueued.map(({ path }) => path)).toEqual(["docs/por/T001-a/SUBPOR.md", "task.yaml"]);
});

test("P52 plans that Muster writes itself are no changes of anybody; files that only look like them are", async () => {
  await house();
  const { dir } = it.team.settings.policies.blueprint;
  const own = [`${dir}/task.yaml`, `${dir}/T000001-x/task.yaml`, `${dir}/scope.yaml`];
  const others = [`${dir}/T000001-x/task.yaml.bak`, `${dir}/mytask.yaml`, `${dir}x/task.yaml`, `a/${dir}/task.yaml`];
  await turn(ANN, { dirty: [...own, ...others] });
  expect(it.team.tree?.unqueued).toEqual(others.map((path) => ({ path, agent: ANN })));
});

test("P52 a team that has ended, or that is not there, is not looked at", async () => {
  await house();
  const looks = asked.length;
  it.dispatch({ do: "stop", team: "pair", reason: "done" });
  it.observe({ type: "turn.ended", agent: ANN, outcome: "done", summary: "" });
  await it.settle();
  expect(asked).toHaveLength(looks);
  const reactor = new TreeReactor({ state: () => it.state, look: async () => shown });
  expect(reactor.pending(it.state).size).toBe(0);
  expect(await reactor.perform({ team: "nobody", agent: ANN })).toEqual({});
});

test("P52 a daemon that starts again looks once at each member whose turns it has not seen", async () => {
  await house();
  await turn(ANN);
  const reactor = new TreeReactor({ state: () => it.state, look: async () => shown });
  expect([...reactor.pending(it.state)]).toEqual([[ANN, { team: "pair", agent: ANN }]]);
  await reactor.perform({ team: "pair", agent: ANN });
  expect(reactor.pending(it.state).size).toBe(0);
});

test("P53 commits are listed a line each", async () => {
  await house("required");
  const two = [...foreign, { id: "fedcba9876543210", subject: "again" }];
  await turn(ANN, { head: "h2", foreign: two });
  expect(it.told("user").map(({ text }) => text)).toEqual([
    "Committed past the patch line, which this repository requires:\n0123456789 by hand\nfedcba9876 again",
  ]);
});
