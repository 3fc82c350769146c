import { expect, test } from "bun:test";
import { Turns } from "./turns.ts";

/** A browser whose frames come when the test says so. */
function hand() {
  let due: ((at: number) => void) | null = null;
  let at = 0;
  const turns = new Turns({
    next: (work) => {
      due = work;
    },
  });
  const drawn: string[] = [];
  const [keys, asked] = [new Map<string, object>(), new Set<string>()];
  const ask = (name: string) => {
    if (!keys.has(name)) keys.set(name, {});
    asked.add(name);
    turns.ask(keys.get(name) as object, () => drawn.push(name));
  };
  /** One frame that began so many milliseconds after the last one: who was drawn. */
  const frame = (ms: number): string => {
    at += ms;
    const work = due;
    due = null;
    work?.(at);
    return drawn.splice(0).join("");
  };
  return {
    turns,
    ask,
    frame,
    leave: (name: string) => turns.leave(keys.get(name) as object),
    isIdle: () => due === null,
  };
}

const ALL = [..."abcdefghi"];

test("while frames are short all are drawn in each, and nothing is asked of the browser when nobody waits", () => {
  const { ask, frame, isIdle } = hand();
  expect(isIdle()).toBe(true);
  for (let n = 0; n < 3; n++) {
    for (const name of ALL) ask(name);
    expect(frame(16)).toBe("abcdefghi");
  }
  expect(isIdle()).toBe(true);
});

test("after long frames fewer are drawn in one, each in its turn, and none is left out", () => {
  const { ask, frame } = hand();
  const seen: string[] = [];
  let took = 16;
  for (let n = 0; n < 40; n++) {
    for (const name of ALL) ask(name);
    const drawn = frame(took);
    seen.push(drawn);
    took = 12 * Math.max(1, drawn.length);
  }
  expect(seen.slice(8).filter((drawn) => drawn.length > 2).length).toBeLessThan(2);
  const late = seen.slice(-20).join("");
  for (const name of ALL) expect(late.split(name).length - 1).toBeGreaterThanOrEqual(2);
});

test("one that alone takes longer than a frame leaves frames free between", () => {
  const { ask, frame } = hand();
  const seen: string[] = [];
  let took = 16;
  for (let n = 0; n < 40; n++) {
    ask("a");
    const drawn = frame(took);
    seen.push(drawn || "-");
    took = drawn ? 50 : 16;
  }
  expect(seen.slice(-9).join("")).toMatch(/a--a--a/);
});

test("who asks again is drawn once with the newest work, and who leaves is not drawn", () => {
  const { ask, frame, leave } = hand();
  ask("a");
  ask("a");
  ask("b");
  leave("b");
  expect(frame(16)).toBe("a");
});
