import { afterEach, beforeEach, expect, test } from "bun:test";
import { unframed } from "../../src/client/terminal.ts";
import { observe } from "../../src/core/commands.ts";
import { DAEMON } from "../../src/core/ids.ts";
import { type Light, openLight, SECRET } from "./light.ts";

const ANN = "a0000001";
let light: Light;

beforeEach(() => {
  light = openLight();
  light.hire(ANN);
});
afterEach(() => light.stop());

/** A viewer by hand: what it was sent, and ways to wait for it. */
function viewer(query = "", agent = ANN) {
  const socket = new WebSocket(`ws://${light.host}/api/terminal/${agent}${query}`, ["muster.v1", `bearer.${SECRET}`]);
  socket.binaryType = "arraybuffer";
  const frames: { offset: number; bytes: Uint8Array }[] = [];
  const notes: Record<string, unknown>[] = [];
  let wake = () => {};
  const closed = new Promise<number>((done) => {
    socket.onclose = ({ code }) => done(code);
  });
  socket.onmessage = ({ data }) => {
    if (typeof data === "string") notes.push(JSON.parse(data));
    else frames.push(unframed(data));
    wake();
  };
  const end = () => (frames.at(-1)?.offset ?? 0) + (frames.at(-1)?.bytes.length ?? 0);
  const when = async (isSo: () => boolean) => {
    while (!isSo())
      await new Promise<void>((done) => {
        wake = done;
      });
  };
  const send = (wish: object) => socket.send(JSON.stringify(wish));
  /** Resolves when the server has heard it: wishes are taken in order, and a resize is answered. */
  const acked = async (offset: number) => {
    send({ type: "ack", offset });
    send({ type: "resize", cols: 90, rows: 20 });
    await when(() => notes.some((note) => note.cols === 90));
  };
  return { acked, socket, frames, notes, end, when, send, closed, opened: () => when(() => notes.length > 0) };
}

test("A82 A-fault 24: a viewer gets the size, then the record from its start, then what is printed, each byte once", async () => {
  light.print(ANN, "first ");
  const it = viewer();
  await it.when(() => it.end() === 6);
  light.print(ANN, "second");
  await it.when(() => it.end() === 12);
  expect(it.notes[0]).toEqual({ type: "size", cols: 80, rows: 24 });
  expect(it.frames.map(({ offset }) => offset)).toEqual([0, 6]);
  expect(Buffer.concat(it.frames.map(({ bytes }) => bytes)).toString()).toBe("first second");
  expect(it.socket.protocol).toBe("muster.v1");
  it.socket.close();
});

test("A82 a long record begins 256 KB before its end, at the start of a line; an offset begins there", async () => {
  const line = `${"x".repeat(99)}\n`;
  light.print(ANN, line.repeat(10_000));
  const it = viewer();
  await it.when(() => it.end() === 1_000_000);
  const start = it.frames[0]?.offset ?? 0;
  expect(start).toBeGreaterThanOrEqual(1_000_000 - 256 * 1024);
  expect(start).toBeLessThan(1_000_000 - 256 * 1024 + 100);
  expect(it.frames[0]?.bytes[0]).toBe(10);
  const other = viewer("?from=999950");
  await other.when(() => other.end() === 1_000_000);
  expect(other.frames[0]?.offset).toBe(999_950);
  for (const { socket } of [it, other]) socket.close();
});

test("who acknowledges is sent at most 512 KB ahead, and everything in the end", async () => {
  light.print(ANN, "y");
  const it = viewer();
  await it.when(() => it.end() === 1);
  await it.acked(1);
  light.print(ANN, "x".repeat(2_000_000));
  await it.when(() => it.end() > 512 * 1024);
  // Whatever else was on its way is here once the server has answered something later.
  await (await fetch(`${light.url}/healthz`)).text();
  const ahead = it.end();
  expect(ahead).toBeLessThanOrEqual(1 + 512 * 1024 + 64 * 1024);
  it.socket.onmessage = ({ data }) => {
    const frame = unframed(data);
    it.frames.push(frame);
    it.send({ type: "ack", offset: frame.offset + frame.bytes.length });
  };
  it.send({ type: "ack", offset: ahead });
  const ending = AbortSignal.timeout(4000);
  while (it.end() < 2_000_001 && !ending.aborted) await (await fetch(`${light.url}/healthz`)).text();
  expect(it.end()).toBe(2_000_001);
  let next = 0;
  for (const { offset, bytes } of it.frames) {
    expect(offset).toBe(next);
    next += bytes.length;
  }
  it.socket.close();
});

test("a viewer more than 4 MB behind is taken to the end, and told what it missed", async () => {
  light.print(ANN, "y");
  const it = viewer();
  await it.when(() => it.end() === 1);
  await it.acked(1);
  light.print(ANN, "x".repeat(1_000_000));
  await it.when(() => it.end() > 512 * 1024);
  light.print(ANN, "z".repeat(6_000_000));
  const stalled = it.end();
  it.send({ type: "ack", offset: stalled });
  await it.when(() => it.notes.some((one) => one.type === "skipped"));
  const skipped = it.notes.find((one) => one.type === "skipped");
  expect(skipped?.to).toBe(7_000_001 - 256 * 1024);
  await it.when(() => it.end() === 7_000_001);
  it.socket.close();
});

test("A82 keys and lines are typed in order, and never while a delivery holds the terminal", async () => {
  const release = await light.leases.take(ANN);
  const it = viewer();
  await it.opened();
  it.send({ type: "keys", data: "a\u001b[A" });
  it.send({ type: "input", data: "line\u0007 of text" });
  it.send({ type: "keys", data: "b" });
  it.send({ type: "resize", cols: 100, rows: 30 });
  // The resize needs no lease: its answer shows that the keys were heard before it.
  await it.when(() => it.notes.some((one) => one.cols === 100));
  expect(light.pressed).toEqual([]);
  const waits = light.leases.take(ANN);
  release();
  (await waits)();
  expect(light.pressed.map(({ keys }) => keys)).toEqual([
    [{ text: "a\u001b[A" }],
    [{ text: "line\ufffd of text" }],
    [{ key: "Enter" }],
    [{ text: "b" }],
  ]);
  it.socket.close();
});

test("the end of a program is told, and its next beginning", async () => {
  const it = viewer();
  await it.opened();
  light.engine.dispatch(
    observe({ type: "terminal.exited", agent: ANN, incarnation: 1, code: 3, signal: null }),
    DAEMON,
  );
  await it.when(() => it.notes.some((one) => one.type === "completed"));
  expect(it.notes.at(-1)).toEqual({ type: "completed", status: "failed" });
  const late = viewer();
  await late.opened();
  expect(late.notes[0]).toEqual({ type: "completed", status: "failed" });
  it.send({ type: "keys", data: "x" });
  await it.when(() => it.notes.some((one) => one.type === "refused"));
  for (const { socket } of [it, late]) socket.close();
});

test("an agent that nobody knows closes with 4404", async () => {
  expect(await viewer("", "ffffffff").closed).toBe(4404);
});
