import { expect, test } from "bun:test";
import { PairHouse } from "../../../test/fakes/pair-house.ts";
import type { CheckOrder } from "../../core/errands/card.ts";
import { EvidenceDesk } from "./evidence.ts";

const LOG = ".muster/work/logs/evrun-20231114-221320.log";
const CODES: Record<string, number | null> = { "bun test": 0, "bun lint": 2, slow: null };

async function judged(lines: [line: string, isAllowed?: boolean, limit?: number][]) {
  const house = new PairHouse();
  const ran: CheckOrder[] = [];
  const desk = new EvidenceDesk({
    clock: house.clock,
    dispatch: (command, by) => void house.dispatch(command, by),
    folder: async () => "/r",
    environment: () => ({ PATH: "/own", SECRET: "x" }),
    ending: new AbortController().signal,
    checks: {
      open: async (repo, name) => `${repo}/.muster/work/logs/${name}.log`,
      run: async (order) => {
        ran.push(order);
        await house.clock.pass(1500);
        return CODES[order.line] ?? null;
      },
    },
  });
  const checks = lines.map(([run, allow_failure, timeout_sec], n) => ({
    name: `c${n}`,
    run,
    allow_failure,
    timeout_sec,
  }));
  const verdict = await desk.run({ repo: ".", card: { title: "Cache", kind: "feature", checks } });
  const [fact] = house.facts("evidence.validated");
  await house.end();
  return { verdict, ran, fact };
}

test("P12 every check is run in the repository, each with its time, and the verdict is a fact", async () => {
  const { verdict, ran, fact } = await judged([["bun test"], ["bun lint", true, 5]]);
  expect(ran.map(({ line, cwd, env, limitMs, log }) => ({ line, cwd, env, limitMs, log }))).toEqual([
    {
      line: "bun test",
      cwd: "/r",
      env: { PATH: "/own" },
      limitMs: 120_000,
      log: `/r/${LOG}`,
    },
    {
      line: "bun lint",
      cwd: "/r",
      env: { PATH: "/own" },
      limitMs: 5000,
      log: `/r/${LOG}`,
    },
  ]);
  expect(verdict).toEqual({
    ...{ title: "Cache", kind: "feature", isPassed: true, log: LOG },
    checks: [
      { name: "c0", code: 0, millis: 1500, isAllowed: false },
      { name: "c1", code: 2, millis: 1500, isAllowed: true },
    ],
  });
  expect(fact).toMatchObject({ repo: "/r", ...verdict });
});

test("P12 a failure that is not allowed, and a check out of its time, fail the card; the rest is run all the same", async () => {
  const failed = await judged([["bun lint"], ["bun test"]]);
  expect(failed.verdict.isPassed).toBe(false);
  expect(failed.ran).toHaveLength(2);
  expect((await judged([["slow"]])).verdict.isPassed).toBe(false);
  expect((await judged([["slow", true]])).verdict.isPassed).toBe(true);
});
