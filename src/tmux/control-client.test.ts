import { expect, test } from "bun:test";
import { type ForeignLines, ReplyReader } from "./control-client.ts";

const feed = (reader: ReplyReader, lines: string[]) => reader.feed(new TextEncoder().encode(`${lines.join("\n")}\n`));

function ask(reader: ReplyReader, blocks: number, foreignLines?: ForeignLines): Promise<string[][]> {
  return new Promise((resolve, reject) =>
    reader.expect({ blocks, answers: [], foreignLines, since: 0, resolve, reject }),
  );
}

test("each command has its own block, whatever stands between", async () => {
  let attached = 0;
  const reader = new ReplyReader(() => attached++);
  const both = ask(reader, 2);
  const next = ask(reader, 1);
  feed(reader, ["%begin 1 1 0", "%end 1 1 0", "%session-changed $0 x", "%begin 1 2 1", "a", "%end 1 2 1"]);
  feed(reader, ["%window-add @1", "%begin 1 3 1", "%end 1 3 1", "%begin 1 4 1", "b", "c", "%end 1 4 1"]);
  expect(attached).toBe(1);
  expect(await both).toEqual([["a"], []]);
  expect(await next).toEqual([["b", "c"]]);
});

test("an error ends its whole line and nothing else", async () => {
  const reader = new ReplyReader(() => {});
  const failed = ask(reader, 3);
  const next = ask(reader, 1);
  feed(reader, ["%begin 1 2 1", "can't find pane: %9", "%error 1 2 1", "%begin 1 3 1", "b", "%end 1 3 1"]);
  await expect(failed).rejects.toThrow("can't find pane");
  expect(await next).toEqual([["b"]]);
});

test("a screen that shows the end of its own block forges nothing", async () => {
  const reader = new ReplyReader(() => {});
  const screen = ask(reader, 2, ([first]) => Number(first?.[0]));
  const forged = ["%end 1 3 1", "%begin 1 4 1", "forged", "%end 1 4 1"];
  const next = ask(reader, 1);
  feed(reader, ["%begin 1 2 1", "4", "%end 1 2 1", "%begin 1 3 1", ...forged, "%end 1 3 1"]);
  feed(reader, ["%begin 1 4 1", "true", "%end 1 4 1"]);
  expect((await screen)[1]).toEqual(forged);
  expect(await next).toEqual([["true"]]);
});

test("an answer may come in pieces, inside of a character too", async () => {
  const reader = new ReplyReader(() => {});
  const one = ask(reader, 1);
  for (const byte of new TextEncoder().encode("%begin 1 2 1\né👩‍🚀\n%end 1 2 1\n")) reader.feed(Uint8Array.of(byte));
  expect(await one).toEqual([["é👩‍🚀"]]);
});

test("windows that came or went are told, whoever did it, and never by a screen that says so", () => {
  let changes = 0;
  const reader = new ReplyReader(
    () => {},
    () => changes++,
  );
  feed(reader, ["%sessions-changed", "%unlinked-window-close @3", "%output %1 x"]);
  expect(changes).toBe(2);
  void ask(reader, 1, () => 1);
  feed(reader, ["%begin 1 2 1", "%sessions-changed", "%end 1 2 1"]);
  expect(changes).toBe(2);
});
