import { afterEach, beforeEach, expect, test } from "bun:test";
import { connect } from "node:net";
import { openClient } from "../../src/client/client.ts";
import { factsBySocket } from "../../src/client/event-socket.ts";
import { readEvents } from "../../src/client/event-stream.ts";
import type { Snapshot } from "../../src/core/api.ts";
import { observe } from "../../src/core/commands.ts";
import type { Event } from "../../src/core/facts.ts";
import { DAEMON, PERSON } from "../../src/core/ids.ts";
import { type Light, openLight, SECRET } from "./light.ts";

const ANN = "a0000001";
let light: Light;

beforeEach(() => {
  light = openLight();
  light.hire(ANN);
});
afterEach(() => light.stop());

const note = (text: string) =>
  light.engine.dispatch(observe({ type: "notice.raised", level: "info", text }), DAEMON).at(-1)?.seq ?? 0;

const client = () => openClient({ url: light.url, token: SECRET });

/** Everything of a stream until the fact `last`. */
async function until(last: number, after?: number): Promise<{ first: Snapshot | null; seqs: number[] }> {
  const ending = new AbortController();
  const seqs: number[] = [];
  let first: Snapshot | null = null;
  for await (const one of client().events(after, ending.signal)) {
    if ("state" in one) first = one;
    else seqs.push(one.seq);
    if (one.seq >= last) break;
  }
  ending.abort();
  return { first, seqs };
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, n) => from + n);

test("A81 readers that come while facts stream in get every one once, after their snapshot", async () => {
  const last = light.engine.state.seq + 2000;
  const readers = [until(last)];
  for (let n = 0; n < 2000; n++) {
    note(`n ${n}`);
    if (n % 100 === 50) readers.push(until(last));
    // Requests are taken in between.
    if (n % 10 === 0) await new Promise((done) => setImmediate(done));
  }
  expect(light.engine.state.seq).toBe(last);
  for (const { first, seqs } of await Promise.all(readers)) {
    expect(first?.seq).toBeLessThanOrEqual(last);
    expect(seqs).toEqual(range((first?.seq ?? 0) + 1, last));
  }
});

test("F39 A81 who comes back with its last id gets what it missed, without a snapshot", async () => {
  const before = light.engine.state.seq;
  const last =
    range(1, 50)
      .map((n) => note(`n ${n}`))
      .at(-1) ?? 0;
  expect(await until(last, before)).toEqual({ first: null, seqs: range(before + 1, last) });
});

test("F39 who missed too much, or knows another log, gets a snapshot that says so", async () => {
  const before = light.engine.state.seq;
  for (let n = 0; n <= 5000; n++) note("x");
  const { seq } = light.engine.state;
  expect((await until(seq, before)).first).toMatchObject({ gap: true, seq });
  expect((await until(seq, seq + 10)).first).toMatchObject({ gap: true, seq });
  expect((await until(seq)).first).not.toHaveProperty("gap");
});

test("facts on the stream carry their number as id and no bodies", async () => {
  const { seq } = light.engine.state;
  const headers = { ...light.bearer(), "last-event-id": String(seq) };
  const answer = await fetch(`${light.url}/api/events`, { headers });
  light.parts.operations.send({ to: ANN, text: "a body that stays in the log" }, PERSON);
  for await (const { event, data } of readEvents(answer)) {
    const fact = JSON.parse(data) as Event<"message.queued">;
    expect([event, fact.type, fact.seq]).toEqual(["fact", "message.queued", seq + 1]);
    expect(fact).not.toHaveProperty("body");
    break;
  }
});

const UPGRADE = `Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${btoa("0123456789abcdef")}\r\n`;

for (const [way, upgrade] of [
  ["an answer", ""],
  ["a socket", UPGRADE],
] as const)
  test(`F25 a reader by ${way} that lags is dropped after a megabyte, and the others are not`, async () => {
    const slow = connect(light.port, "127.0.0.1");
    const opened = Promise.withResolvers<void>();
    slow.once("data", () => {
      slow.pause();
      opened.resolve();
    });
    const head = `GET /api/events HTTP/1.1\r\nHost: ${light.host}\r\nAuthorization: Bearer ${SECRET}\r\n`;
    slow.write(`${head}${upgrade}\r\n`);
    await opened.promise;
    const text = "x".repeat(16_000);
    const last = light.engine.state.seq + 2000;
    const fast = until(last);
    for (let n = 0; n < 2000; n++) {
      note(text);
      if (n % 20 === 0) await new Promise((done) => setImmediate(done));
    }
    expect((await fast).seqs.at(-1)).toBe(last);
    let got = "";
    const ended = new Promise((done) => slow.on("close", done));
    slow.on("data", (bytes) => {
      got = (got + bytes.toString("latin1")).slice(-100_000);
    });
    slow.on("error", () => {});
    slow.resume();
    await ended;
    expect(got).not.toContain(`"seq":${last}`);
  });

