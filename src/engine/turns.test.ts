import { expect, test } from "bun:test";
import { Turns } from "./turns.ts";

let now = 0;
const turns = (atOnce = 2) => new Turns(() => now, atOnce);
const all = () => true;

test("only so many have their turn at once; who is at work counts", async () => {
  const it = turns();
  for (const id of ["a", "b", "c"]) it.add(id);
  expect(it.next(all)).toEqual(["a", "b"]);
  const gate = Promise.withResolvers<void>();
  const working = it.take("a", async () => {
    await gate.promise;
    return {};
  });
  expect(it.next(all)).toEqual(["b"]);
  gate.resolve();
  await working;
  expect(it.next(all)).toEqual(["b", "c"]);
});

test("those of whom something was told come first, then those whose sleep is over, then the rest; each once", async () => {
  const it = turns(9);
  for (const id of ["old", "told", "slept"]) it.addLast(id);
  it.again("slept", 1000);
  it.again("sleeps", 5000);
  it.add("told");
  now += 950;
  expect(it.next(all)).toEqual(["told", "slept", "old"]);
  await it.take("told", async () => ({}));
  expect(it.next(all)).toEqual(["slept", "old"]);
});

test("what is told during a turn is another turn", async () => {
  const it = turns();
  it.add("a");
  await it.take("a", async () => {
    it.add("a");
    return {};
  });
  expect(it.next(all)).toEqual(["a"]);
});

test("one that fails sleeps a moment, and keeps no other from its turn; the failure goes on", async () => {
  const it = turns(1);
  for (const id of ["bad", "good"]) it.add(id);
  const fail = async () => {
    throw new Error("no disk");
  };
  expect(await it.take("bad", fail).catch((error: Error) => error.message)).toBe("no disk");
  expect(it.next(all)).toEqual(["good"]);
  await it.take("good", async () => ({}));
  expect(it.next(all)).toEqual([]);
  now += 1000;
  expect(it.next(all)).toEqual(["bad"]);
});

test("those to whom nothing is owed are let go, wherever they waited", () => {
  const it = turns();
  it.add("gone");
  it.addLast("over");
  it.addLast("kept");
  expect(it.next((id) => id === "kept")).toEqual(["kept"]);
  expect(it.next(all)).toEqual(["kept"]);
});
