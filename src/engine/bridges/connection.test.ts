import { expect, test } from "bun:test";
import { HandClock } from "../../../test/fakes/clock.ts";
import { MEMORY_ABILITIES, MemoryBridge, MemoryPlatform } from "../../../test/fakes/memory-bridge.ts";
import type { Outgoing } from "../../core/bridges/port.ts";
import { Connection } from "./connection.ts";
import { isAllowed } from "./inbound-files.ts";

const text = (key: string, more = key): Outgoing => ({ kind: "text", chat: "7", key, text: more });

function open(rate?: { messages: number; windowMs: number }) {
  const clock = new HandClock();
  const there = new MemoryPlatform(clock, { ...MEMORY_ABILITIES, ...(rate ? { rate } : {}) });
  const connection = new Connection(new MemoryBridge("telegram", there), clock, () => {});
  return { clock, there, connection };
}

test("P89 a sending says what became of it, and how long to wait", async () => {
  const { clock, there, connection } = open();
  expect(await connection.send(text("a"))).toEqual({ is: "sent", id: "1" });
  expect(await connection.send(text("b", " "))).toEqual({ is: "never", reason: "the text is empty" });
  there.gapMs = 5000;
  expect(await connection.send(text("c"))).toEqual({ is: "wait", ms: 5000 });
  expect(connection.wait).toBe(5000);
  await clock.pass(4999);
  expect([connection.wait, await connection.send(text("c"))]).toEqual([1, { is: "wait", ms: 1 }]);
  expect(there.refusals).toEqual(["the text is empty", "429, retry after 5000"]);
  await clock.pass(1);
  expect(await connection.send(text("c"))).toEqual({ is: "sent", id: "2" });
});

test("P89 each failure in a row doubles the pause; an answer ends the trouble", async () => {
  const { clock, there, connection } = open();
  there.isDown = true;
  expect(await connection.send(text("a"))).toEqual({ is: "wait", ms: 1000, failure: "nobody answers" });
  await clock.pass(1000);
  expect(await connection.send(text("a"))).toMatchObject({ ms: 2000 });
  expect(connection.trouble).toBe("no answer, 2 in a row");
  there.isDown = false;
  await clock.pass(2000);
  expect([(await connection.send(text("a"))).is, connection.trouble]).toEqual(["sent", ""]);
  there.isDown = true;
  expect(await connection.send(text("b"))).toMatchObject({ ms: 1000 });
});

test("P85 a rate is kept without ever being refused: so many within the window, then the oldest must be over", async () => {
  const { clock, there, connection } = open({ messages: 2, windowMs: 60_000 });
  expect(connection.wait).toBe(0);
  await connection.send(text("a"));
  await clock.pass(10_000);
  expect(connection.wait).toBe(0);
  await connection.send(text("b"));
  expect(connection.wait).toBe(50_000);
  await clock.pass(49_999);
  expect(await connection.send(text("c"))).toEqual({ is: "wait", ms: 1 });
  await clock.pass(1);
  expect((await connection.send(text("c"))).is).toBe("sent");
  expect([connection.wait, there.refusals]).toEqual([10_000, []]);
});

test("P91 types are allowed by name or by family, whatever follows them", () => {
  const allowed = ["text/*", "image/png"];
  for (const mime of ["text/plain", "TEXT/HTML; charset=utf-8", "image/png"])
    expect([mime, isAllowed(mime, allowed)]).toEqual([mime, true]);
  for (const mime of ["image/jpeg", "textile/x", "", "image/png2", "application/text"])
    expect([mime, isAllowed(mime, allowed)]).toEqual([mime, false]);
});