test("F25 A81 by socket a page gets a long snapshot whole, then each fact once, and resumes by its last number", async () => {
  for (let n = 0; n < 1200; n++) light.hire(`b${String(n).padStart(7, "0")}`);
  const before = light.engine.state.seq;
  const token = SECRET;
  const stream = (after: number | undefined, signal: AbortSignal) =>
    factsBySocket({ url: light.url, token }, after, signal);
  const page = openClient({ url: light.url, token, stream });
  const ending = new AbortController();
  const seqs: number[] = [];
  for await (const { state, facts, isFresh } of page.follow(ending.signal)) {
    if (isFresh) {
      expect([state.seq, Object.keys(state.agents).length]).toEqual([before, 1201]);
      for (let n = 0; n < 10; n++) note("before");
      light.server.stop();
      for (let n = 0; n < 10; n++) note("after");
    }
    seqs.push(...facts.map((fact) => fact.seq));
    if (state.seq >= before + 20) break;
  }
  ending.abort();
  expect(seqs).toEqual(range(before + 1, before + 20));
  const wrong = openClient({
    url: light.url,
    token: "x",
    stream: (after, signal) => factsBySocket({ url: light.url, token: "x" }, after, signal),
  });
  const refused = wrong.events(undefined, new AbortController().signal)[Symbol.asyncIterator]().next();
  expect(refused).rejects.toMatchObject({ code: "forbidden" });
});

test("a long state is packed for a browser that takes that, and is the same to everybody", async () => {
  for (let n = 0; n < 100; n++) light.hire(`b${String(n).padStart(7, "0")}`);
  const ask = async (encoding: string, more: object = {}, url = light.url) => {
    const headers = { ...light.bearer(), "accept-encoding": encoding };
    const answer = await fetch(`${url}/api/state`, { headers, ...more });
    const { state } = (await answer.json()) as Snapshot;
    return [answer.headers.get("content-encoding"), Object.keys(state.agents).length];
  };
  expect(await ask("gzip, br")).toEqual(["gzip", 101]);
  expect(await ask("identity")).toEqual([null, 101]);
  expect(await ask("gzip", { unix: light.socket }, "http://muster")).toEqual([null, 101]);
});

test("F25 a line that says nothing, not even its beat, is given up as dead", async () => {
  const silent = Bun.serve({
    ...{ hostname: "127.0.0.1", port: 0, websocket: { message() {} } },
    fetch: (request, it) => {
      it.upgrade(request);
    },
  });
  const place = { url: `http://127.0.0.1:${silent.port}`, token: SECRET };
  const answer = await factsBySocket(place, undefined, new AbortController().signal, 20);
  expect(await answer.text()).toBe("");
  await silent.stop(true);
});

test("the client follows over a lost connection and misses nothing", async () => {
  const ending = new AbortController();
  const seqs: number[] = [];
  const heard: boolean[] = [];
  let first = 0;
  const last = light.engine.state.seq + 20;
  for await (const { state, facts, isFresh } of client().follow(ending.signal, (is) => heard.push(is))) {
    if (isFresh) {
      first = state.seq;
      for (let n = 0; n < 10; n++) note("before");
      light.server.stop();
      for (let n = 0; n < 10; n++) note("after");
    }
    seqs.push(...facts.map((fact) => fact.seq));
    if (state.seq >= last) break;
  }
  ending.abort();
  expect(seqs).toEqual(range(first + 1, last));
  expect(heard.slice(0, 3)).toEqual([true, false, true]);
});

test("the client turns error answers into refusals, and a missing daemon into one with a hint", async () => {
  const refusal = (work: Promise<unknown>) =>
    work.then(
      () => null,
      (error) => [error.code, error.hint !== ""],
    );
  expect(await refusal(client().get("/api/jobs/ffffffff"))).toEqual(["missing", true]);
  expect(await refusal(openClient({ url: light.url, token: "x" }).get("/api/jobs"))).toEqual(["forbidden", true]);
  expect(await refusal(client().post("/api/actions/jobs", { prompt: 1 }))).toEqual(["usage", true]);
  expect(await refusal(openClient({ socket: `${light.socket}x` }).get("/api/health"))).toEqual(["unreachable", true]);
});

test("the client reads a whole record over the socket, and follows a terminal", async () => {
  const whole = "0123456789".repeat(250_000);
  light.print(ANN, whole);
  const it = openClient({ socket: light.socket });
  let got = "";
  for await (const bytes of it.bytes(`/api/jobs/${ANN}/output?from=0`)) got += Buffer.from(bytes).toString();
  expect(got === whole).toBe(true);
  const ending = new AbortController();
  for await (const { offset, bytes } of it.terminal(ANN, ending.signal, whole.length - 3)) {
    expect([offset, Buffer.from(bytes).toString()]).toEqual([whole.length - 3, "789"]);
    break;
  }
  ending.abort();
});
