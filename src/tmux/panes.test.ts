import { expect, test } from "bun:test";
import { type Exit, Panes } from "./panes.ts";

/** Panes over a tmux that shows one ended program, and over the exit lines that it wrote. */
function panesOver(onExit: (exit: Exit) => void, lines: string): Panes {
  const server = {
    identity: "7 1",
    isUp: async () => true,
    ask: async () => [["%1 99999999 1 0 s3 g 1 a1"]],
    run: async () => {},
    checkAnswering: async () => {},
    keepSocket: () => {},
  };
  const logs = {
    async *watch() {
      for (const line of lines.split("\n")) yield { bytes: Buffer.from(`${line}\n`) };
    },
  };
  return new Panes(server as never, "/nowhere", logs as never, { onExit }, 3_600_000);
}

test("an end that could not be taken down, as on a full disk, is told again by the next round", async () => {
  const told: Exit[] = [];
  let isFull = true;
  const panes = panesOver((exit) => {
    if (isFull) throw new Error("database or disk is full");
    told.push(exit);
  }, "7 1 %1 s3 g");
  await panes.look();
  // The line about it is read while there is no room either; whoever reads the lines goes on.
  panes.begin();
  await panes.look();
  expect(told).toEqual([]);
  isFull = false;
  await panes.look();
  await panes.look();
  panes.stop();
  expect(told).toEqual([{ agent: "a1", incarnation: 1, code: 3, signal: null }]);
});
