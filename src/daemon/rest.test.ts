import { expect, test } from "bun:test";
import type { Clock } from "../core/ports.ts";
import type { Engine } from "../engine/engine.ts";
import { collectAtRest } from "./rest.ts";

/** A clock that stands still until it is moved. */
function clockOf() {
  let now = 0;
  let sleepers: { at: number; wake: () => void }[] = [];
  const clock: Clock = {
    now: () => now,
    monotonic: () => now,
    sleep: (ms) => new Promise((wake) => sleepers.push({ at: now + ms, wake })),
  };
  const pass = async (ms: number) => {
    now += ms;
    const due = sleepers.filter(({ at }) => at <= now);
    sleepers = sleepers.filter(({ at }) => at > now);
    for (const { wake } of due) wake();
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
  };
  return { clock, pass };
}

test("memory is given back once after five seconds without a fact, and not while facts come in", async () => {
  const { clock, pass } = clockOf();
  let happen = () => {};
  const subscribe = (listener: (events: []) => void) => {
    happen = () => listener([]);
    return () => true;
  };
  let collected = 0;
  collectAtRest({ subscribe } as unknown as Engine, clock, new AbortController().signal, () => {
    collected += 1;
  });
  for (let second = 0; second < 4; second += 1) {
    await pass(4000);
    happen();
  }
  expect(collected).toBe(0);
  await pass(4999);
  expect(collected).toBe(0);
  await pass(1);
  expect(collected).toBe(1);
  await pass(60_000);
  expect(collected).toBe(1);
  happen();
  await pass(5000);
  expect(collected).toBe(2);
});
