import { expect, test } from "bun:test";
import { join } from "node:path";
import { BRIDGES } from "../../src/bridges/registry.ts";
import { HandClock } from "../fakes/clock.ts";
import { MEMORY_ABILITIES, MemoryBridge, MemoryPlatform } from "../fakes/memory-bridge.ts";
import { isTest, ROOT, sourcesIn } from "../sources.ts";
import { type BridgeBench, bridgeContract } from "./bridge.ts";

async function openMemory(): Promise<BridgeBench> {
  const clock = new HandClock();
  const there = new MemoryPlatform(clock, MEMORY_ABILITIES);
  there.gapMs = 1000;
  const bridge = new MemoryBridge("telegram", there);
  return {
    ...{ bridge, chat: "7" },
    again: () => new MemoryBridge("telegram", there),
    write: (text, more) => bridge.update(text, more),
    shown: async () => there.texts(),
    pause: () => clock.pass(1000),
    close: async () => {},
  };
}

bridgeContract("memory", openMemory);

test("every bridge of the registry passes the contract: a new one without it fails here", () => {
  const tests = sourcesIn(join(ROOT, "test")).filter(({ path }) => isTest(path));
  const shown = tests.flatMap(({ text }) => [...text.matchAll(/^bridgeContract\("(\w+)"/gm)].map(([, name]) => name));
  expect(shown.filter((name) => name !== "memory").sort()).toEqual(Object.keys(BRIDGES).sort());
});
