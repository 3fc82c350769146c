import { afterEach, beforeEach, expect, test } from "bun:test";
import { ANN, BOB, hireOf } from "../../../test/fakes/history.ts";
import { House } from "../../../test/fakes/house.ts";
import { refusalOf } from "../../../test/fakes/refusal.ts";
import type { WorktreeLook } from "../../core/jobs/worktree.ts";
import { jobRule } from "../rules.ts";
import { WorktreeDesk } from "./worktrees.ts";

const TREE = { repo: "/repo", path: "/trees/a", branch: "muster/a", base: "0000000" };
const PROMPT = `fix the door\n${"of the house ".repeat(8)}`;
const WHAT = "fix the door of the house of the house of the house of the …";

let it: House;
let done: unknown[][];
let found: WorktreeLook;
let kept: string | null;
let desk: WorktreeDesk;

beforeEach(() => {
  it = new House([jobRule]);
  done = [];
  found = { dirty: [], commits: 0, diff: "" };
  kept = null;
  const shop = {
    look: async () => found,
    async save(...given: unknown[]) {
      done.push(["save", ...given]);
      return null;
    },
    async merge(...given: unknown[]) {
      done.push(["merge", ...given]);
      return { commit: "abc1234", branch: "main" };
    },
    async close(...given: unknown[]) {
      done.push(["close", ...given]);
      return kept;
    },
  };
  desk = new WorktreeDesk({ engine: it.engine, shop });
  const hire = { ...hireOf(ANN), worktree: TREE };
  it.dispatch({ do: "start", hire, job: { id: ANN, mid: "m-1", prompt: PROMPT } });
  it.open(ANN);
});
afterEach(() => it.end());

function end(): void {
  it.dispatch({ do: "kill", agent: ANN, reason: "enough" });
  it.observe({ type: "terminal.exited", agent: ANN, incarnation: 1, code: 0, signal: null });
}

test("A8 a look at a worktree says whose it is, its branch, and what git found", async () => {
  found = { dirty: ["a.ts"], commits: 2, diff: "+1" };
  expect(await desk.look(ANN)).toEqual({ agent: ANN, branch: "muster/a", dirty: ["a.ts"], commits: 2, diff: "+1" });
});

test("A8 a merge commits first what its agent left, names the work by the job's prompt, and is a fact", async () => {
  expect(await desk.merge(ANN, false)).toEqual({ agent: ANN, commit: "abc1234", branch: "main" });
  expect(done).toEqual([
    ["save", TREE, `${WHAT}\n\nNot committed by agent ${ANN} itself.`],
    ["merge", TREE, `Merge muster/a: ${WHAT}`, false],
  ]);
  expect(it.facts("worktree.merged")).toMatchObject([{ agent: ANN, commit: "abc1234", branch: "main", by: "system" }]);
});

test("A8 a squash has the work's own name, without the branch", async () => {
  await desk.merge(ANN, true);
  expect(done[1]).toEqual(["merge", TREE, WHAT, true]);
});

test("A8 the work of an agent without a job is called its work", async () => {
  it.dispatch({ do: "start", hire: { ...hireOf(BOB), worktree: TREE } });
  await desk.merge(BOB, true);
  expect(done[1]).toEqual(["merge", TREE, "its work", true]);
});

test("A8 nothing is merged while its agent works on it; once it ended, it is", async () => {
  it.observe({ type: "agent.changed", agent: ANN, activity: "busy" });
  expect(await refusalOf(desk.merge(ANN, false))).toEqual([
    ...["state", `agent ${ANN} works on it`, `muster wait ${ANN}, or muster kill ${ANN}`],
  ]);
  expect(done).toEqual([]);
  end();
  await desk.merge(ANN, false);
  expect(done).toHaveLength(2);
});

test("A8 a worktree is not removed while its agent is there", async () => {
  expect(await refusalOf(desk.discard(ANN, true))).toEqual([
    ...["state", `agent ${ANN} is still there`, `muster kill ${ANN} ends it`],
  ]);
});

test("A8 a worktree with nothing in it goes; the branch that stays, if any, is a fact", async () => {
  end();
  expect(await desk.discard(ANN, false)).toEqual({ agent: ANN, kept: null });
  expect(done).toEqual([["close", TREE]]);
  expect(it.facts("worktree.closed").map((fact) => fact.kept)).toEqual([undefined]);
  expect(await refusalOf(desk.look(ANN))).toEqual([
    ...["state", `agent ${ANN} has no worktree`, "muster start --worktree gives it one"],
  ]);
});

test("A8 commits or files that nobody merged keep it, unless it is forced; then they stay on their branch", async () => {
  end();
  for (const [commits, dirty] of [
    [1, []],
    [0, ["a.ts"]],
  ] as const) {
    found = { commits, dirty: [...dirty], diff: "" };
    expect(await refusalOf(desk.discard(ANN, false))).toEqual([
      "state",
      `${commits} commits and ${dirty.length} changed files of ${ANN} may be merged by nobody`,
      `muster merge ${ANN}, or muster discard ${ANN} --force: they stay on muster/a`,
    ]);
  }
  kept = "muster/a";
  expect(await desk.discard(ANN, true)).toEqual({ agent: ANN, kept: "muster/a" });
  expect(it.facts("worktree.closed").map((fact) => fact.kept)).toEqual(["muster/a"]);
});
