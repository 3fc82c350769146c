import { expect, test } from "bun:test";
import { HandClock } from "../../test/fakes/clock.ts";
import type { Engine } from "../engine/engine.ts";
import { collectAtRest } from "./rest.ts";

test("memory is given back once after five seconds without a fact, and not while facts come in", async () => {
  const clock = new HandClock();
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
    await clock.pass(4000);
    happen();
  }
  expect(collected).toBe(0);
  await clock.pass(4999);
  expect(collected).toBe(0);
  await clock.pass(1);
  expect(collected).toBe(1);
  await clock.pass(60_000);
  expect(collected).toBe(1);
  happen();
  await clock.pass(5000);
  expect(collected).toBe(2);
});
