import { afterEach, beforeEach, expect, test } from "bun:test";
import { hireOf } from "../../../test/fakes/history.ts";
import { House } from "../../../test/fakes/house.ts";
import { ORDER } from "../../../test/fakes/queue-lab.ts";
import type { Environment } from "../../core/environment.ts";
import { LEAD, PERSON, type Principal } from "../../core/ids.ts";
import { QueueDesk, type TaskWish } from "./desk.ts";

const OF_CALLER = { A: "caller" } as unknown as Environment;
const OF_LEAD = { A: "lead" } as unknown as Environment;

let it: House;
let asked: unknown[][];
let kept: unknown[][];
let desk: QueueDesk;

beforeEach(() => {
  it = new House();
  [asked, kept] = [[], []];
  desk = new QueueDesk({
    engine: it.engine,
    operations: {
      async agreed(...given) {
        asked.push(["agreed", ...given]);
        return { ...hireOf("x"), cwd: "/real/r", account: "a1" } as never;
      },
      async prepare(...given) {
        asked.push(["prepare", ...given]);
        return { ...hireOf("x"), cwd: "/real/r", account: "a2" } as never;
      },
    },
    keepEnvironment: (...given) => void kept.push(given),
    environmentOf: () => OF_LEAD,
  });
});
afterEach(() => it.end());

const add = (more: Partial<TaskWish> = {}, by: Principal = PERSON) => desk.add({ ...ORDER, prompt: "go", ...more }, by);

test("A65 a direct task is checked as a start of its CLI is, and keeps the environment of who wished it", async () => {
  expect(await add({ driver: "codex", model: "o", trust: true, environment: OF_CALLER })).toEqual({ task: 1 });
  const { after: _, ...plain } = { ...ORDER, prompt: "go", driver: "codex", model: "o" };
  expect(asked).toEqual([["agreed", { ...plain, agent: "codex", environment: OF_CALLER, trust: true }, PERSON]]);
  expect(kept).toEqual([[1, OF_CALLER]]);
  expect(it.state.queue.tasks[1]?.order).toMatchObject({
    ...{ cwd: "/real/r", driver: "codex", model: "o", after: [], account: "a1" },
  });
  expect(it.state.queue.tasks[1]?.order).not.toHaveProperty("trust");
});

test("A65 a direct task without a CLI of its own is checked as one of Claude's; without an environment none is kept", async () => {
  await add();
  expect(asked[0]?.[1]).toMatchObject({ agent: "claude" });
  expect([kept, it.facts("queue.added")]).toMatchObject([[], [{ by: "user" }]]);
});

test("A62 of a task for the lead only the folder is checked, and no environment kept", async () => {
  const { after: _, ...plain } = { ...ORDER, prompt: "go", isDirect: false };
  expect(await add({ isDirect: false, environment: OF_CALLER })).toEqual({ task: 1 });
  expect([asked, kept]).toEqual([[["prepare", { ...plain, agent: "standin" }]], []]);
  expect(it.state.queue.tasks[1]?.order).toMatchObject({ cwd: "/real/r" });
  expect(it.state.queue.tasks[1]?.order).not.toHaveProperty("account");
});

test("A57 what the lead adds itself runs with the lead's environment", async () => {
  const { agent: _, ...hire } = hireOf(LEAD);
  it.dispatch({ do: "summon", hire });
  await add({ environment: OF_CALLER }, { kind: "agent", agent: LEAD });
  expect(kept).toEqual([[1, OF_LEAD]]);
  expect(asked[0]?.[1]).toMatchObject({ environment: OF_LEAD });
});
