import { afterEach, beforeEach, expect, test } from "bun:test";
import { Connection } from "./connection.ts";

/** Stands for the browser's WebSocket. */
class FakeSocket {
  static opened: FakeSocket[] = [];
  static onopened = () => {};
  readyState = 1;
  sent: string[] = [];
  onmessage: (event: { data: unknown }) => void = () => {};
  onclose: (event: { code: number }) => void = () => {};

  constructor(readonly url: string) {
    FakeSocket.opened.push(this);
    FakeSocket.onopened();
  }

  send(text: string): void {
    this.sent.push(text);
  }

  close(): void {}

  frame(offset: number, text: string): void {
    const bytes = new Uint8Array(8 + text.length);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(offset));
    bytes.set(new TextEncoder().encode(text), 8);
    this.onmessage({ data: bytes.buffer });
  }
}

const real = { WebSocket: globalThis.WebSocket, location: globalThis.location };
let shown = "";
let told: string[] = [];
let connection: Connection;
const last = () => FakeSocket.opened.at(-1) as FakeSocket;

beforeEach(() => {
  Object.assign(FakeSocket, { opened: [], onopened: () => {}, OPEN: 1 });
  Object.assign(globalThis, { WebSocket: FakeSocket, location: { origin: "http://127.0.0.1:1" } });
  [shown, told] = ["", []];
  connection = new Connection("a0000001", "token", {
    bytes: (bytes, done) => {
      shown += new TextDecoder().decode(bytes);
      done();
    },
    size: (cols, rows) => told.push(`${cols}x${rows}`),
    ended: (status) => told.push(status),
    skipped: () => {
      shown = "";
    },
    refused: (reason) => told.push(reason),
    loggedOut: () => told.push("logged out"),
  });
});
afterEach(() => {
  connection.close();
  Object.assign(globalThis, real);
});

test("what was shown already is cut from a frame, and a gap begins a new screen", () => {
  last().frame(0, "abc");
  last().frame(1, "bcde");
  expect(shown).toBe("abcde");
  last().frame(2, "cd");
  expect(shown).toBe("abcde");
  last().frame(9, "xyz");
  expect(shown).toBe("xyz");
});

test("every 64 KB that are shown are acknowledged", () => {
  last().frame(0, "x".repeat(60_000));
  expect(last().sent).toEqual([]);
  last().frame(60_000, "x".repeat(10_000));
  expect(last().sent).toEqual(['{"type":"ack","offset":70000}']);
});

test("a lost connection is opened again where it was; an ended login and an unknown agent are not", async () => {
  last().frame(0, "abc");
  const again = new Promise<void>((done) => {
    FakeSocket.onopened = done;
  });
  last().onclose({ code: 1006 });
  await again;
  expect(last().url).toBe("ws://127.0.0.1:1/api/terminal/a0000001?from=3");
  last().onclose({ code: 4401 });
  last().onclose({ code: 4404 });
  expect(told).toEqual(["logged out", "there is no such agent"]);
  expect(FakeSocket.opened.length).toBe(2);
});

test("after a skip the count goes on where the server says", () => {
  last().frame(0, "abc");
  last().onmessage({ data: '{"type":"skipped","from":3,"to":100}' });
  last().frame(100, "new");
  expect(shown).toBe("new");
});
